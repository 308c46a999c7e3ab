"""import_csl, as an operator runs it."""

import io

import pytest
from django.core.management import CommandError, call_command

from screening.models import CurrentRelease, ListRelease
from tests.factories import buyers
from tests.factories import screening as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
EL = "Entity List (EL) - Bureau of Industry and Security"


def run(command: str, *arguments: object, **options: object) -> list[str]:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out, **options)
    return out.getvalue().splitlines()


def small(path, *names: str):
    return make.written(path, [make.csl.COLUMNS, *(make.row(source=EL, name=name) for name in names)])


# --- import_csl ---------------------------------------------------------------------------------------------------------


def test_a_file_is_of_the_day_that_is_said(tmp_path):
    path = small(tmp_path / "list.csv", "Acme", "Apex")
    assert run("import_csl", path, "--as-of", "2026-11-20") == [
        "The list of 2026-11-20 is in force: 2 entries.",
        "  2 rows = 2 entries + 0 merged + 0 rejected",
        f"       2  {EL}",
        "       2  oddity: no country (first at line 2)",
        "       2  oddity: no type (first at line 2)",
    ]


@pytest.mark.django_db
def test_the_demonstration_list_is_not_taken_for_todays(settings):
    settings.EMBEDDED = False
    with pytest.raises(CommandError, match="Name the file of today's list"):
        run("import_csl")
    assert ListRelease.objects.count() == 0


@pytest.mark.django_db
def test_an_older_list_does_not_take_the_place_of_a_newer_one(tmp_path):
    run("import_csl", small(tmp_path / "new.csv", "Acme", "Umbrella"), "--as-of", "2026-11-20")
    with pytest.raises(CommandError, match="The list of 2026-11-20 is in force, which is newer than this one"):
        run("import_csl", small(tmp_path / "old.csv", "Acme", "Umbrella", "More"), "--as-of", "2026-11-19")


def test_a_file_without_a_day_is_of_today(tmp_path, today):
    run("import_csl", small(tmp_path / "list.csv", "Acme"))
    release = ListRelease.objects.get()
    assert release.as_of == release.fetched_at.date() >= today.date()


@pytest.mark.parametrize(
    ("write", "told"),
    [
        (lambda path: None, "Nothing was changed. [Errno 2] No such file or directory"),
        (lambda path: path.mkdir(), "Nothing was changed. [Errno 21] Is a directory"),
        (lambda path: path.write_text(""), "Nothing was changed. Line 1: these are not the list's 29 columns"),
        (lambda path: small(path), "Nothing was changed. The file holds no listed party."),
        (lambda path: small(path, "Acme"), "Nothing was changed. The new list lost rows"),
    ],
)
def test_what_cannot_be_imported_is_told_and_changes_nothing(write, told, tmp_path):
    run("import_csl", small(tmp_path / "old.csv", *(f"Party {number}" for number in range(9))))
    write(tmp_path / "new.csv")
    with pytest.raises(CommandError) as refusal:
        run("import_csl", tmp_path / "new.csv")
    assert str(refusal.value).startswith(told)
    assert CurrentRelease.objects.get().release.row_count == 9


def test_a_shrunk_list_is_accepted_by_name(tmp_path, today):
    officer = buyers.officer(today)
    run("import_csl", small(tmp_path / "old.csv", *(f"Party {number}" for number in range(9))))
    path = small(tmp_path / "new.csv", "Acme")
    with pytest.raises(CommandError, match="--accept-shrink needs --by EMAIL"):
        run("import_csl", path, "--accept-shrink")
    with pytest.raises(CommandError, match="There is no person with the address nobody"):
        run("import_csl", path, "--accept-shrink", "--by", "nobody@example.com")
    with pytest.raises(CommandError, match="is not an officer or manager"):
        run("import_csl", path, "--accept-shrink", "--by", person("stranger").email)
    assert CurrentRelease.objects.get().release.row_count == 9
    assert run("import_csl", path, "--accept-shrink", "--by", officer.email)[0].endswith("is in force: 1 entries.")
    assert CurrentRelease.objects.get().release.accepted_by == officer
