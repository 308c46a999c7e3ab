"""Scoring pairs anew when one side of them changed, and telling both sides of a new match."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from buyers.models import Need
from buyers.selectors import posted_needs
from consortia.selectors import people_of_anchor
from core import notifications, outbox
from core.actions import action
from core.actors import Actor
from matching import gates, letters, rules, scoring, selectors
from matching.models import Match, ModelVersion
from matching.states import Side
from organizations.selectors import people_of
from packages.models import Package, PackageVersion
from packages.selectors import offered

ADVISORY_BOARD, ADVISORY_NEED = 14321, 14322  # classes of our advisory locks; the outbox has 14320
SCORED_FIELDS = [
    "package_version",
    "need_version",
    "model",
    "score",
    "buyer_utility",
    "vendor_utility",
    "contributions",
    "unknowns",
    "updated_at",
]


@action(rules.is_matching_job)
def refresh_need(need_id: int, *, by: Actor, now: datetime) -> None:
    """Score a need against every package that it may meet; a need that may meet none loses its matches."""
    _lock_need(need_id)
    need = posted_needs(now).filter(pk=need_id).first()
    _store(Q(need=need_id), _matches_of_need(need, now) if need else (), now)


@action(rules.is_matching_job)
def refresh_package(package_id: int, *, by: Actor, now: datetime) -> None:
    """Score a package against every need that it may meet; a package that is not offered loses its matches."""
    _lock_board()
    _refresh_package(package_id, now)


@action(rules.is_matching_job)
def refresh_buyer(buyer_id: int, *, by: Actor, now: datetime) -> None:
    """Every need of a buyer, after its trust changed."""
    for need_id in Need.objects.filter(buyer=buyer_id).order_by("pk").values_list("pk", flat=True):
        refresh_need(need_id, by=by, now=now)


@action(rules.is_matching_job)
def refresh_organization(organization_id: int, *, by: Actor, now: datetime) -> None:
    """What an organization asks for as a buyer, and what it supplies, after it was screened."""
    _lock_board()
    for need_id in Need.objects.filter(buyer__organization=organization_id).order_by("pk").values_list("pk", flat=True):
        refresh_need(need_id, by=by, now=now)
    supplied = Package.objects.filter(current_version__suppliers__organization=organization_id)
    for package_id in supplied.order_by("pk").values_list("pk", flat=True):
        _refresh_package(package_id, now)


def _refresh_package(package_id: int, now: datetime) -> None:
    package = offered(now).filter(pk=package_id).first()
    version = package.current_version if package else None
    _store(Q(package=package_id), _matches_of_package(version, now) if version else (), now)


# --- locks: whoever changed last is scored last ----------------------------------------------------------------------


def _lock_need(need_id: int) -> None:
    """Needs are scored side by side, but none while a package is: a pair has one writer at a time.

    Whoever waits here reads afterwards, so the task of the newer change always stores what is newest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '30s'")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, 0)", [ADVISORY_BOARD])
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY_NEED, need_id % 2**31])


def _lock_board() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '30s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [ADVISORY_BOARD])


# --- scoring a side --------------------------------------------------------------------------------------------------


def _matches_of_need(need: Need, now: datetime) -> Iterator[list[Match]]:
    model, facts = selectors.model_at(now), selectors.need_facts(need, selectors.Places(now.date()))
    for packages in selectors.candidates_for_need(need, now):
        pairs = (
            selectors.Pair(need, package.current_version, facts, selectors.package_facts(package.current_version))
            for package in packages
            if package.current_version
        )
        yield _scored(pairs, model, now)


def _matches_of_package(version: PackageVersion, now: datetime) -> Iterator[list[Match]]:
    model, places, facts = selectors.model_at(now), selectors.Places(now.date()), selectors.package_facts(version)
    for needs in selectors.candidates_for_package(version, now):
        pairs = (selectors.Pair(need, version, selectors.need_facts(need, places), facts) for need in needs)
        yield _scored(pairs, model, now)


def _scored(pairs: Iterable[selectors.Pair], model: ModelVersion, now: datetime) -> list[Match]:
    weights = selectors.weights_of(model)
    return [
        _match(pair, scoring.score(pair.need_facts, pair.package_facts, weights), model, now)
        for pair in pairs
        if gates.is_open(pair.need_facts, pair.package_facts)
    ]


def _match(pair: selectors.Pair, found: scoring.Score, model: ModelVersion, now: datetime) -> Match:
    return Match(
        need=pair.need,
        need_version=pair.need.version,
        package_id=pair.version.package_id,
        package_version=pair.version,
        model=model,
        score=found.score,
        buyer_utility=found.buyer_utility,
        vendor_utility=found.vendor_utility,
        contributions={"buyer": scoring.rows_of(found.buyer), "vendor": scoring.rows_of(found.vendor)},
        unknowns=[str(criterion) for criterion in found.unknowns],
        created_at=now,
        updated_at=now,
    )


def _store(where: Q, chunks: Iterable[list[Match]], now: datetime) -> None:
    """Replace the matches of one need or package, chunk by chunk, and publish those that are new."""
    before = set(Match.objects.filter(where).values_list("need_id", "package_id"))
    kept: set[tuple[int, int]] = set()
    for chunk in chunks:
        stored = Match.objects.bulk_create(
            chunk, update_conflicts=True, unique_fields=["need", "package"], update_fields=SCORED_FIELDS
        )
        for match in stored:
            kept.add((match.need_id, match.package_id))
            if (match.need_id, match.package_id) not in before:
                outbox.publish("matching.match_found", key=f"match:{match.pk}", payload={"match": match.pk}, now=now)
    gone = before - kept
    if gone:
        Match.objects.filter(where, need__in={n for n, _p in gone}, package__in={p for _n, p in gone}).delete()


# --- telling ---------------------------------------------------------------------------------------------------------


@action(rules.is_matching_job)
def tell_of_match(match_id: int, *, by: Actor, now: datetime) -> None:
    """Tell both sides once of a need and a package; nobody, if the pair no longer stands at this moment."""
    match = selectors.standing_matches(now).filter(pk=match_id).first()
    if match is None:
        return
    _tell_side(match, Side.BUYER, people_of(match.need.buyer.organization), now)
    _tell_side(match, Side.VENDOR, people_of_anchor(match.package.consortium), now)


def _tell_side(match: Match, side: Side, people: Iterable[Any], now: datetime) -> None:
    key = f"match:{match.need_id}:{match.package_id}"
    notifications.notify(people, lambda _user: letters.match_found(match, side), key=key, now=now)
