"""Two officers, what they take back, and the letters that they send."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from buyers import actions, selectors
from buyers.letters import Draft
from buyers.models import CaseLetter, VettingCase
from buyers.states import Finding
from core import outbox
from core.errors import StaleVersion, UnableTo
from core.ledger import entries_for
from core.models import Mail, Notification
from organizations.actions import add_document, edit_organization, set_identifiers
from screening.models import CurrentRelease
from tests.buyers.conftest import told
from tests.factories import buyers as make
from tests.factories.accounts import person
from tests.factories.organizations import member
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def recommended(case, now) -> None:
    make.recommend(case, now=now)


def acts_on(case) -> list[str]:
    return list(entries_for(case).values_list("action", flat=True))


# --- two officers ---------------------------------------------------------------------------------------------------


def test_one_officer_cannot_do_both(case, recommended, now):
    with pytest.raises(PermissionDenied):
        actions.countersign_trust(case, by=make.officer(now), now=now)


def test_the_second_officer_decides_on_what_the_first_one_saw(case, recommended, now):
    later = now + timedelta(minutes=1)
    actions.edit_buyer(case.buyer, by=person("buyer"), now=later, **make.PROFILE | {"activity": "Mines."})
    assert told(make.officer(now))[-1] == "buyers.recommendation_void"
    with pytest.raises(UnableTo, match="not possible while the status is “Under review”"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)
    assert (case.recommended_by, case.trusted_until, acts_on(case)[-1]) == (None, None, "void_recommendation")
    make.recommend(case, now=later)
    actions.countersign_trust(case, by=make.second_officer(now), now=later)
    assert case.status == "TRUSTED"


def test_an_address_counts_as_a_change(case, recommended, now):
    later = now + timedelta(minutes=1)
    edit_organization(case.buyer.organization, by=person("buyer"), now=later, address="Elsewhere 9")
    with pytest.raises(UnableTo, match="it is being screened again"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)
    assert selectors.recommended_stamp(case) != selectors.profile_stamp(case.buyer)


@pytest.mark.parametrize("minutes", [-1, 1])
def test_a_change_counts_whenever_its_request_began(minutes, case, recommended, now):
    """One that began before the recommendation may be stored after it: a slow upload is enough."""
    began = now + timedelta(minutes=minutes)
    make.need(case.buyer, now=began, destination="TZ")
    with pytest.raises(UnableTo, match="changed its profile after the recommendation"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now + timedelta(minutes=2))


def test_a_registration_number_counts_as_a_change(case, recommended, now):
    later = now + timedelta(minutes=1)
    numbers = {"REGISTRATION": "C-99"}
    set_identifiers(case.buyer.organization, by=person("buyer"), now=later, identifiers=numbers)
    with pytest.raises(UnableTo, match="it is being screened again"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)
    assert selectors.recommended_stamp(case) != selectors.profile_stamp(case.buyer)


@pytest.mark.parametrize("fact", ["need", "document"])
def test_needs_and_documents_are_read_too(fact, case, recommended, now):
    if fact == "need":
        make.need(case.buyer, now=now, destination="TZ")
    else:
        upload = SimpleUploadedFile("register.txt", b"Shareholders", "text/plain")
        add_document(case.buyer.organization, by=person("buyer"), now=now, upload=upload, kind="REGISTRY")
    with pytest.raises(UnableTo, match="changed its profile after the recommendation"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now)


def test_a_change_of_what_is_screened_voids_a_recommendation_at_once(case, recommended, now):
    outbox.drain(now)
    edit_organization(case.buyer.organization, by=person("buyer"), now=now + timedelta(minutes=1), country="TZ")
    outbox.drain(now + timedelta(minutes=1))
    case.refresh_from_db()
    assert (case.status, case.recommended_by) == ("OPEN", None)
    entry = entries_for(case).filter(action="void_recommendation").get()
    assert (entry.actor, json.loads(entry.detail)) == ("system:screening", {"cause": "profile"})


def test_a_second_officer_who_read_another_recommendation_decides_nothing(case, recommended, now):
    seen = selectors.stamp_of(case)
    actions.return_case(case, by=make.second_officer(now), now=now, note="Narrow it.")
    make.recommend(case, now=now, countries=["KE", "TZ", "UG"])
    with pytest.raises(StaleVersion, match="changed after you read it"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now, seen=seen)
    assert actions.countersign_trust(
        case, by=make.second_officer(now), now=now, seen=selectors.stamp_of(case)
    ).scope_countries == ["KE", "TZ", "UG"]


def test_who_recommended_is_asked_of_the_case_as_it_is_now(case, recommended, now):
    """The officer's own recommendation, made after the page was read, is not theirs to countersign."""
    read_before = VettingCase.objects.get(pk=case.pk)
    actions.return_case(case, by=make.second_officer(now), now=now, note="I shall recommend it myself.")
    until = (now + timedelta(days=9)).date()
    arguments = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": until}
    actions.recommend_trust(case, by=make.second_officer(now), now=now, **arguments)
    with pytest.raises(PermissionDenied):
        actions.countersign_trust(read_before, by=make.second_officer(now), now=now)


def test_a_returned_case_forgets_its_recommendation_but_the_ledger_does_not(case, recommended, now):
    actions.return_case(case, by=make.second_officer(now), now=now, note="The owner's owner is missing.")
    assert (case.status, case.recommended_by, case.trusted_until) == ("OPEN", None, None)
    assert [(note.about, note.text) for note in case.notes.all()] == [("return_case", "The owner's owner is missing.")]
    assert told(make.officer(now))[-1] == "buyers.case_returned"
    assert acts_on(case)[-2:] == ["recommend_trust", "return_case"]


