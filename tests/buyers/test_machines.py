"""The whole policy: which action moves a case or a need from where to where, and who may do it.

Each state is reached by real actions; each action is then tried by each role, and undone.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from accounts.states import Role
from buyers import actions
from buyers.models import AdverseReport, Buyer, CaseQuestion, Need, VettingCase
from buyers.rules import CHASING, EXPIRY, SCREENING
from buyers.states import CASE, NEED, REPORT, CaseStatus, NeedStatus, ReportStatus
from core.errors import UnableTo
from tests.database import check_deferred_guards
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member
from tests.scenes import scene

pytestmark = [pytest.mark.django_db, pytest.mark.uncovered]

DONE, DENIED, REFUSED = "done", "denied", "refused"

# action: (from which states, to which state)
CASE_MOVES = {
    "ask_question": ({"OPEN", "QUESTION_ASKED"}, "QUESTION_ASKED"),
    "answer_question": ({"QUESTION_ASKED"}, "OPEN"),
    "take_back_question": ({"QUESTION_ASKED"}, "OPEN"),
    "withdraw_case": ({"OPEN", "QUESTION_ASKED", "ESCALATED", "RECOMMENDED"}, "WITHDRAWN"),
    "escalate_case": ({"OPEN"}, "ESCALATED"),
    "answer_escalation": ({"ESCALATED"}, "OPEN"),
    "recommend_trust": ({"OPEN"}, "RECOMMENDED"),
    "return_case": ({"RECOMMENDED"}, "OPEN"),
    "void_recommendation": ({"RECOMMENDED"}, "OPEN"),
    "countersign_trust": ({"RECOMMENDED"}, "TRUSTED"),
    "amend_trust": ({"TRUSTED"}, "RECOMMENDED"),
    "refuse_trust": ({"OPEN", "QUESTION_ASKED"}, "REFUSED"),
    "suspend_trust": ({"TRUSTED"}, "SUSPENDED"),
    "restore_trust": ({"SUSPENDED"}, "TRUSTED"),
    "revoke_trust": ({"TRUSTED", "SUSPENDED"}, "REVOKED"),
    "expire_trust": ({"TRUSTED", "SUSPENDED"}, "EXPIRED"),
}
REPORT_MOVES = {
    "uphold_report": ({"FILED"}, "UPHELD"),
    "dismiss_report": ({"FILED"}, "UNFOUNDED"),
}
OFFICERS = {"officer", "countersigner"}
CASE_ROLES = {
    "ask_question": OFFICERS,
    "answer_question": {"buyer", "signer", "editor"},
    "take_back_question": OFFICERS,
    "withdraw_case": {"buyer", "signer"},
    "escalate_case": OFFICERS,
    "answer_escalation": {"manager"},
    "recommend_trust": OFFICERS,
    "return_case": OFFICERS,
    "void_recommendation": {"buyer", "signer", "editor", "screening", "officer"},
    "amend_trust": OFFICERS,
    "countersign_trust": OFFICERS,
    "refuse_trust": OFFICERS,
    "suspend_trust": OFFICERS | {"manager", "screening"},
    "restore_trust": OFFICERS,
    "revoke_trust": OFFICERS | {"manager"},
    "expire_trust": {"expiry"},
}
AS_A_MEMBER = {"answer_question", "withdraw_case", "void_recommendation"}  # an officer who belongs to the buyer
NEED_MOVES = {
    "post_need": ({"DRAFT", "CLOSED"}, "POSTED"),
    "close_need": ({"DRAFT", "POSTED"}, "CLOSED"),
    "edit_need": ({"DRAFT", "POSTED", "CLOSED"}, "DRAFT"),
}
NEED_ROLES = {"buyer", "signer", "editor"}
ROLES = [
    "buyer",
    "signer",
    "editor",
    "viewer",
    "stranger",
    "rival",
    "officer",
    "countersigner",
    "recused",
    "manager",
    "evaluator",
    "screening",
    "expiry",
    "chasers",
]


@scene
def cast(now, buyer):
    """Everybody who might try, by role. `recused` is an officer who belongs to the buyer's organization."""
    organization = buyer.organization
    people = {
        "buyer": person("buyer"),
        "signer": member(organization, "signer", "SIGNER", now=now),
        "editor": member(organization, "editor", "EDITOR", now=now),
        "viewer": member(organization, "viewer", "VIEWER", now=now),
        "stranger": person("stranger"),
        "officer": make.officer(now),
        "countersigner": make.second_officer(now),
        "manager": make.manager(now),
        "evaluator": make.federal("evaluator", Role.EVALUATOR, now=now),
        "screening": SCREENING,
        "expiry": EXPIRY,
        "chasers": CHASING,
    }
    make.buyer("Rival Telecom", now=now, by=person("rival"), country="TZ")
    member(organization, "recused", "ADMINISTRATOR", now=now)
    return people | {"rival": person("rival"), "recused": make.federal("recused", now=now)}


