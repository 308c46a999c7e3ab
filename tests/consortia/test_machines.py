"""The whole policy: which action moves a company, consortium, member or invitation from where to where, and by whom."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from consortia import actions
from consortia.models import Clearance, Company, Consortium, Invitation, Member
from consortia.states import (
    CLEARANCE,
    COMPANY,
    CONSORTIUM,
    INVITATION,
    MEMBER,
    ClearanceStatus,
    InvitationStatus,
    MemberStatus,
)
from core.errors import UnableTo
from core.transitions import Machine
from tests.consortia.conftest import CAST, people_around
from tests.database import check_deferred_guards
from tests.factories import buyers, screening
from tests.factories import consortia as make
from tests.factories.accounts import person
from tests.outcomes import DENIED, DONE, REFUSED, outcome

pytestmark = pytest.mark.django_db

ANCHOR_SIGNERS, MEMBER_SIGNERS = {"anchor", "anchor_signer"}, {"member", "member_signer"}
# action: (from which states, to which state, who may)
MOVES: dict[str, dict[str, tuple[set[str], str, set[str]]]] = {
    "company": {
        "suspend_company": ({"ACTIVE"}, "SUSPENDED", {"officer", "manager"}),
        "reinstate_company": ({"SUSPENDED"}, "ACTIVE", {"officer", "manager"}),
    },
    "consortium": {"dissolve_consortium": ({"ACTIVE"}, "DISSOLVED", ANCHOR_SIGNERS)},
    "member": {
        "leave_consortium": ({"ACCEPTED"}, "LEFT", MEMBER_SIGNERS),
        "remove_member": ({"ACCEPTED"}, "REMOVED", ANCHOR_SIGNERS),
    },
    "invitation": {
        "accept_invitation": ({"SENT"}, "ACCEPTED", {"invited"}),
        "decline_invitation": ({"SENT"}, "DECLINED", {"invited"}),
        "withdraw_invitation": ({"SENT"}, "WITHDRAWN", ANCHOR_SIGNERS),
    },
    "clearance": {
        "replace_clearance": ({"HOLDS"}, "REPLACED", {"officer"}),
        "withdraw_clearance": ({"HOLDS"}, "WITHDRAWN", {"officer", "manager"}),
    },
}
MACHINES: dict[str, Machine] = {
    "company": COMPANY,
    "consortium": CONSORTIUM,
    "member": MEMBER,
    "invitation": INVITATION,
    "clearance": CLEARANCE,
}


@pytest.mark.parametrize("kind", MOVES)
def test_the_table_covers_the_machine(kind):
    machine = {
        action: ({str(source) for source in transition.sources}, str(transition.target))
        for action, transition in MACHINES[kind].transitions.items()
    }
    assert machine == {action: (sources, target) for action, (sources, target, _who) in MOVES[kind].items()}


def check(kind: str, state: str, attempt: Callable[[str, object], object], cast: dict[str, object]) -> None:
    """Each action by each person, each time from the stored state, and undone."""
    found = {
        (action, name): outcome(lambda action=action, name=name: attempt(action, cast[name]))
        for action in MOVES[kind]
        for name in CAST
    }
    assert found == {
        (action, name): DENIED if name not in may else DONE if state in sources else REFUSED
        for action, (sources, _target, may) in MOVES[kind].items()
        for name in CAST
    }


@pytest.mark.parametrize("state", ["ACTIVE", "SUSPENDED"])
def test_every_state_action_and_person_of_a_company(state, consortium, now):
    cast = people_around(consortium, now)
    company = make.company_of(person("member"))
    if state == "SUSPENDED":
        actions.suspend_company(company, by=cast["officer"], now=now)
    assert company.status == state
    check(
        "company",
        state,
        lambda action, by: getattr(actions, action)(Company.objects.get(pk=company.pk), by=by, now=now),
        cast,
    )


@pytest.mark.parametrize("state", ["ACTIVE", "DISSOLVED"])
def test_every_state_action_and_person_of_a_consortium(state, consortium, now):
    make.joined(consortium, now=now)
    if state == "DISSOLVED":
        actions.dissolve_consortium(consortium, by=person("anchor"), now=now)
    assert consortium.status == state
    check(
        "consortium",
        state,
        lambda action, by: getattr(actions, action)(Consortium.objects.get(pk=consortium.pk), by=by, now=now),
        people_around(consortium, now),
    )


@pytest.mark.parametrize("state", list(MemberStatus))
def test_every_state_action_and_person_of_a_member(state, consortium, now):
    member = make.member_at(state, consortium, now=now)
    assert member.status == state
    check(
        "member",
        state,
        lambda action, by: getattr(actions, action)(Member.objects.get(pk=member.pk), by=by, now=now),
        people_around(consortium, now),
    )


@pytest.mark.parametrize("action", ["leave_consortium", "remove_member"])
def test_the_anchor_neither_leaves_nor_is_removed(action, consortium, now):
    cast = people_around(consortium, now)
    anchor = consortium.members.get(part="ANCHOR")
    found = {
        name: outcome(
            lambda name=name: getattr(actions, action)(Member.objects.get(pk=anchor.pk), by=cast[name], now=now)
        )
        for name in CAST
    }
    assert found == {name: REFUSED if name in ANCHOR_SIGNERS else DENIED for name in CAST}


@pytest.mark.parametrize("state", list(InvitationStatus))
def test_every_state_action_and_person_of_an_invitation(state, consortium, now):
    invitation = make.invitation_at(state, consortium, now=now)
    assert invitation.status == state
    cast = people_around(consortium, now)
    company = make.company("Second Rover Inc", now=now, by=person("invited"))

    def attempt(action, by):
        more = {"company": company, "components": ["E"]} if action == "accept_invitation" else {}
        return getattr(actions, action)(Invitation.objects.get(pk=invitation.pk), by=by, now=now, **more)

    check("invitation", state, attempt, cast)


@pytest.mark.parametrize("state", list(ClearanceStatus))
def test_every_state_action_and_person_of_a_clearance(state, consortium, now, tmp_path):
    """Clearing anew is what replaces one: possible in every state, and it replaces only what holds."""
    make.joined(consortium, now=now)
    screening.screened(now, tmp_path)
    given = make.clearance(make.company_of(person("member")), now=now)
    if state == "REPLACED":
        make.clearance(given.company, now=now)
    if state == "WITHDRAWN":
        actions.withdraw_clearance(given, by=buyers.officer(now), now=now, reason="Forged.")
    cast = people_around(consortium, now)

    def attempt(action, by):
        stored = Clearance.objects.get(pk=given.pk)
        if action == "withdraw_clearance":
            return actions.withdraw_clearance(stored, by=by, now=now, reason="Forged.")
        make.clearance(stored.company, now=now, by=by)
        stored.refresh_from_db()
        assert stored.status == ("WITHDRAWN" if state == "WITHDRAWN" else "REPLACED")
        if state != "HOLDS":
            raise UnableTo("It was not this one that was replaced.")
        return stored

    assert Clearance.objects.get(pk=given.pk).status == state
    check("clearance", state, attempt, cast)


@pytest.mark.parametrize(
    ("model", "status"),
    [(Company, "SUSPENDED"), (Consortium, "DISSOLVED"), (Member, "LEFT"), (Invitation, "ACCEPTED")],
)
def test_no_status_without_the_ledger(model, status, consortium, now):
    make.joined(consortium, now=now)
    make.invited(consortium, now=now)
    check_deferred_guards()
    with transaction.atomic():
        model.objects.filter(pk=model.objects.order_by("-pk").values("pk")[:1]).update(status=status)
        with pytest.raises(IntegrityError, match="but the ledger holds"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)
