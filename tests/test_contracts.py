"""The import contracts of pyproject.toml hold, and break when somebody breaks them."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The rooms' modules in a folder where faults may be planted."""
    target = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(PROJECT / room, target / room, ignore=shutil.ignore_patterns("__pycache__", "data", "locale"))
    shutil.copy(PROJECT / "pyproject.toml", target)
    return target


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def test_the_contracts_hold(copy):
    done = lint(copy)
    assert done.returncode == 0, done.stdout
    assert "Contracts: 2 kept, 0 broken." in done.stdout


@pytest.mark.parametrize(
    ("module", "imported", "broken"),
    [
        ("core/actors.py", "buyers.models", "core is not allowed to import buyers"),
        ("packages/models.py", "matching.states", "packages is not allowed to import matching"),
        ("organizations/models.py", "aiexports.env", "organizations is not allowed to import aiexports"),
        ("core/selectors.py", "core.actions", "core.selectors is not allowed to import core.actions"),
        ("core/states.py", "core.models", "core.states is not allowed to import core.models"),
        ("core/views.py", "core.tasks", "core.views is not allowed to import core.tasks"),
        ("core/actions.py", "core.views", "core.actions is not allowed to import core.views"),
    ],
)
def test_a_planted_fault_breaks_them(copy, module, imported, broken):
    path = copy / module
    whole = path.read_text()
    path.write_text(f"{whole}\nimport {imported}\n")
    try:
        done = lint(copy)
    finally:
        path.write_text(whole)
    assert done.returncode == 1
    assert broken in done.stdout
