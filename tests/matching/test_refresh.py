"""Matches follow what changes below, a piece at a time, and come to what a whole recomputation comes to."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from buyers import actions as buyers_actions
from buyers.models import Need
from buyers.states import CaseStatus, NeedStatus
from consortia import actions as consortia_actions
from core import outbox
from core.actors import System
from core.models import DatedRule, Mail, Notification, OutboxMessage
from matching import actions, gates, scoring, selectors, tasks
from matching.models import Match, ModelVersion
from matching.rules import JOB
from matching.states import Gate, Verdict
from packages import actions as packages_actions
from packages.models import Package
from packages.selectors import offered
from screening.tasks import catch_up
from tests.factories import buyers, matching, screening
from tests.factories.accounts import person

pytestmark = pytest.mark.uncovered

STORED = ["need", "package", "need_version", "package_version", "model", "score", "contributions", "unknowns"]


def stored() -> list[dict]:
    return list(Match.objects.order_by("need", "package").values(*STORED))


def told(kind="matching.match_found") -> list[tuple[str, str]]:
    found = Notification.objects.filter(kind=kind).order_by("recipient__email", "key")
    return list(found.values_list("recipient__name", "key"))


def rebuild(now) -> list[dict]:
    """Every pair from nothing, without the candidates' short cuts."""
    Match.objects.all().delete()
    for need in Need.objects.all():
        actions.refresh_need(need.pk, by=JOB, now=now)
    return stored()


def test_the_start_weights_are_there_and_say_who_set_them(scene, now):
    model = selectors.model_at(now)
    assert (model.number, model.certainty) == (1, "GAP")
    assert model.authority == "Start weights of the operator; no published rule"
    assert selectors.weights_of(model).buyer["SECTOR"] == 220


def test_a_posted_need_meets_an_offered_package(scene, now):
    actions.refresh_need(scene.need.pk, by=JOB, now=now)
    match = Match.objects.get()
    pair = selectors.pair_of(scene.need, scene.package, now)
    found = scoring.score(pair.need_facts, pair.package_facts, selectors.weights_of(match.model))
    assert (match.score, match.buyer_utility, match.vendor_utility) == (
        found.score,
        found.buyer_utility,
        found.vendor_utility,
    )
    assert selectors.score_of(match) == found
    assert match.unknowns == [str(criterion) for criterion in found.unknowns]
    assert (match.need_version, match.package_version) == (scene.need.version, scene.package.current_version)


def test_both_sides_give_the_same_match(scene, now):
    actions.refresh_need(scene.need.pk, by=JOB, now=now)
    from_the_need = stored()
    Match.objects.all().delete()
    actions.refresh_package(scene.package.pk, by=JOB, now=now)
    assert stored() == from_the_need != []


def test_both_sides_are_told_once_in_the_portal_and_by_mail(scored, now):
    key = f"match:{scored.need.pk}:{scored.package.pk}"
    assert told() == [("Anchor", key), ("Buyer", key)]
    mailed = Mail.objects.filter(key__startswith="match:").order_by("to_address")
    assert [mail.to_address for mail in mailed] == ["anchor@example.com", "buyer@example.com"]


def test_a_message_that_comes_again_changes_nothing_and_tells_nobody(scored, now):
    before, mails = stored(), Mail.objects.count()
    for message in OutboxMessage.objects.filter(subscriber__startswith="matching.").order_by("-id"):
        getattr(tasks, message.subscriber.rpartition(".")[2])(message, now=now)
    matching.settle(now)
    assert stored() == before
    assert len(told()) == 2
    assert Mail.objects.count() == mails


def test_a_match_that_comes_back_tells_nobody_again(scored, now):
    packages_actions.withdraw_package(scored.package, by=person("anchor"), now=now)
    matching.settle(now)
    assert stored() == []
    packages_actions.publish_package(scored.package, by=person("anchor"), now=now)
    matching.settle(now)
    assert len(stored()) == 1
    assert len(told()) == 2


def test_the_sender_tells_nobody_of_a_pair_that_no_longer_stands(scene, now):
    actions.refresh_need(scene.need.pk, by=JOB, now=now)
    packages_actions.withdraw_package(scene.package, by=person("anchor"), now=now)
    actions.tell_of_match(Match.objects.get().pk, by=JOB, now=now)
    assert told() == []


def test_a_changed_need_keeps_its_match_with_a_new_score(scored, now):
    before = Match.objects.get()
    buyers_actions.edit_need(scored.need, by=person("buyer"), now=now, languages=["en", "sw", "ar"])
    buyers_actions.post_need(scored.need, by=person("buyer"), now=now)
    matching.settle(now)
    after = Match.objects.get()
    assert (after.pk, after.created_at) == (before.pk, before.created_at)
    assert after.score < before.score
    assert after.need_version == scored.need.version


