"""manage.py itself: what is wrong is told in one line, without a traceback."""

import subprocess
import sys

import pytest

from aiexports.embedded.folder import PROJECT
from tests.aiexports.processes import own_environment


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=own_environment(**environment), capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    ("arguments", "environment", "complaint"),
    [
        (["up"], {"PORT": "abc"}, "PORT must be a whole number, not 'abc'.\n"),
        (
            ["migrate"],
            {"PORTAL_PG_BIN": "/nowhere"},
            "PORTAL_PG_BIN=/nowhere has no program postgres; name the folder that has it.\n",
        ),
        (
            ["migrate"],
            {"DATABASE_URL": "postgresql://portal_app@db/portal", "REDIS_URL": "redis://cache:6379/0"},
            "Set SECRET_KEY; see README, 'A real installation'.\n",
        ),
    ],
    ids=["wrong value", "missing program", "missing secret"],
)
def test_trouble_is_one_line(tmp_path, arguments, environment, complaint):
    done = manage(*arguments, **environment, PORTAL_DATA=str(tmp_path / "data"))
    assert (done.returncode, done.stdout, done.stderr) == (1, "", complaint)


def test_help_starts_no_server(tmp_path):
    done = manage("migrate", "--help", PORTAL_DATA=str(tmp_path / "data"))
    assert done.returncode == 0
    assert not (tmp_path / "data").exists()


def test_without_the_packages_the_way_to_get_them_is_told(tmp_path):
    """A Python that has nothing installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", "import sys; sys.path.insert(0, '.'); import manage; manage.main()"],
        cwd=PROJECT,
        env=own_environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == (
        "No module named 'celery': run `make environment`, then use .venv/bin/python manage.py or `make manage ARGS=…`.\n"
    )