def attempt(action: str, case: VettingCase, *, by: object, now) -> object:
    terms = {
        "opinion": "Fine.",
        "until": (now + timedelta(days=30)).date(),
        "countries": ["KE"],
        "components": ["A"],
    }
    question = case.questions.first() or CaseQuestion(case=case, text="?", asked_by=person("officer"), asked_at=now)
    arguments = {
        "ask_question": {"text": "Who will run it?"},
        "answer_question": {"answer": "We will."},
        "take_back_question": {"question": question},
        "escalate_case": {"note": "May we?"},
        "answer_escalation": {"note": "We may."},
        "recommend_trust": terms,
        "amend_trust": terms,
        "void_recommendation": {"cause": "profile"},
        "return_case": {"note": "Look at the owner again."},
        "refuse_trust": {"reason": "OWNERSHIP"},
        "suspend_trust": {"reason": "END_USE", "note": "A new end user."},
        "restore_trust": {"reason": "RESOLVED"},
        "revoke_trust": {"note": "A new owner."},
    }
    when = now + timedelta(days=400) if action == "expire_trust" else now
    return getattr(actions, action)(case, by=by, now=when, **arguments.get(action, {}))


def outcome(perform, reload) -> str:
    """What became of it, undone afterwards: the state reached, or how it was turned down."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                perform()
                check_deferred_guards()
            return str(reload().status)
        except PermissionDenied:
            return DENIED
        except UnableTo:
            return REFUSED
        finally:
            transaction.set_rollback(True)


RECOMMENDED_ONCE = ("RECOMMENDED", "TRUSTED", "SUSPENDED", "REVOKED", "EXPIRED", "REPLACED")


def expected_on_case(state: str, action: str, role: str) -> str:
    sources, target = CASE_MOVES[action]
    is_recommender = state in RECOMMENDED_ONCE and role == "officer"
    if action == "void_recommendation" and is_recommender:
        return target if state in sources else REFUSED
    if role not in CASE_ROLES[action] and not (role == "recused" and action in AS_A_MEMBER):
        return DENIED
    if action in ("countersign_trust", "return_case") and is_recommender:
        return DENIED
    return target if state in sources else REFUSED


@pytest.mark.parametrize("state", list(CaseStatus))
def test_every_state_action_and_role_of_a_case(state, cast, buyer, cleared, now):
    case = make.case_at(state, buyer, now=now)
    if not case.findings.exists():
        actions_ready(case, now)
    assert case.status == state
    found = {
        (action, role): outcome(
            lambda action=action, role=role: attempt(action, reloaded(case), by=cast[role], now=now),
            lambda: reloaded(case),
        )
        for action in CASE_MOVES
        for role in ROLES
    }
    assert found == {(action, role): expected_on_case(state, action, role) for action in CASE_MOVES for role in ROLES}


def actions_ready(case: VettingCase, now) -> None:
    """A full checklist, where the state still takes one, so that only state and role decide."""
    if case.status in (CaseStatus.OPEN, CaseStatus.QUESTION_ASKED):
        actions.record_findings(case, by=make.officer(now), now=now, findings=make.findings())


def reloaded(case: VettingCase) -> VettingCase:
    return VettingCase.objects.get(pk=case.pk)


def test_the_table_covers_the_machine():
    assert set(CASE_MOVES) | {"replace_trust"} == set(CASE.transitions)
    for action, (sources, target) in CASE_MOVES.items():
        transition = CASE.transitions[action]
        assert ({str(source) for source in transition.sources}, str(transition.target)) == (sources, target)
    for machine, moves in ((NEED, NEED_MOVES), (REPORT, REPORT_MOVES)):
        assert {a: ({str(s) for s in t.sources}, str(t.target)) for a, t in machine.transitions.items()} == moves


@pytest.mark.parametrize("state", list(ReportStatus))
def test_every_state_action_and_role_of_a_report(state, cast, buyer, now):
    """Filed by the officer of the post, who does not settle it."""
    report = make.report_at(state, buyer, now=now)
    found, expected = {}, {}
    for action, (sources, target) in REPORT_MOVES.items():
        for role in ROLES:
            found[action, role] = outcome(
                lambda action=action, role=role: getattr(actions, action)(
                    AdverseReport.objects.get(pk=report.pk), by=cast[role], now=now, note="Looked at."
                ),
                lambda: AdverseReport.objects.get(pk=report.pk),
            )
            may = role in ("countersigner", "manager")
            expected[action, role] = (target if state in sources else REFUSED) if may else DENIED
    assert found == expected


@pytest.mark.parametrize("state", list(NeedStatus))
def test_every_state_action_and_role_of_a_need(state, cast, buyer, now):
    need = make.need_at(state, buyer, now=now)
    found, expected = {}, {}
    for action, (sources, target) in NEED_MOVES.items():
        for role in ROLES:
            found[action, role] = outcome(
                lambda action=action, role=role: getattr(actions, action)(
                    Need.objects.get(pk=need.pk), by=cast[role], now=now
                ),
                lambda: Need.objects.get(pk=need.pk),
            )
            may = role in NEED_ROLES or role == "recused"  # an officer may work for a buyer; then not on its case
            expected[action, role] = (target if state in sources else REFUSED) if may else DENIED
    assert found == expected


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("edit_buyer", {"buyer", "signer", "editor", "recused"}),
        ("submit_for_vetting", {"buyer", "signer", "recused"}),
        ("create_need", {"buyer", "signer", "editor", "recused"}),
    ],
)
def test_who_may_act_for_a_buyer(action, allowed, cast, buyer, now):
    arguments = {"edit_buyer": make.PROFILE, "create_need": make.NEED}.get(action, {})
    found = {
        role
        for role in ROLES
        if outcome(
            lambda role=role: getattr(actions, action)(buyer, by=cast[role], now=now, **arguments),
            lambda: Need(status=DONE),
        )
        == DONE
    }
    assert found == allowed


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("take_case", OFFICERS),
        ("assign_case", {"manager"}),
        ("record_findings", OFFICERS),
        ("file_report", {"officer"}),
    ],
)
def test_who_may_work_on_a_case(action, allowed, cast, buyer, now):
    case = make.case_at("OPEN", buyer, now=now)
    arguments = {
        "assign_case": {"officer": cast["officer"]},
        "record_findings": {"findings": make.findings()},
        "file_report": {"kind": "PAYMENT", "text": "Two invoices are open since May."},
    }
    found = {
        role
        for role in ROLES
        if outcome(
            lambda role=role: getattr(actions, action)(case, by=cast[role], now=now, **arguments.get(action, {})),
            lambda: Need(status=DONE),
        )
        == DONE
    }
    assert found == allowed


def test_who_may_register_a_buyer(cast, now):
    found = {
        role
        for role in ROLES
        if outcome(
            lambda role=role: actions.register_buyer(
                by=cast[role],
                now=now,
                legal_name=f"New {role}",
                country="KE",
                headquarters_country="KE",
                **make.PROFILE,
            ),
            lambda: Need(status=DONE),
        )
        == DONE
    }
    assert found == {"buyer", "signer", "editor", "viewer", "stranger", "rival"}


def test_a_closed_account_does_nothing(buyer, now):
    user = person("buyer")
    user.is_active = False
    user.save()
    with pytest.raises(PermissionDenied):
        actions.submit_for_vetting(buyer, by=user, now=now)


@pytest.mark.parametrize(("model", "status"), [(VettingCase, "TRUSTED"), (Need, "POSTED")])
def test_no_status_without_the_ledger(model, status, buyer, now):
    case, need = make.case_at("OPEN", buyer, now=now), make.need(buyer, now=now)
    rows = model.objects.filter(pk=(case if model is VettingCase else need).pk)
    extra = {"trusted_until": now, "scope_countries": ["KE"], "scope_components": ["A"]}
    people = {"recommended_by": person("officer"), "countersigned_by": person("other")}
    with transaction.atomic():
        rows.update(status=status, **(extra | people if model is VettingCase else {}))
        with pytest.raises(IntegrityError, match="but the ledger holds"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", ["buyers_caseletter", "buyers_casenote", "buyers_checklistfinding"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_records_of_a_case_are_not_changed(table, statement, buyer):
    with (
        pytest.raises(IntegrityError, match="a record is corrected by a new row"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))


def test_buyers_with_a_record_are_not_deleted(buyer, now):
    make.case_at("OPEN", buyer, now=now)
    with pytest.raises(ProtectedError):
        Buyer.objects.filter(pk=buyer.pk).delete()
