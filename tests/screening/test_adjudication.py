"""The whole policy on hits: which decision moves a hit from where to where, and who may take it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.states import Role
from core.errors import UnableTo
from core.ledger import entries_for
from screening import actions
from screening.models import Hit
from screening.states import HIT, HitStatus, Tier
from tests.database import check_deferred_guards
from tests.factories import buyers
from tests.factories import screening as make
from tests.factories.accounts import person
from tests.factories.organizations import member

pytestmark = pytest.mark.django_db

DENIED, REFUSED = "denied", "refused"
UNDECIDED, DECIDED = {"OPEN", "ESCALATED"}, {"NOT_A_MATCH", "TRUE_MATCH"}

# decision: (from which states, to which one), of an alert
MOVES = {
    "dismiss_hit": (UNDECIDED, "PROPOSED"),
    "countersign_dismissal": ({"PROPOSED"}, "NOT_A_MATCH"),
    "return_dismissal": ({"PROPOSED"}, "OPEN"),
    "confirm_hit": (UNDECIDED | {"PROPOSED"}, "TRUE_MATCH"),
    "escalate_hit": ({"OPEN"}, "ESCALATED"),
    "reopen_hit": (DECIDED, "OPEN"),
}
SECOND = {"countersign_dismissal", "return_dismissal"}
OFFICERS = {"officer", "second"}
ROLES = ["officer", "second", "recused", "manager", "evaluator", "secretary", "support", "founder", "stranger", "job"]


def decide(name: str, hit: Hit, *, by: object, now, reason: str = "Compared both.") -> Hit:
    arguments = {} if name in SECOND else {"reason": reason}
    return getattr(actions, name)(hit, by=by, now=now, **arguments)


def hit_at(state: str, hit: Hit, now) -> Hit:
    """Walked there by real decisions; `officer` takes the first."""
    first, second = buyers.officer(now), buyers.second_officer(now)
    walks = {
        "OPEN": [],
        "PROPOSED": [("dismiss_hit", first)],
        "ESCALATED": [("escalate_hit", first)],
        "NOT_A_MATCH": [("dismiss_hit", first), ("countersign_dismissal", second)],
        "TRUE_MATCH": [("confirm_hit", first)],
    }
    for name, by in walks.get(state, []):
        if name not in SECOND or hit.status == "PROPOSED":  # below the alert line one officer is enough
            decide(name, hit, by=by, now=now)
    if state == "GONE":
        actions.runs.move(hit, "drop_hit", by=make.JOB, now=now)
    return hit


@pytest.fixture
def cast(now, kony) -> dict[str, object]:
    """`recused` is an officer who belongs to the organization."""
    member(kony, "recused", "VIEWER", now=now)
    return {
        "officer": buyers.officer(now),
        "second": buyers.second_officer(now),
        "recused": buyers.federal("recused", now=now),
        "manager": buyers.manager(now),
        "evaluator": buyers.federal("evaluator", Role.EVALUATOR, now=now),
        "secretary": buyers.federal("secretary", Role.SECRETARY, now=now),
        "support": buyers.federal("support", Role.SUPPORT, now=now),
        "founder": person("founder"),
        "stranger": person("stranger"),
        "job": make.JOB,
    }


def outcome(name: str, hit: Hit, by: object, now) -> str:
    """What became of it, undone afterwards."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                decide(name, hit, by=by, now=now)
                check_deferred_guards()
            return str(Hit.objects.get(pk=hit.pk).status)
        except PermissionDenied:
            return DENIED
        except UnableTo:
            return REFUSED
        finally:
            transaction.set_rollback(True)


def expected(state: str, name: str, role: str) -> str:
    has_proposed = state in ("PROPOSED", "NOT_A_MATCH") and role == "officer"
    if role not in OFFICERS or (name in SECOND and has_proposed):
        return DENIED
    sources, target = MOVES[name]
    return target if state in sources else REFUSED


@pytest.mark.parametrize("state", list(HitStatus))
def test_every_state_decision_and_role(state, cast, hit, now):
    hit_at(state, hit, now)
    assert hit.status == state
    cells = [(name, role) for name in MOVES for role in ROLES]
    found = {(name, role): outcome(name, Hit.objects.get(pk=hit.pk), cast[role], now) for name, role in cells}
    assert found == {(name, role): expected(state, name, role) for name, role in cells}


