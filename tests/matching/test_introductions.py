"""How a buyer and a consortium meet: every state against every act, who may, and what opens when."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from buyers import actions as buyers_actions
from buyers.states import CaseStatus, NeedStatus
from core.errors import UnableTo
from core.models import DatedRule, LedgerEntry, Mail, Notification, Receipt
from matching import actions, selectors
from matching.models import Introduction, ThreadMessage
from matching.states import INTRODUCTION, DeclineReason, IntroductionStatus, Side
from packages import actions as packages_actions
from tests.database import check_deferred_guards
from tests.factories import buyers, consortia, matching
from tests.factories.accounts import person
from tests.scenes import scene as shared

pytestmark = pytest.mark.uncovered

REQUESTED, ACCEPTED, DECLINED = (
    IntroductionStatus.REQUESTED,
    IntroductionStatus.ACCEPTED,
    IntroductionStatus.DECLINED,
)
WITHDRAWN, CLOSED = IntroductionStatus.WITHDRAWN, IntroductionStatus.CLOSED

ACTS = {
    "accept_introduction": lambda made, by, now: actions.accept_introduction(made, by=by, now=now),
    "decline_introduction": lambda made, by, now: actions.decline_introduction(
        made, by=by, now=now, reason=DeclineReason.FIT
    ),
    "withdraw_introduction": lambda made, by, now: actions.withdraw_introduction(made, by=by, now=now),
    "close_introduction": lambda made, by, now: actions.close_introduction(made, by=by, now=now),
    "write_message": lambda made, by, now: actions.write_message(made, by=by, now=now, body="Hello."),
}
MOVES = {
    (REQUESTED, "accept_introduction"): ACCEPTED,
    (REQUESTED, "decline_introduction"): DECLINED,
    (REQUESTED, "withdraw_introduction"): WITHDRAWN,
    (ACCEPTED, "close_introduction"): CLOSED,
    (ACCEPTED, "write_message"): ACCEPTED,
}
MAY = {
    "accept_introduction": {"anchor"},
    "decline_introduction": {"anchor"},
    "withdraw_introduction": {"buyer"},
    "close_introduction": {"buyer", "anchor"},
    "write_message": {"buyer", "anchor"},
}
CAST = ["buyer", "anchor", "member", "rival", "stranger", "officer", "looker"]


@shared
def cast(scene, now):
    """A rival company, a person of the buyer who may only look, and an officer, beside those of the scene."""
    consortia.company("Rival Systems Inc", now=now, by=person("rival"))
    matching.viewer(scene.buyer.organization, "looker", now=now)
    buyers.officer(now)
    return scene


@shared
def requested(scene, now):
    return matching.introduction(scene, now=now)


@shared
def accepted(requested, now):
    return actions.accept_introduction(requested, by=person("anchor"), now=now)


@shared
def made(status, scene, now):
    """An introduction in the state that the test names."""
    return matching.introduction_at(status, scene, now=now)


def told(kind: str) -> list[str]:
    found = Notification.objects.filter(kind=f"matching.{kind}").order_by("recipient__email")
    return list(found.values_list("recipient__name", flat=True))


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("status", IntroductionStatus.values)
def test_every_act_in_every_state(made, now, act, status):
    by = person("buyer" if act == "withdraw_introduction" else "anchor")
    target = MOVES.get((status, act))
    if target is None:
        with pytest.raises(UnableTo):
            ACTS[act](made, by, now)
    else:
        ACTS[act](made, by, now)
    made.refresh_from_db()
    assert made.status == (target or status)
    check_deferred_guards()


def test_the_table_is_the_machines():
    assert {(source, t.action) for t in INTRODUCTION.transitions.values() for source in t.sources} == {
        key for key in MOVES if key[1] != "write_message"
    }


@pytest.mark.parametrize("act", ACTS)
def test_who_may(cast, now, act):
    status = ACCEPTED if act in ("close_introduction", "write_message") else REQUESTED
    made = matching.introduction_at(status, cast, now=now)
    may = set()
    for name in CAST:
        try:
            with transaction.atomic():
                ACTS[act](made, person(name), now)
                may.add(name)
                transaction.set_rollback(True)
        except PermissionDenied:
            pass
    assert may == MAY[act]


@pytest.mark.parametrize("name", [name for name in CAST if name != "buyer"])
def test_only_the_buyers_people_ask(cast, now, name):
    with pytest.raises(PermissionDenied):
        actions.request_introduction(cast.need, by=person(name), now=now, package=cast.package, message="Hello.")


def test_a_request_is_recorded_told_and_receipted(scene, now):
    made, receipt = actions.request_introduction(
        scene.need, by=person("buyer"), now=now, package=scene.package, message="Let us talk."
    )
    assert (made.status, made.version, made.created_at) == (REQUESTED, 1, now)
    assert told("introduction_requested") == ["Anchor", "Buyer"]
    assert receipt == Receipt.objects.get(act="request_introduction")
    assert receipt.path == f"/introductions/{made.pk}/"
    entry = LedgerEntry.objects.get(subject_type="matching.introduction", action="request_introduction")
    assert entry.detail == f'{{"need": {scene.need.pk}, "package": {scene.package.pk}}}'


def test_both_sides_are_mailed_the_acceptance(scene, now):
    matching.introduction_at(ACCEPTED, scene, now=now)
    assert told("introduction_accepted") == ["Anchor", "Buyer"]
    mails = Mail.objects.filter(key__contains="introduction_accepted").order_by("to_address")
    assert [mail.to_address for mail in mails] == ["anchor@example.com", "buyer@example.com"]


def test_the_buyer_is_told_the_reason(scene, now):
    made = matching.introduction_at(DECLINED, scene, now=now)
    assert (made.decline_reason, made.decline_note, made.answered_at) == ("CAPACITY", "Not this year.", now)
    letter = Notification.objects.get(kind="matching.introduction_declined")
    assert letter.recipient == person("buyer")
    assert "Reason: No capacity at present." in letter.body
    assert "Not this year." in letter.body


def test_a_message_is_told_to_the_other_side_without_its_words(accepted, now):
    actions.write_message(accepted, by=person("buyer"), now=now, body="Our secret plan.")
    letter = Notification.objects.get(kind="matching.message_written")
    assert letter.recipient == person("anchor")
    assert "secret" not in letter.subject + letter.body
    actions.write_message(accepted, by=person("anchor"), now=now, body="Thank you.")
    assert [str(message) for message in selectors.messages_of(accepted)] == ["Our secret plan.", "Thank you."]
    assert told("message_written") == ["Anchor", "Buyer"]


def test_a_message_is_never_changed(accepted, now):
    message = actions.write_message(accepted, by=person("buyer"), now=now, body="Hello.")
    with pytest.raises(IntegrityError, match="corrected by a new row"), transaction.atomic():
        ThreadMessage.objects.filter(pk=message.pk).update(body="Goodbye.")


def test_a_status_changed_past_the_actions_fails_at_commit(requested):
    Introduction.objects.filter(pk=requested.pk).update(status=ACCEPTED)
    with pytest.raises(IntegrityError, match="the ledger holds REQUESTED"):
        check_deferred_guards()


# --- when it is possible ---------------------------------------------------------------------------------------------


def suspend_trust(scene, now):
    case = scene.buyer.cases.get(status=CaseStatus.TRUSTED)
    buyers_actions.suspend_trust(case, by=buyers.officer(now), now=now, reason="OTHER", note="A new owner appeared.")


def withdraw_package(scene, now):
    packages_actions.withdraw_package(scene.package, by=person("anchor"), now=now)


def edit_need_beyond_the_scope(scene, now):
    buyers_actions.edit_need(scene.need, by=person("buyer"), now=now, destination="BR")


def close_need(scene, now):
    buyers_actions.close_need(scene.need, by=person("buyer"), now=now)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (suspend_trust, "trusted buyer"),
        (withdraw_package, "not offered"),
        (close_need, "Choose a need that is posted"),
        (lambda scene, now: matching.introduction(scene, now=now), "already an introduction"),
    ],
)
def test_a_request_is_refused_in_words(scene, now, spoil, words):
    spoil(scene, now)
    before = Introduction.objects.count()
    with pytest.raises(UnableTo, match=words):
        matching.introduction(scene, now=now)
    assert Introduction.objects.count() == before


def test_a_request_is_refused_after_the_trust_has_ended(scene, now):
    later = now + timedelta(days=400)
    with pytest.raises(UnableTo, match="trusted buyer"):
        matching.introduction(scene, now=later)


def test_a_need_beyond_the_scope_of_trust_is_refused(scene, now):
    scene.need = buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, destination="BR")
    with pytest.raises(UnableTo, match="within what your organization is trusted for"):
        matching.introduction(scene, now=now)


@shared
def syrian(scene, now):
    """A trust that was given for an embargoed destination by mistake."""
    buyers_actions.revoke_trust(
        scene.buyer.cases.get(status=CaseStatus.TRUSTED), by=buyers.officer(now), now=now, note="Scope."
    )
    buyers.case_at(CaseStatus.TRUSTED, scene.buyer, now=now, countries=["SY"])
    scene.need = buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, destination="SY")
    return scene


def test_an_embargoed_destination_is_refused_whatever_the_trust_says(syrian, now):
    with pytest.raises(UnableTo, match="country rules"):
        matching.introduction(syrian, now=now)


def test_after_a_decline_it_may_be_asked_again(scene, now):
    matching.introduction_at(DECLINED, scene, now=now)
    assert matching.introduction(scene, now=now).status == REQUESTED


@pytest.mark.parametrize("spoil", [suspend_trust, withdraw_package, edit_need_beyond_the_scope])
def test_a_paused_introduction_takes_no_messages_and_closes_the_contacts(scene, accepted, now, spoil):
    assert len(selectors.contacts_of(accepted, now)) == 2
    spoil(scene, now)
    assert selectors.contacts_of(accepted, now) == []
    assert [found.is_live for found in selectors.introductions_for(person("anchor"), now)] == [False]
    for name in ("buyer", "anchor"):
        with pytest.raises(UnableTo, match="is paused"):
            actions.write_message(accepted, by=person(name), now=now, body="Hello.")
    assert ThreadMessage.objects.count() == 0


@pytest.mark.parametrize("spoil", [suspend_trust, withdraw_package, edit_need_beyond_the_scope])
def test_a_paused_request_cannot_be_accepted_but_declined(scene, requested, now, spoil):
    spoil(scene, now)
    with pytest.raises(UnableTo, match="is paused"):
        actions.accept_introduction(requested, by=person("anchor"), now=now)
    assert actions.decline_introduction(requested, by=person("anchor"), now=now, reason="FIT").status == DECLINED


def test_a_destination_that_is_closed_after_the_request_cannot_be_accepted(scene, requested, now):
    closed = DatedRule.objects.get(code="ear_country_group_E:1", effective_to=None)
    closed.value = [*closed.value, scene.need.destination]
    closed.save()
    with pytest.raises(UnableTo, match="is paused"):
        actions.accept_introduction(requested, by=person("anchor"), now=now)


def test_a_closed_need_pauses_nothing(scene, accepted, now):
    close_need(scene, now)
    assert selectors.is_live(accepted, now)
    assert actions.write_message(accepted, by=person("buyer"), now=now, body="Hello.")


def test_the_pause_ends_with_its_cause(scene, accepted, now):
    withdraw_package(scene, now)
    packages_actions.publish_package(scene.package, by=person("anchor"), now=now)
    assert selectors.is_live(accepted, now)


# --- who sees what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CAST)
def test_who_sees_an_introduction(cast, requested, now, name):
    sees = name in ("buyer", "looker", "anchor")
    assert list(selectors.introductions_for(person(name), now)) == ([requested] if sees else [])


@pytest.mark.parametrize("status", [REQUESTED, DECLINED, WITHDRAWN, CLOSED])
def test_contacts_are_closed_unless_it_is_accepted(made, now, status):
    assert selectors.contacts_of(made, now) == []


def test_acceptance_opens_contacts_and_people_of_both_sides_and_nobody_twice(cast, accepted, now):
    """The buyer's contact is its user; Grace is the anchor's contact and no user."""
    opened = {
        side.side: ([party.email for party in side.parties], [user.name for user in side.people])
        for side in selectors.contacts_of(accepted, now)
    }
    assert opened == {
        Side.BUYER: (["buyer@example.com"], []),
        Side.VENDOR: (["grace@meridian.test"], ["Anchor"]),
    }
