"""Two people at the same moment: one act, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection
from django.db.models import Model

from accounts.models import User
from buyers import actions
from buyers.models import Buyer, CaseLetter, VettingCase
from core.errors import UnableTo
from core.ledger import entries_for
from core.models import Receipt
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run them in threads that start together; what became of each, sorted."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
            return "done"
        except UnableTo:
            return "told"
        except IntegrityError:
            return "refused by the database"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_submissions_open_one_case(now):
    buyer = make.buyer(now=now)
    found = at_once(
        *[
            lambda: actions.submit_for_vetting(Buyer.objects.get(pk=buyer.pk), by=person("buyer"), now=now)
            for _person in range(4)
        ]
    )
    assert found == ["done", "told", "told", "told"]
    assert (VettingCase.objects.count(), Receipt.objects.count()) == (1, 1)


def test_two_second_officers_countersign_once(now, tmp_path):
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("RECOMMENDED", buyer, now=now)
    officers = [make.second_officer(now), make.federal("third", now=now)]
    found = at_once(
        *[
            lambda officer=officer: actions.countersign_trust(VettingCase.objects.get(pk=case.pk), by=officer, now=now)
            for officer in officers
        ]
    )
    assert found == ["done", "told"]
    assert (CaseLetter.objects.count(), VettingCase.objects.get().status) == (1, "TRUSTED")


def test_a_withdrawal_and_a_countersignature_leave_one_of_both(now, tmp_path):
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("RECOMMENDED", buyer, now=now)
    second = make.second_officer(now)
    found = at_once(
        lambda: actions.withdraw_case(VettingCase.objects.get(pk=case.pk), by=person("buyer"), now=now),
        lambda: actions.countersign_trust(VettingCase.objects.get(pk=case.pk), by=second, now=now),
    )
    assert found == ["done", "told"]
    status = VettingCase.objects.get().status
    assert (status in ("WITHDRAWN", "TRUSTED"), CaseLetter.objects.count()) == (True, int(status == "TRUSTED"))


# --- with the lock off, the race shows -------------------------------------------------------------------------------

RACES = ["recommend and refuse", "refuse twice", "countersign twice"]


@pytest.fixture
def ripe(now, tmp_path) -> VettingCase:
    make.post()
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("OPEN", buyer, now=now)
    actions.record_findings(case, by=make.officer(now), now=now, findings=make.findings())
    return case


def decide(case: VettingCase, by: User, now: datetime, act: str) -> Callable[[], object]:
    """An officer's act on their own copy of the case."""
    terms = {"opinion": "Fine.", "until": (now + timedelta(days=90)).date(), "countries": ["KE"], "components": ["A"]}
    arguments = {"recommend_trust": terms, "refuse_trust": {"reason": "POLICY"}}.get(act, {})
    return lambda: getattr(actions, act)(VettingCase.objects.get(pk=case.pk), by=by, now=now, **arguments)


def racers(case: VettingCase, now: datetime, name: str) -> list[Callable[[], object]]:
    first, second, third = make.officer(now), make.second_officer(now), make.federal("third", now=now)
    if name == "recommend and refuse":
        return [decide(case, first, now, "recommend_trust"), decide(case, second, now, "refuse_trust")]
    if name == "refuse twice":
        return [decide(case, by, now, "refuse_trust") for by in (first, second)]
    make.recommend(case, now=now)
    return [decide(case, by, now, "countersign_trust") for by in (second, third)]


@pytest.mark.parametrize("name", RACES)
def test_two_officers_racing_on_a_decision_leave_one_act(name, ripe, now):
    assert at_once(*racers(ripe, now, name)) == ["done", "told"]
    assert acts(ripe) == 1


def acts(case: VettingCase) -> int:
    """How many decisions the ledger holds, besides the recommendation that a countersignature begins from."""
    decisions = {"recommend_trust", "refuse_trust", "countersign_trust"}
    found = [entry.action for entry in entries_for(case) if entry.action in decisions]
    return len(found) - ("countersign_trust" in found)


@pytest.mark.parametrize(
    ("name", "outcome", "count"),
    [
        ("refuse twice", ["done", "done"], 2),
        (
            "countersign twice",
            ["done", "refused by the database"],
            1,
        ),  # an edit under a countersignature: the last wall
    ],
)
def test_without_the_lock_both_act(name, outcome, count, ripe, now, monkeypatch):
    """The positive control: the same acts, where `lock` only reads, and both have read before either writes."""
    acting = racers(ripe, now, name)
    both = Barrier(2)

    def read(obj: Model) -> Model:
        obj.refresh_from_db()
        return obj

    def read_together(obj: Model) -> Model:
        read(obj)
        both.wait(timeout=10)
        return obj

    for module in ("buyers.actions.trust", "buyers.record"):
        monkeypatch.setattr(f"{module}.lock", read)
    monkeypatch.setattr("core.actions.lock", read_together)  # the one that a move begins with
    assert at_once(*acting) == outcome
    assert acts(ripe) == count
