"""Recommending trust, and what screening stops at every officer's act."""

import json
from datetime import date, timedelta

import pytest

from buyers import actions, selectors
from buyers.models import CaseLetter, VettingCase
from core import outbox
from core.errors import UnableTo
from core.ledger import entries_for
from core.models import DatedRule
from organizations.actions import edit_organization
from screening.actions import confirm_hit
from screening.models import CurrentRelease, ScreeningRun
from tests.buyers.conftest import told
from tests.factories import buyers as make
from tests.factories import screening
from tests.factories.accounts import person
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def recommended(case, now) -> None:
    make.recommend(case, now=now)


# --- recommending ---------------------------------------------------------------------------------------------------


def test_a_recommendation_stores_its_terms_and_its_evidence(case, now):
    others = make.second_officer(now)
    make.recommend(case, now=now, countries=["TZ", "KE", "KE"], components=["C", "A"])
    assert (case.status, case.recommended_by, case.recommended_at) == ("RECOMMENDED", make.officer(now), now)
    assert (case.scope_countries, case.scope_components) == (["KE", "TZ"], ["A", "C"])
    assert (case.countersigned_by, case.decided_at, case.assigned_to) == (None, None, make.officer(now))
    run = ScreeningRun.objects.latest("pk")
    assert json.loads(entries_for(case).last().detail) == {
        "record": case.decisions.get().sha256,
        "profile": selectors.profile_stamp(case.buyer),
        "release": run.release_id,
        "rule": "trust_max_days",
        "rule_version": 1,
        "run": run.pk,
        "until": "2027-09-20",
    }
    assert selectors.trust_of(case.buyer, now) is None
    assert told(others) == ["buyers.countersignature_wanted"]  # nobody else is at the post: the pool is asked


def test_the_second_officer_is_told(case, now):
    others, colleague = make.second_officer(now), make.federal("colleague", now=now, at=make.post())
    make.recommend(case, now=now)
    assert told(others) == []  # somebody is at the post: the officers there are asked first
    assert told(colleague) == ["buyers.countersignature_wanted"]
    assert "buyers.countersignature_wanted" not in told(make.officer(now))


@pytest.mark.parametrize(
    ("until", "is_possible"),
    [
        (date(2026, 11, 23), False),
        (date(2026, 11, 24), False),
        (date(2026, 11, 25), True),
        (date(2027, 11, 24), True),
        (date(2027, 11, 25), False),
        (date(9999, 12, 31), False),
    ],
)
def test_trust_ends_within_what_the_dated_rule_allows(until, is_possible, case, now):
    arguments = {"opinion": "Fine.", "countries": ["KE"], "components": ["A"], "until": until}
    if is_possible:
        assert actions.recommend_trust(case, by=make.officer(now), now=now, **arguments).status == "RECOMMENDED"
    else:
        with pytest.raises(UnableTo, match="Trust may last at most 365 days"):
            actions.recommend_trust(case, by=make.officer(now), now=now, **arguments)


def test_no_rule_on_the_length_is_no_trust(case, now):
    DatedRule.objects.filter(code="trust_max_days").delete()
    with pytest.raises(UnableTo, match="No rule 'trust_max_days' holds"):
        make.recommend(case, now=now)


def test_a_checklist_that_does_not_carry_it_is_named(case, now):
    actions.record_findings(case, by=make.officer(now), now=now, findings={"OWNERSHIP": ("CANNOT_TELL", "Opaque.")})
    with pytest.raises(UnableTo, match="“Owners are known and add up” must be known"):
        make.recommend(case, now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"


@pytest.mark.parametrize("opinion", ["", "  "])
def test_a_recommendation_has_an_opinion(opinion, case, now):
    with pytest.raises(UnableTo, match="Write your opinion"):
        make.recommend(case, now=now, opinion=opinion)


# --- screening stops it, at both officers' acts ---------------------------------------------------------------------


def stale(now, _buyer, _tmp_path):
    CurrentRelease.objects.update(confirmed_at=now - timedelta(days=4))


def missing(now, _buyer, _tmp_path):
    CurrentRelease.objects.all().delete()


def changed(now, buyer, _tmp_path):
    edit_organization(buyer.organization, by=person("buyer"), now=now, legal_name="Umeme Grid Corporation")


def named(now, _buyer, tmp_path):
    screening.imported(screening.list_file(tmp_path / "new.csv", "Umeme Grid Company"), now=now)
    outbox.drain(now)


def confirmed(now, buyer, tmp_path):
    named(now, buyer, tmp_path)
    hit = buyer.organization.hits.first()
    confirm_hit(hit, by=make.officer(now), now=now, reason="Same address.")


SPOILED = [
    (stale, "The screening list was last confirmed on 2026-11-20"),
    (missing, "No screening list has been imported"),
    (changed, "it is being screened again"),
    (named, "1 screening hit waits for a decision"),
    (confirmed, "An officer found that this is a listed party"),
]


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_recommendation_unless_screening_is_clear(spoil, reason, case, now, tmp_path):
    spoil(now, case.buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        make.recommend(case, now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "OPEN"


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_countersignature_unless_screening_is_clear(spoil, reason, case, recommended, now, tmp_path):
    spoil(now, case.buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        actions.countersign_trust(case, by=make.second_officer(now), now=now)
    assert VettingCase.objects.get(pk=case.pk).status == "RECOMMENDED"
    assert CaseLetter.objects.count() == 0


@pytest.mark.parametrize(("spoil", "reason"), SPOILED)
def test_no_restoration_unless_screening_is_clear(spoil, reason, buyer, cleared, now, tmp_path):
    suspended = make.case_at("SUSPENDED", buyer, now=now)
    spoil(now, buyer, tmp_path)
    with pytest.raises(UnableTo, match=f"Trust is not possible: .*{reason}"):
        actions.restore_trust(suspended, by=make.officer(now), now=now, reason="RESOLVED")


def test_an_unscreened_organization_is_not_recommended(now, tmp_path):
    make.clear(now, tmp_path)
    buyer = make.buyer(now=now)  # and the worker is down
    with pytest.raises(UnableTo, match="This organization has not been screened yet"):
        make.case_at("RECOMMENDED", buyer, now=now)
