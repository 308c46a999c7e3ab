"""An edit after countersigning voids it, and nobody signs twice: by the action, and by the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from buyers import actions, selectors
from buyers.models import CaseLetter, VettingCase
from core import ledger
from core.errors import UnableTo
from tests.buyers.bench import case_page, step_page
from tests.database import check_deferred_guards
from tests.factories import buyers as make
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def trusted(buyer, cleared, now):
    return make.case_at("TRUSTED", buyer, now=now)


def amended(case, now, by=None, **terms):
    terms = {"opinion": "Wider.", "countries": ["KE", "TZ"], "components": ["A"]} | terms
    by = by or make.officer(now)
    return actions.amend_trust(case, by=by, now=now, until=(now + timedelta(days=90)).date(), **terms)


def test_new_terms_wait_for_a_second_officer_again(trusted, now, news):
    before = len(news("buyers.trust_changed"))
    amended(trusted, now)
    assert (trusted.status, trusted.countersigned_by, trusted.scope_countries) == ("RECOMMENDED", None, ["KE", "TZ"])
    assert (selectors.trust_of(trusted.buyer, now), len(news("buyers.trust_changed"))) == (None, before + 1)
    assert CaseLetter.objects.latest("pk").kind == "SUSPENDED"
    actions.countersign_trust(trusted, by=make.second_officer(now), now=now)
    assert selectors.trust_of(trusted.buyer, now) == trusted


def test_terms_amended_after_the_buyer_wrote_a_need_are_signed(trusted, now):
    make.need(trusted.buyer, now=now)
    decided = trusted.decided_at
    amended(trusted, now)
    actions.countersign_trust(trusted, by=make.second_officer(now), now=now)
    assert selectors.trust_of(trusted.buyer, now) == trusted
    assert trusted.decided_at == decided  # the first decision took that long; this was another look


def test_amended_terms_that_are_returned_have_a_clock_of_their_own(trusted, now):
    VettingCase.objects.filter(pk=trusted.pk).update(created_at=now - timedelta(days=200))
    trusted.refresh_from_db()
    amended(trusted, now)
    actions.return_case(trusted, by=make.second_officer(now), now=now, note="Why?")
    assert trusted.due_at > now


def test_who_signed_before_may_amend_but_not_sign_the_same(trusted, now):
    second = make.second_officer(now)
    amended(trusted, now, by=second)
    assert trusted.recommended_by == second
    assert not actions.countersign_trust.rule(second, trusted)
    actions.countersign_trust(trusted, by=make.officer(now), now=now)


def test_terms_are_not_amended_beside_a_newer_case(trusted, now):
    make.case_at("OPEN", trusted.buyer, now=now)
    with pytest.raises(UnableTo, match="Another case of this buyer is under review"):
        amended(trusted, now)


@pytest.mark.parametrize("hole", [{"opinion": " "}, {"countries": []}, {"components": []}])
def test_terms_are_whole(hole, trusted, now):
    with pytest.raises(UnableTo, match="Write your opinion"):
        amended(trusted, now, **hole)


def test_terms_are_amended_in_the_workbench(officer, recent, today):
    case = make.case_at("TRUSTED", recent, now=today)
    form = officer.get(step_page(case, "amend_trust")).context["form"]
    sent = {name: form[name].value() for name in ("until", "countries", "components", "seen")}
    sent["until"] = sent["until"].date().isoformat()
    assert (sent["countries"], len(sent["components"])) == (["KE"], 5)
    answer = officer.post(step_page(case, "amend_trust"), sent | {"opinion": "Fewer.", "components": ["A"]})
    assert answer.url == case_page(case)
    case.refresh_from_db()
    assert (case.status, case.scope_components) == ("RECOMMENDED", ["A"])


# --- the database ---------------------------------------------------------------------------------------------------

EDITS = {
    "opinion": "Another one.",
    "scope_countries": ["KE", "RU"],
    "scope_components": ["A"],
    "trusted_until": None,
}


@pytest.mark.parametrize("field", EDITS)
@pytest.mark.parametrize("state", ["TRUSTED", "SUSPENDED"])
def test_signed_terms_are_not_edited_in_the_database(state, field, buyer, cleared, now):
    case = make.case_at(state, buyer, now=now)
    value = EDITS[field] or now + timedelta(days=2)
    with pytest.raises(IntegrityError, match="an edit voids the countersignature"), transaction.atomic():
        VettingCase.objects.filter(pk=case.pk).update(**{field: value})


@pytest.mark.parametrize("field", EDITS)
def test_terms_that_nobody_signed_are_edited(field, buyer, cleared, now):
    """The positive control: the same statements before the countersignature."""
    case = make.case_at("RECOMMENDED", buyer, now=now)
    value = EDITS[field] or now + timedelta(days=2)
    assert VettingCase.objects.filter(pk=case.pk).update(**{field: value}) == 1


def test_a_signature_that_the_ledger_does_not_hold_is_refused(trusted, now):
    """One officer who writes a colleague's name beside their own."""
    with transaction.atomic():
        signed(trusted, make.officer(now), now)
        with pytest.raises(IntegrityError, match="two signatures that the ledger does not hold"), transaction.atomic():
            check_deferred_guards()
        transaction.set_rollback(True)


def test_two_true_signatures_pass(trusted, now):
    """The positive control: the same statements, by two officers."""
    signed(trusted, make.second_officer(now), now)
    check_deferred_guards()


def signed(case, by, now) -> None:
    """What a faulty action would do: the ledger tells who acted, the row names the second officer."""
    amended(case, now)
    ledger.append(case, "countersign_trust", by=by, now=now, from_state="RECOMMENDED", to_state="TRUSTED")
    VettingCase.objects.filter(pk=case.pk).update(status="TRUSTED", countersigned_by=make.second_officer(now))