@pytest.mark.parametrize(
    "fields", [{"destination": "PL"}, {"standards": ["FEDRAMP"]}, {"budget_usd": 500_000}, {"deployments": ["EDGE"]}]
)
def test_a_need_that_no_longer_passes_a_gate_loses_its_match(scored, now, fields):
    buyers_actions.edit_need(scored.need, by=person("buyer"), now=now, **fields)
    buyers_actions.post_need(scored.need, by=person("buyer"), now=now)
    matching.settle(now)
    assert stored() == []


def close_need(scene, now):
    buyers_actions.close_need(scene.need, by=person("buyer"), now=now)


def withdraw_package(scene, now):
    packages_actions.withdraw_package(scene.package, by=person("anchor"), now=now)


def suspend_package(scene, now):
    packages_actions.suspend_package(scene.package, by=buyers.officer(now), now=now, reason="Under review.")


def suspend_trust(scene, now):
    case = scene.buyer.cases.get(status=CaseStatus.TRUSTED)
    buyers_actions.suspend_trust(case, by=buyers.officer(now), now=now, reason="OTHER", note="A new owner appeared.")


def revoke_trust(scene, now):
    case = scene.buyer.cases.get(status=CaseStatus.TRUSTED)
    buyers_actions.revoke_trust(case, by=buyers.officer(now), now=now, note="The end use changed.")


ENDINGS = [close_need, withdraw_package, suspend_package, suspend_trust, revoke_trust]


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_a_pair_deletes_its_match(scored, now, end):
    end(scored, now)
    matching.settle(now)
    assert stored() == []


@pytest.mark.parametrize("end", ENDINGS)
def test_what_ends_a_pair_hides_it_at_once_with_a_stopped_queue(scored, now, end):
    assert selectors.standing_matches(now).count() == 1
    end(scored, now)
    assert Match.objects.count() == 1
    assert selectors.standing_matches(now).count() == 0
    for name in ("buyer", "anchor", "member"):
        assert selectors.matches_for(person(name), now).count() == 0


def test_a_suspended_company_hides_the_match_although_it_sends_no_news(scored, now):
    company = scored.consortium.members.get(part="ANCHOR").company
    consortia_actions.suspend_company(company, by=buyers.officer(now), now=now)
    assert selectors.standing_matches(now).count() == 0


def test_restored_trust_brings_the_match_back(scored, now):
    suspend_trust(scored, now)
    matching.settle(now)
    case = scored.buyer.cases.get(status=CaseStatus.SUSPENDED)
    buyers_actions.restore_trust(case, by=buyers.officer(now), now=now, reason="RESOLVED")
    matching.settle(now)
    assert len(stored()) == 1


def test_a_need_outside_of_the_scope_of_trust_matches_nothing(scene, now):
    matching.offered(scene.consortium, now=now, title="For Brazil", target_countries=["BR"])
    brazil = buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, destination="BR")
    matching.settle(now)
    assert Match.objects.filter(need=brazil).count() == 0
    assert Match.objects.filter(need=scene.need).count() == 1


def test_the_screening_of_a_supplier_scores_its_packages(scene, now):
    supplier = scene.consortium.members.get(part="MEMBER").company.organization
    actions.refresh_organization(supplier.pk, by=JOB, now=now)
    assert len(stored()) == 1


def test_the_screening_of_a_buyer_scores_its_needs(scene, now):
    actions.refresh_organization(scene.buyer.organization_id, by=JOB, now=now)
    assert len(stored()) == 1


