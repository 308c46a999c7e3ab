"""The reports: figures that can be counted by hand, over the posts that one may see, at the same cost for any number."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from accounts.states import Role
from buyers import actions
from buyers.selectors import reports
from core.models import DatedRule
from core.tables import safe_cell
from screening import actions as screening_actions
from tests.browsers import signed_in
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
PAGE = "/admin/reports/"
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)  # noon in Nairobi


def decided(days: float, *, name: str, country: str = "KE") -> None:
    """A case of a post that was refused so many calendar days after Monday."""
    by = person(f"applicant {name}")
    buyer = make.buyer(name, now=MONDAY, by=by, country=country)
    case = make.case_at("OPEN", buyer, now=MONDAY, by=by)
    later = MONDAY + timedelta(days=days)
    actions.refuse_trust(case, by=make.officer(MONDAY), now=later, reason="POLICY")


def of(user, now) -> dict[str, reports.PostRow]:
    return {row.post: row for row in reports.report(user, now, 30).posts}


@pytest.fixture
def later() -> datetime:
    return MONDAY + timedelta(days=21)


def test_time_to_a_decision_by_post(later):
    make.post()
    make.post("Warsaw", "PL")
    for number, days in enumerate((1, 2, 3, 4, 7)):  # the last over a weekend
        decided(days, name=f"Kenyan {number}")
    decided(1, name="Polish", country="PL")
    rows = of(make.manager(later), later)
    assert [(row.post, row.decided, row.quartiles) for row in rows.values()] == [
        ("Nairobi", 5, (2.0, 3.0, 4.0)),
        ("Warsaw", 1, (1.0, 1.0, 1.0)),
        ("All posts", 6, (1.2, 2.5, 3.8)),
    ]


def test_what_waits_by_age(later):
    make.post()
    for number, days in enumerate((0, 3, 8, 20)):
        by = person(f"waiting {number}")
        start = later - timedelta(days=days)
        make.case_at("OPEN", make.buyer(f"Waiting {number}", now=start, by=by), now=start, by=by)
    row = of(make.manager(later), later)["Nairobi"]
    assert row.by_age == [("0–5", 2), ("5–10", 1), ("10–20", 1), ("over 20", 0)]
    assert (row.decided, row.quartiles, row.overridden_percent) == (0, None, None)


def test_second_officers_overrides(now, cleared, buyer, later):
    case = make.case_at("RECOMMENDED", buyer, now=now)
    actions.return_case(case, by=make.second_officer(now), now=now, note="Look at the owner again.")
    make.recommend(case, now=now)
    actions.countersign_trust(case, by=make.second_officer(now), now=now)
    row = next(iter(of(make.manager(now), now).values()))
    assert (row.returned, row.countersigned, row.overridden_percent) == (1, 1, 50.0)


def test_alerts_and_what_came_of_them(now, tmp_path):
    first = make.buyer("County Power Company", now=now, by=person("first"))
    make.buyer("Rift Water Board", now=now, by=person("second"))
    make.clear(now, tmp_path, "County Power Company", "Rift Water Board")
    (hit,) = first.organization.hits.all()
    screening_actions.dismiss_hit(hit, by=make.officer(now), now=now, reason="Another company.")
    screening_actions.return_dismissal(hit, by=make.second_officer(now), now=now)
    screening_actions.confirm_hit(hit, by=make.officer(now), now=now, reason="The same address.")
    measures = {str(m.name): (m.value, m.made_of) for m in reports.report(make.manager(now), now, 30).measures}
    assert measures == {
        "Alerts per thousand parties": ("333.3", "2 of 6"),
        "Reviews per thousand parties": ("0.0", "0 of 6"),
        "True-match rate": ("100.0 %", "1 of 1"),
        "Dismissals that the second officer returned": ("100.0 %", "1 of 1"),
    }


def test_an_officer_sees_their_own_posts(later):
    warsaw, nairobi = make.post("Warsaw", "PL"), make.post()
    decided(1, name="Kenyan")
    decided(1, name="Polish", country="PL")
    decided(1, name="Nobody's", country="BR")
    seen = [
        (make.federal("a", now=later, at=warsaw), ["Warsaw"]),
        (make.federal("b", now=later, at=nairobi), ["Nairobi"]),
        (make.federal("c", now=later), ["Washington"]),
        (make.manager(later), ["Nairobi", "Warsaw", "Washington", "All posts"]),
    ]
    assert [list(of(user, later)) for user, _posts in seen] == [posts for _user, posts in seen]


def test_without_calendars_the_times_are_left_out(later):
    make.post()
    decided(1, name="Kenyan")
    DatedRule.objects.filter(code="working_hours").delete()
    assert [(row.post, row.decided) for row in of(make.manager(later), later).values()] == [("Nairobi", 0)]


# --- the page -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICER, 200), (Role.MANAGER, 200), (Role.EVALUATOR, 403), (Role.SECRETARY, 403), (Role.SUPPORT, 403)],
)
def test_it_is_for_officers_and_managers(role, status, now):
    client = signed_in(make.federal("somebody", role, now=now))
    assert [client.get(PAGE).status_code, client.get(f"{PAGE}?format=csv").status_code] == [status] * 2


@pytest.mark.parametrize("query", ["", "?days=30", "?days=x", "?days=%00", "?days=-1", "?format=%00", "?after=1"])
def test_no_address_makes_it_fail(query, today):
    assert signed_in(make.manager(today)).get(PAGE + query).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_any_number(count, today, tmp_path, django_assert_num_queries):
    make.post()
    for number in range(count):
        by = person(f"applicant {number}")
        for state in ("OPEN", "QUESTION_ASKED", "REFUSED"):
            make.case_at(state, make.buyer(f"{state} {number}", now=today, by=by), now=today, by=by)
    client = signed_in(make.manager(today))
    client.get(PAGE)
    with django_assert_num_queries(QUERIES):
        assert client.get(PAGE).context["report"].posts[0].decided == count


QUERIES = 15


def test_the_front_page_leads_to_it_and_to_the_search(today):
    front = signed_in(make.manager(today)).get("/admin/").text
    assert 'href="/admin/reports/"' in front
    assert 'href="/admin/screening/listentry/"' in front


def test_the_table_holds_every_figure_and_no_formula(today):
    post = make.post("=cmd|' /C calc'!A0", "KE")
    by = person("applicant")
    case = make.case_at("REFUSED", make.buyer(now=today, by=by), now=today, by=by)
    assert case.post == post
    answer = signed_in(make.manager(today)).get(f"{PAGE}?days=90&format=csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="reports-')
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert tuple(head) == reports.HEAD
    assert {row[0] for row in rows} == {
        "screening",
        "decision, working days",
        "waiting, cases",
        "second officer",
        "list",
    }
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert {row[1] for row in rows if row[0] == "waiting, cases"} == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r1", " =1"])
def test_a_formula_becomes_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-1, 1.5, "a=1", "", None])
def test_other_cells_stay(value):
    assert safe_cell(value) == value
