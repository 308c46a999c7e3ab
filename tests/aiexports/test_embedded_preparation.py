"""What comes between the servers' start and the web's: each part once, and again when it was cut."""

import pytest
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.db import OperationalError, connections

from aiexports.embedded import preparation
from aiexports.embedded.trouble import Trouble
from aiexports.management.commands import migrate
from tests.database import as_owner


@pytest.fixture
def seed(monkeypatch):
    """A seed_demo command that fails the first time, and whether the database says that it is loaded."""

    class Seed(BaseCommand):
        runs = 0

        def handle(self, *args, **options):
            Seed.runs += 1
            if Seed.runs == 1:
                raise RuntimeError("cut")

    monkeypatch.setitem(get_commands(), "seed_demo", Seed())
    yield Seed
    with as_owner() as cursor:
        cursor.execute("DO $$ BEGIN EXECUTE format('COMMENT ON DATABASE %I IS NULL', current_database()); END $$")


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_demo_data_that_was_cut_is_loaded_again_and_then_no_more(seed):
    said = []
    with pytest.raises(RuntimeError, match="cut"):
        preparation.load_demo_once(said.append)
    preparation.load_demo_once(said.append)
    preparation.load_demo_once(said.append)
    assert seed.runs == 2
    assert said == ["Loading the demo data (first start only)."] * 2


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_demo_data_without_the_demonstration(seed, settings):
    settings.DEMO = False
    preparation.load_demo_once(print)
    assert seed.runs == 0


@pytest.mark.django_db(databases=["default", "owner"])
def test_preparing_again_says_nothing_and_changes_nothing(settings, monkeypatch):
    settings.DEMO = False
    monkeypatch.setattr(preparation, "collect_static_files", lambda say: None)
    said = []
    preparation.prepare(said.append)
    assert said == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_database_that_does_not_answer_is_told_in_one_line(monkeypatch):
    class Away(migrate.Command):
        def handle(self, *args, **options):
            raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setitem(get_commands(), "migrate", Away())
    with pytest.raises(Trouble, match=r"^The database cannot be used: connection refused$"):
        preparation.prepare(print)


def test_static_files_are_collected_when_one_changed(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "portal.css").write_text("body {}")
    settings.STATICFILES_DIRS, settings.STATIC_ROOT = [source], tmp_path / "static"
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    preparation.finders.get_finder.cache_clear()
    said = []
    for text, times in (("body {}", 1), ("body {}", 1), ("body { color: red }", 2)):
        if times == 2:
            (source / "portal.css").write_text(text)
        preparation.collect_static_files(said.append)
        assert (settings.STATIC_ROOT / "portal.css").read_text() == text
        assert len(said) == times
    preparation.finders.get_finder.cache_clear()


# --- the roles, as an installation with outside servers prepares them ---


@pytest.mark.django_db(databases=["default", "owner"], transaction=True)
def test_the_running_role_is_made_with_its_password(monkeypatch, capsys):
    monkeypatch.setitem(connections["default"].settings_dict, "USER", "portal_other")
    monkeypatch.setitem(connections["default"].settings_dict, "PASSWORD", "it's secret")
    call_command("prepare_database")
    assert capsys.readouterr().out == "Role portal_other may use the tables of test_portal.\n"
    with as_owner() as cursor:
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'portal_other'"
        )
        assert cursor.fetchone() == (True, False, True)
        cursor.execute("DROP OWNED BY portal_other; DROP ROLE portal_other")


@pytest.mark.django_db(databases=["default", "owner"])
def test_one_role_for_both_is_refused(monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "USER", "portal_owner")
    with pytest.raises(CommandError, match=r"are both portal_owner\. Name two different roles in DATABASE_URL and"):
        call_command("prepare_database")
