"""The first list, the guard against a list that shrank, and who may bring one in: each test begins without a list."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from accounts.states import Role
from core.errors import UnableTo
from screening import actions, csl
from screening.models import CurrentRelease, ListEntry, ListName, ListRelease, ReleaseEntry
from tests.factories import buyers
from tests.factories import screening as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def attempt(path, now, *, by=make.JOB, **options) -> ListRelease:
    return actions.import_list(by=by, now=now, path=path, as_of=date(2026, 11, 23), **options)


def of_size(path, count: int, source: str = EL):
    """A list of `count` rows of one source, and one row of another."""
    rows = [make.row(source=source, name=f"Party {number}") for number in range(count)]
    return make.written(path, [csl.COLUMNS, *rows, make.row(source=SDN, name="Other")])


def test_rows_of_equal_content_are_one_entry_and_an_alias_that_repeats_the_name_is_none(now, tmp_path):
    twice = [make.row(_id=str(number), source=EL, name="Acme", alt_names="Acme; Apex") for number in range(2)]
    release = attempt(make.written(tmp_path / "twice.csv", [csl.COLUMNS, *twice]), now)
    entry = release.entries.get()
    assert (release.row_count, entry.fields["name"]) == (2, "Acme")
    assert list(entry.names.order_by("pk").values_list("name", flat=True)) == ["Acme", "Apex"]


def test_confirming_needs_a_list(now):
    with pytest.raises(UnableTo, match="There is no list to confirm"):
        actions.confirm_release(by=make.JOB, now=now)


def test_a_first_list_that_is_broken_leaves_none(now, tmp_path):
    path = make.written(tmp_path / "list.csv", [*make.rows_of_extract(), ["cut"]])
    with pytest.raises(UnableTo, match="1 row of the new list cannot be read"):
        attempt(path, now)
    models = (ListRelease, ListEntry, ListName, ReleaseEntry, CurrentRelease)
    assert [model.objects.count() for model in models] == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("before", "after", "is_taken"),
    [
        (100, 100, True),
        (100, 300, True),
        (100, 98, True),  # 2 percent
        (100, 97, False),
        (49, 48, False),
        (1, 0, False),  # a source is missing
        (1300, 1275, True),  # 25 rows
        (1300, 1274, False),
    ],
)
def test_the_shrink_guard(before, after, is_taken, now, tmp_path):
    old = attempt(of_size(tmp_path / "old.csv", before), now)
    path = of_size(tmp_path / "new.csv", after)
    if is_taken:
        release = attempt(path, now)
        assert CurrentRelease.objects.get().release == release
        assert (release == old) is (before == after)
    else:
        count = ListEntry.objects.count()
        with pytest.raises(UnableTo) as refusal:
            attempt(path, now)
        assert refusal.value.message == (
            f"The new list lost rows: {EL}: {before} → {after}. An officer who checked it can import it with "
            "--accept-shrink."
        )
        assert (CurrentRelease.objects.get().release, ListEntry.objects.count()) == (old, count)


@pytest.mark.parametrize(("who", "is_taken"), [("officer", True), ("manager", True), ("job", False)])
def test_only_a_person_accepts_a_shrunk_list(who, is_taken, now, tmp_path):
    by = {"officer": buyers.officer(now), "manager": buyers.manager(now), "job": make.JOB}[who]
    old = attempt(of_size(tmp_path / "old.csv", 100), now)
    path = of_size(tmp_path / "new.csv", 10)
    if is_taken:
        release = attempt(path, now, by=by, accept_shrink=True)
        assert (release.accepted_by, CurrentRelease.objects.get().release) == (by, release)
    else:
        with pytest.raises(UnableTo):
            attempt(path, now, by=by, accept_shrink=True)
        assert CurrentRelease.objects.get().release == old


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OFFICER, True),
        (Role.MANAGER, True),
        (Role.EVALUATOR, False),
        (Role.SECRETARY, False),
        (Role.SUPPORT, False),
        (None, False),
    ],
)
def test_who_may_import_and_confirm(role, may, now, tmp_path):
    by = buyers.federal("somebody", role, now=now) if role else person("somebody")
    path = of_size(tmp_path / "list.csv", 3)
    for act in (lambda: attempt(path, now, by=by), lambda: actions.confirm_release(by=by, now=now)):
        if may:
            assert act().row_count == 4
        else:
            with pytest.raises(PermissionDenied):
                act()
    assert CurrentRelease.objects.count() == int(may)
