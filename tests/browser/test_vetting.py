"""An officer's whole decision, from the queue and back to it, in at most six clicks, with real pages."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from buyers import actions
from buyers.models import VettingCase
from tests.browsers import signed_in
from tests.buyers.bench import QUEUE
from tests.factories import buyers as make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.uncovered]
MOST = 6


@pytest.fixture
def case(tmp_path) -> VettingCase:
    """Of Nairobi, clear in screening, with a checklist that carries trust."""
    now = timezone.now()
    make.post()
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("OPEN", buyer, now=now)
    actions.record_findings(case, by=make.officer(now), now=now, findings=make.findings())
    return case


@pytest.fixture
def desk(new_context, live_server) -> Callable:
    """A tab at the queue as a person; its `press` counts clicks."""

    def sit(who):
        context = new_context()
        key = signed_in(who).cookies["session"].value
        context.add_cookies([{"name": "session", "value": key, "url": live_server.url}])
        tab = context.new_page()
        tab.goto(QUEUE)
        return Desk(tab)

    return sit


class Desk:
    def __init__(self, tab) -> None:
        self.tab, self.clicks = tab, 0

    def press(self, role: str, name: str) -> None:
        self.clicks += 1
        self.tab.get_by_role(role, name=name, exact=True).click()

    @property
    def is_at_queue(self) -> bool:
        return self.tab.url.endswith(QUEUE)


def test_a_recommendation(desk, case):
    at = desk(make.officer(timezone.now()))
    at.press("button", "Take the next case")
    at.press("link", "Recommend trust")
    at.tab.get_by_label("Your opinion").fill("A suitable partner.")
    for component in ("A", "C"):
        at.clicks += 1
        at.tab.locator(f"[name=components][value={component}]").check()
    at.press("button", "Recommend")
    case.refresh_from_db()
    assert (case.status, case.scope_components, at.is_at_queue, at.clicks <= MOST) == (
        "RECOMMENDED",
        ["A", "C"],
        True,
        True,
    )


def test_a_countersignature(desk, case):
    now = timezone.now()
    make.recommend(case, now=now)
    at = desk(make.second_officer(now))
    at.press("link", str(case.buyer))
    at.press("link", "Countersign trust")
    at.press("button", "Preview")
    at.press("button", "Countersign and send the letter")
    case.refresh_from_db()
    assert (case.status, at.is_at_queue, at.clicks) == ("TRUSTED", True, 4)


def test_a_refusal(desk, case):
    at = desk(make.officer(timezone.now()))
    at.press("button", "Take the next case")
    at.press("link", "Decide against trust")
    at.clicks += 1
    at.tab.locator("[name=reason][value=OWNERSHIP]").check()
    at.press("button", "Draft the letter")
    at.press("button", "Preview")
    at.press("button", "Decide and send the letter")
    case.refresh_from_db()
    assert (case.status, case.refusal_reason, at.is_at_queue, at.clicks) == ("REFUSED", "OWNERSHIP", True, MOST)