def test_only_the_job_refreshes_and_tells(scored, now):
    match = Match.objects.get()
    for by in (person("buyer"), person("anchor"), System("screening")):
        for act in (
            lambda by=by: actions.refresh_need(scored.need.pk, by=by, now=now),
            lambda by=by: actions.refresh_package(scored.package.pk, by=by, now=now),
            lambda by=by: actions.refresh_buyer(scored.buyer.pk, by=by, now=now),
            lambda by=by: actions.refresh_organization(scored.buyer.organization_id, by=by, now=now),
            lambda by=by: actions.tell_of_match(match.pk, by=by, now=now),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_newer_model_version_is_used_from_its_day_on(scored, now):
    old = selectors.model_at(now)
    new = ModelVersion.objects.create(
        number=2,
        buyer_weights=old.buyer_weights | {"SECTOR": 120, "BUDGET": 260},
        vendor_weights=old.vendor_weights,
        authority="A test",
        certainty="GAP",
        effective_from=now,
    )
    actions.refresh_need(scored.need.pk, by=JOB, now=now)
    assert Match.objects.get().model == new


@pytest.mark.parametrize("code", ["cfp_country_of_concern", "ear_country_group_E:1"])
def test_a_missing_rule_closes_the_gate_for_everybody(scene, now, code):
    DatedRule.objects.filter(code=code).delete()
    actions.refresh_need(scene.need.pk, by=JOB, now=now)
    assert Match.objects.count() == 0
    pair = selectors.pair_of(scene.need, scene.package, now)
    results = gates.check(pair.need_facts, pair.package_facts)
    closed = {result.gate: result.verdict for result in results if result.verdict != Verdict.YES}
    unfit = {Gate.PACKAGE_OFFERED: Verdict.NO} if code.startswith("cfp") else {}  # nor do its suppliers pass without it
    assert closed == {Gate.DESTINATION: Verdict.CANNOT_TELL} | unfit


# --- incremental equals whole ----------------------------------------------------------------------------------------


def brute_force(now) -> set[tuple[int, int, int]]:
    """Every posted need against every published package, by the pure functions alone."""
    weights = selectors.weights_of(selectors.model_at(now))
    pairs = [
        selectors.pair_of(need, package, now)
        for need in Need.objects.select_related("buyer__organization")
        for package in Package.objects.select_related("current_version")
    ]
    return {
        (p.need.pk, p.version.package_id, scoring.score(p.need_facts, p.package_facts, weights).score)
        for p in pairs
        if p and gates.is_open(p.need_facts, p.package_facts)
    }


def change_at_random(dice, scene, now):
    """One change that the rooms below allow at this moment."""
    need = dice.choice(list(Need.objects.all()))
    package = dice.choice(list(Package.objects.all()))
    buyer, anchor = person("buyer"), person("anchor")
    if dice.random() < 0.5:
        if need.status == NeedStatus.POSTED and dice.random() < 0.4:
            return buyers_actions.close_need(need, by=buyer, now=now)
        if need.status != NeedStatus.DRAFT:
            fields = {
                "budget_usd": dice.choice([None, 500_000, 9_000_000, 200_000_000]),
                "languages": dice.sample(["en", "sw", "fr", "ar"], 2),
                "components": dice.sample("ABCDE", 3),
                "destination": dice.choice(["KE", "KE", "AE"]),
                "text": dice.choice(["Grid forecasting of faults", "Hospital imaging", "شبكة الكهرباء"]),
            }
            buyers_actions.edit_need(need, by=buyer, now=now, **fields)
        return buyers_actions.post_need(Need.objects.get(pk=need.pk), by=buyer, now=now)
    if package.status == "PUBLISHED" and dice.random() < 0.4:
        return packages_actions.withdraw_package(package, by=anchor, now=now)
    fields = {
        "price_band": dice.choice(["UNDER_1M", "FROM_10M", "FROM_1B"]),
        "target_countries": dice.choice([["KE"], ["AE"], ["PL"]]),
        "languages": dice.sample(["en", "sw", "fr"], 2),
        "delivery_weeks": dice.choice([10, 60]),
    }
    fields["summary"] = f"Number {dice.random()}"  # so that there is something to publish
    packages_actions.save_step(package, by=anchor, now=now, fields=fields)
    return packages_actions.publish_package(package, by=anchor, now=now)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in (1, 2))])
def test_after_any_changes_the_pieces_equal_the_whole(scene, now, seed):
    dice = random.Random(seed)
    for number in range(2):
        matching.offered(scene.consortium, now=now, title=f"Stack {number}", target_countries=["KE", "PL"])
        buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, title=f"Need {number}")
    matching.settle(now)
    for _step in range(8):
        change_at_random(dice, scene, now)
        if dice.random() < 0.6:
            matching.settle(now)
    matching.settle(now)
    pieces = stored()
    assert {(row["need"], row["package"], row["score"]) for row in pieces} == brute_force(now)
    assert Match.objects.exclude(package_version=F("package__current_version")).count() == 0
    assert rebuild(now) == pieces


def test_many_rows_are_read_in_chunks_and_none_is_lost(scene, now, monkeypatch):
    monkeypatch.setattr("matching.selectors.pairs.CHUNK", 2)
    for number in range(4):
        matching.offered(scene.consortium, now=now, title=f"Stack {number}")
        buyers.need_at(NeedStatus.POSTED, scene.buyer, now=now, title=f"Need {number}")
    actions.refresh_need(scene.need.pk, by=JOB, now=now)
    assert Match.objects.filter(need=scene.need).count() == offered(now).count() == 5
    actions.refresh_package(scene.package.pk, by=JOB, now=now)
    assert Match.objects.filter(package=scene.package).count() == 5


def test_pairs_that_went_while_a_new_list_was_held_against_one_side_come_back(scored, now, tmp_path):
    """The buyer has its turn first, and by itself; the supplier, whom nothing touches, is carried over untold."""
    before, later = stored(), now + timedelta(hours=1)
    screening.imported(screening.list_file(tmp_path / "next.csv", "Umeme Waterworks"), now=now)
    OutboxMessage.objects.filter(topic="screening.list_changed", done_at=None).update(available_at=later)
    buyer = scored.buyer.organization_id
    outbox.publish("screening.part_due", key="first part", payload={"first": buyer, "last": buyer}, now=now)
    outbox.drain(now)
    catch_up(OutboxMessage(payload={"slot": "early"}), now=now - timedelta(minutes=1))
    assert (stored(), before != []) == ([], True)
    outbox.drain(later)  # the other parts
    assert stored() == []
    catch_up(OutboxMessage(payload={"slot": "late"}), now=later)
    outbox.drain(later)
    assert stored() == before
    count = OutboxMessage.objects.count()
    catch_up(OutboxMessage(payload={"slot": "later"}), now=later)
    assert OutboxMessage.objects.count() == count  # it is told once
