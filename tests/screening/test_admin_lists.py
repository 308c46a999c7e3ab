"""The lists in the workbench: what became of each row, what a release changed, what was fetched, countries by day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from core.models import DatedRule
from screening import actions
from screening.countries import lists_at
from screening.models import CurrentRelease, ListChange, ListRelease
from tests.browsers import signed_in
from tests.factories import buyers
from tests.factories import screening as make
from tests.scenes import scene
from tests.screening.conftest import NOW

pytestmark = pytest.mark.django_db
EL = "Entity List (EL) - Bureau of Industry and Security"
RELEASES = "/admin/screening/listrelease/"
COUNTRIES = "/admin/screening/listrelease/countries/"


@scene
def replaced(tmp_path) -> ListRelease:
    """A second release, accepted by an officer: a party came, one went, one says something else, and a row is broken."""
    make.imported(make.EXTRACT, now=NOW)
    rows = make.rows_of_extract()
    gone = next(row for row in rows if row[1] == EL)
    rows = [["1963; 1964" if cell == "1992; 1994; 1995; 1993" else cell for cell in row] for row in rows if row != gone]
    rows += [make.row(source=EL, name="Newly Listed"), rows[-1][:8]]
    path = make.written(tmp_path / "next.csv", rows)
    officer = buyers.officer(NOW)
    return actions.import_list(by=officer, now=NOW, path=path, as_of=NOW.date(), accept_shrink=True)


@pytest.fixture
def browser(replaced) -> Client:
    return signed_in(buyers.officer(NOW))


def page(record) -> str:
    return reverse(f"admin:screening_{record._meta.model_name}_change", args=[record.pk])


def test_a_release_tells_what_became_of_its_rows_and_what_it_changed(replaced, browser, django_assert_num_queries):
    browser.get(page(replaced))
    with django_assert_num_queries(6):  # session, person, release, pointer, changes by list, changes by column
        response = browser.get(page(replaced))
    shown = {line.source: (line.entries, line.added, line.removed, line.changed) for line in response.context["lists"]}
    assert shown[EL] == (40, 1, 1, 0)
    assert shown["Specially Designated Nationals (SDN) - Treasury Department"] == (55, 0, 0, 1)
    assert sum(line.entries for line in response.context["lists"]) == response.context["entries"] == 194
    assert response.context["columns"] == [(["dates_of_birth"], 1)]
    for words in (
        "8 columns instead of 29",
        "says the same as line",
        replaced.sha256,
        "In force",
        "by Officer",
    ):
        assert words in response.text


def test_the_release_before_is_not_in_force(replaced, browser):
    response = browser.get(page(replaced.replaced))
    assert response.context["is_in_force"] is False
    assert "As before" not in response.text


def test_every_change_is_listed_and_shown_side_by_side(replaced, browser):
    listed = browser.get(f"/admin/screening/listchange/?release__id__exact={replaced.pk}").context["cl"].result_list
    assert sorted(change.kind for change in listed) == ["added", "changed", "removed"]
    change = ListChange.objects.get(kind="changed")
    response = browser.get(page(change))
    assert [row for row in response.context["rows"] if row[3]] == [
        ("dates_of_birth", "1992; 1994; 1995; 1993", "1963; 1964", True)
    ]
    for kind, before, after in (("added", "", "Newly Listed"), ("removed", "x", "")):
        rows = browser.get(page(ListChange.objects.get(kind=kind))).context["rows"]
        assert all(bool(old) == bool(before) and bool(new) == bool(after) for _name, old, new, _changed in rows)


def test_the_lists_page_and_the_front_page_say_what_is_wrong(replaced, browser):
    for path in (RELEASES, "/admin/"):
        assert "is in force, last confirmed" in browser.get(path).text or "last confirmed on" in browser.get(path).text
    CurrentRelease.objects.update(confirmed_at=NOW - timedelta(days=9))
    actions.record_failed_fetch(by=make.JOB, now=NOW, address="https://example.gov/list", problem="It took too long.")
    for path in (RELEASES, "/admin/"):
        text = browser.get(path).text
        assert "it may be at most 3 days old. Until a list is in force again, nobody can become trusted." in text
        assert "Asked for at 2026-11-24 12:00 UTC: Failed. It took too long." in text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OFFICER, 200), (Role.MANAGER, 200), (Role.EVALUATOR, 403), (Role.SUPPORT, 403)]
)
def test_lists_are_for_officers_and_managers(role, status, replaced):
    client = signed_in(buyers.federal("somebody", role, now=NOW))
    paths = [RELEASES, page(replaced), page(ListChange.objects.first()), COUNTRIES, "/admin/screening/listfetch/"]
    assert [client.get(path).status_code for path in paths] == [status] * 5
    assert ("Until a list" in client.get("/admin/").text or "is in force" in client.get("/admin/").text) == (
        status == 200
    )


@pytest.mark.parametrize("kind", ["listrelease", "listchange"])
@pytest.mark.parametrize("number", ["0", "999999", "-1", "abc", "9" * 40])
def test_a_record_that_is_none_is_not_found(kind, number, browser):
    assert browser.get(f"/admin/screening/{kind}/{number}/change/").status_code == 404


# --- countries --------------------------------------------------------------------------------------------------------


def test_lists_of_countries_are_shown_with_authority_and_certainty(browser):
    response = browser.get(COUNTRIES, {"day": "2026-11-24"})
    shown = {each.title: each.rule for each in response.context["lists"]}
    assert len(shown) == 4 + 13
    assert shown["EAR country group D:5 (U.S. arms embargo)"].certainty == "S"
    assert shown["Countries of concern of the program's call for proposals"].value == ["CN", "HK", "MO"]
    assert "28 CFR 202.601" in response.text
    assert "General knowledge, not confirmed" in response.text
    assert "cannot tell" not in response.text


def test_a_list_that_is_not_held_for_a_day_tells_nothing(browser):
    response = browser.get(COUNTRIES, {"day": "2026-05-01"})
    held = [each.title for each in response.context["lists"] if each.rule]
    assert [title[:20] for title in held] == ["Countries of concern"] * 2 + [
        "Foreign adversaries ",
        "Countries of concern",
    ]
    assert response.text.count("Not held for this day: cannot tell.") == 13


@pytest.mark.parametrize(("day", "status"), [("", 200), ("2026-13-01", 422), ("soon", 422)])
def test_a_day_that_is_none_is_told(day, status, browser):
    response = browser.get(COUNTRIES, {"day": day})
    assert response.status_code == status
    assert len(response.context["lists"]) == 17


def test_regimes_are_never_merged():
    """Each list is a rule of its own, with its own countries: none is made of another."""
    values = {each.rule.code: each.rule.value for each in lists_at(NOW.date()) if each.rule}
    assert values["cfp_country_of_concern"] == values["outbound_country_of_concern"] == ["CN", "HK", "MO"]
    assert values["doj_country_of_concern"] == ["CN", "CU", "HK", "IR", "KP", "MO", "RU", "VE"]
    DatedRule.objects.filter(code="doj_country_of_concern").update(value=["ZZ"])
    assert {each.rule.code: each.rule.value for each in lists_at(NOW.date()) if each.rule} == values | {
        "doj_country_of_concern": ["ZZ"]
    }


@pytest.mark.parametrize(
    ("group", "without", "count"),
    [
        ("A:5", [], 38),
        ("A:6", [], 8),
        ("D:3", ["AE"], 36),
        ("D:4", ["AE"], 21),
        ("D:5", ["KH", "CY"], 22),
        ("E:1", [], 3),
    ],
)
def test_groups_are_as_the_rule_of_july_left_them(group, without, count):
    value = DatedRule.objects.get(code=f"ear_country_group_{group}").value
    assert (len(value), sorted(set(value) & set(without))) == (count, [])
    assert ("AE" in value) == (group == "A:5")