def test_the_table_covers_the_machine():
    names = {"dismiss_hit": "propose_dismissal"}
    table = {names.get(name, name): move for name, move in MOVES.items()}
    table |= {"dismiss_review": (UNDECIDED, "NOT_A_MATCH"), "drop_hit": (set(HitStatus.values) - {"GONE"}, "GONE")}
    assert table == {t.action: ({str(s) for s in t.sources}, str(t.target)) for t in HIT.transitions.values()}


def test_which_states_wait_and_which_block():
    assert set(HitStatus.undecided()) == {"OPEN", "PROPOSED", "ESCALATED"}
    assert set(HitStatus.blocking()) == {"OPEN", "PROPOSED", "ESCALATED", "TRUE_MATCH"}


# --- two officers -------------------------------------------------------------------------------------------------------


def test_an_alert_is_dismissed_by_two(hit, officer, second, now, news):
    actions.dismiss_hit(hit, by=officer, now=now, reason="Another person: born in 1990.")
    assert (hit.status, hit.proposed_by, hit.reason) == ("PROPOSED", officer, "Another person: born in 1990.")
    with pytest.raises(PermissionDenied):
        actions.countersign_dismissal(hit, by=officer, now=now)
    actions.countersign_dismissal(hit, by=second, now=now)
    assert (hit.status, hit.version) == ("NOT_A_MATCH", 3)
    assert [(entry.action, entry.actor) for entry in entries_for(hit).order_by("id")] == [
        ("open_hit", "system:screening"),
        ("propose_dismissal", officer.ledger_name),
        ("countersign_dismissal", second.ledger_name),
    ]
    told = [message["outcome"] for message in news("screening.organization_screened")]
    assert told == ["PROPOSED", "NOT_A_MATCH"]


def test_a_hit_below_the_alert_line_is_dismissed_by_one(review, officer, now):
    assert review.tier == Tier.REVIEW
    actions.dismiss_hit(review, by=officer, now=now, reason="Another name.")
    assert (review.status, review.proposed_by) == ("NOT_A_MATCH", officer)


@pytest.mark.parametrize("state", [state for state in HitStatus if state != "PROPOSED"])
def test_dismissing_a_hit_below_the_alert_line(state, review, second, now):
    hit_at(state, review, now)
    assert review.status == state
    assert outcome("dismiss_hit", review, second, now) == ("NOT_A_MATCH" if state in UNDECIDED else REFUSED)


def test_who_proposes_anew_does_not_countersign(hit, officer, second, now):
    """Also with a page that was read before: the rule is asked again of what is stored."""
    actions.dismiss_hit(hit, by=officer, now=now, reason="Another person.")
    read_before = Hit.objects.get(pk=hit.pk)
    actions.return_dismissal(hit, by=second, now=now)
    assert hit.status == "OPEN"
    actions.dismiss_hit(hit, by=second, now=now, reason="Another person, indeed.")
    for name in SECOND:
        with pytest.raises(PermissionDenied):
            decide(name, Hit.objects.get(pk=read_before.pk), by=second, now=now)
    with pytest.raises(PermissionDenied):
        actions.countersign_dismissal(read_before, by=second, now=now)
    actions.countersign_dismissal(hit, by=officer, now=now)
    assert hit.status == "NOT_A_MATCH"


def test_a_decision_on_what_changed_meanwhile_is_refused(hit, officer, second, now):
    read_before = Hit.objects.get(pk=hit.pk)
    actions.confirm_hit(hit, by=officer, now=now, reason="The same address.")
    with pytest.raises(UnableTo, match="This is not possible while the status is “The listed party”"):
        actions.dismiss_hit(read_before, by=second, now=now, reason="Another person.")


@pytest.mark.parametrize("name", sorted(set(MOVES) - SECOND))
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_decision_has_a_reason(name, reason, hit, officer, now):
    before = Hit.objects.get(pk=hit.pk)
    with pytest.raises(UnableTo, match="Say why"):
        decide(name, hit, by=officer, now=now, reason=reason)
    assert (Hit.objects.get(pk=hit.pk).status, Hit.objects.get(pk=hit.pk).version) == (before.status, before.version)


def test_no_status_without_the_ledger(hit):
    with transaction.atomic():
        Hit.objects.filter(pk=hit.pk).update(status="NOT_A_MATCH")
        with pytest.raises(IntegrityError, match="but the ledger holds"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)
