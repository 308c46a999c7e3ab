"""docs/states.md is what the code says."""

import pytest
from django.core.management import CommandError, call_command

from aiexports.management.commands import docs


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "STATES", tmp_path / "states.md")
    return tmp_path / "states.md"


def test_the_stored_document_is_what_the_code_says():
    call_command("docs", "--check")


def test_a_missing_document_and_a_stale_one_are_told(elsewhere):
    with pytest.raises(CommandError, match="make manage ARGS=docs"):
        call_command("docs", "--check")
    call_command("docs")
    call_command("docs", "--check")
    elsewhere.write_text(elsewhere.read_text() + "\n")
    with pytest.raises(CommandError):
        call_command("docs", "--check")