def test_the_first_officer_may_be_the_second_of_the_next_round(case, recommended, now):
    actions.return_case(case, by=make.second_officer(now), now=now, note="I shall recommend it myself.")
    until = (now + timedelta(days=9)).date()
    arguments = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": until}
    actions.recommend_trust(case, by=make.second_officer(now), now=now, **arguments)
    actions.countersign_trust(case, by=make.officer(now), now=now)
    assert (case.recommended_by, case.countersigned_by) == (make.second_officer(now), make.officer(now))


def test_a_recommendation_whose_end_has_passed_is_not_countersigned(case, now):
    make.recommend(case, now=now, days=1)
    later = now + timedelta(days=2)
    CurrentRelease.objects.update(confirmed_at=later)
    with pytest.raises(UnableTo, match="The recommended end of trust has passed"):
        actions.countersign_trust(case, by=make.second_officer(now), now=later)


def test_trust_replaces_the_trust_before_it(buyer, cleared, now, news):
    old = make.case_at("TRUSTED", buyer, now=now)
    new = make.case_at("TRUSTED", buyer, now=now)
    old.refresh_from_db()
    assert (old.status, new.status) == ("REPLACED", "TRUSTED")
    assert news("buyers.trust_changed") == [{"buyer": buyer.pk}] * 2


def test_a_refused_renewal_leaves_the_trust_in_force(buyer, cleared, now):
    trusted = make.case_at("TRUSTED", buyer, now=now)
    make.case_at("REFUSED", buyer, now=now)
    assert selectors.trust_of(buyer, now) == trusted


# --- taking it back -------------------------------------------------------------------------------------------------


def test_suspending_and_restoring_keep_end_and_scope(buyer, cleared, now, news):
    case = make.case_at("TRUSTED", buyer, now=now)
    until, scope = case.trusted_until, case.scope_components
    actions.suspend_trust(case, by=make.manager(now), now=now, reason="OTHER", note="A newspaper report.")
    assert selectors.trust_of(buyer, now) is None
    actions.restore_trust(case, by=make.officer(now), now=now, reason="RESOLVED")
    assert (case.trusted_until, case.scope_components) == (until, scope)
    assert selectors.trust_of(buyer, now) == case
    assert news("buyers.trust_changed") == [{"buyer": buyer.pk}] * 3


def test_a_trust_that_has_ended_is_not_restored(buyer, cleared, now):
    case = make.case_at("SUSPENDED", buyer, now=now)
    later = case.trusted_until + timedelta(days=1)
    CurrentRelease.objects.update(confirmed_at=later)
    with pytest.raises(UnableTo, match="This trust has ended; open a new case"):
        actions.restore_trust(case, by=make.officer(now), now=later, reason="RESOLVED")


@pytest.mark.parametrize("act", ["suspend_trust", "revoke_trust"])
def test_an_officer_says_why(act, buyer, cleared, now):
    case = make.case_at("TRUSTED", buyer, now=now)
    reason = {"reason": "OTHER"} if act == "suspend_trust" else {}
    with pytest.raises(UnableTo, match="Say why, in a note"):
        getattr(actions, act)(case, by=make.officer(now), now=now, note=" ", **reason)
    assert VettingCase.objects.get(pk=case.pk).status == "TRUSTED"


# --- letters --------------------------------------------------------------------------------------------------------


def test_a_letter_is_stored_and_mailed_word_for_word(case, now):
    letter = Draft("About your registration", "First.\n\nSecond, with “quotes” & signs.")
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="END_USE", letter=letter)
    stored = CaseLetter.objects.get()
    assert (stored.kind, stored.subject, stored.body) == ("REFUSED", letter.subject, letter.body)
    assert (stored.sent_by, stored.sent_at) == (make.officer(now), now)
    in_app = Notification.objects.filter(recipient=person("buyer")).latest("pk")
    assert (in_app.subject, in_app.body) == (letter.subject, letter.body)
    assert Mail.objects.get(subject=letter.subject).text.startswith(letter.body)
    assert acts_on(case)[-2:] == ["refuse_trust", "send_letter"]


def test_everybody_in_the_organization_gets_the_letter(case, now):
    viewer = member(case.buyer.organization, "viewer", "VIEWER", now=now)
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="POLICY")
    assert told(viewer) == ["buyers.refused"]


def test_a_letter_that_discloses_undoes_the_decision(case, now):
    letter = Draft("Decision", "You were found on the Entity List.")
    with pytest.raises(UnableTo, match=r"must not mention this.*Entity List"):
        actions.refuse_trust(case, by=make.officer(now), now=now, reason="POLICY", letter=letter)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"
    assert CaseLetter.objects.count() == 0


def test_the_name_in_a_hit_and_the_note_of_an_officer_stay_inside(buyer, now, tmp_path):
    make.clear(now, tmp_path, "County Holdings Group")
    case = make.case_at("OPEN", buyer, now=now)
    note = "The owner is close to a minister under inquiry."
    findings = {"REPUTATION": (Finding.NO, note)}
    actions.record_findings(case, by=make.officer(now), now=now, findings=findings)
    assert [hit.listed_name for hit in buyer.organization.hits.all()] == ["County Holdings Group"]
    for secret in ("County Holdings Group", "County Holdings", note):
        letter = Draft("Decision", f"It is because of this: {secret}")
        with pytest.raises(UnableTo, match="must not mention this"):
            actions.refuse_trust(case, by=make.officer(now), now=now, reason="OWNERSHIP", letter=letter)
    actions.refuse_trust(case, by=make.officer(now), now=now, reason="OWNERSHIP")
    assert case.status == "REFUSED"
