"""From rows to the scorer's facts, and which rows can meet at all."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from buyers.models import Need
from buyers.selectors import is_in_scope, posted_needs, trust_of
from buyers.states import NeedStatus
from core import dated
from matching.facts import (
    Destination,
    NeedFacts,
    PackageFacts,
    band_of_capacity,
    band_of_price,
    reach_of_budget,
    weeks_between,
)
from matching.models import ModelVersion
from matching.scoring import Weights
from matching.text import terms
from packages.models import Package, PackageVersion
from packages.selectors import offered
from packages.states import BLOC_MEMBERS
from screening.selectors import groups_of

CHUNK = 500
"""Rows in memory at a time, however many needs or packages there are."""


def model_at(now: datetime) -> ModelVersion:
    """The version of the weights in effect. Raises DoesNotExist where none is."""
    return ModelVersion.objects.filter(effective_from__lte=now).order_by("-number")[:1].get()


def weights_of(model: ModelVersion) -> Weights:
    return Weights(model.buyer_weights, model.vendor_weights)


class Places:
    """What the dated rules of one day say of countries; each country is read once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self._known: dict[str, Destination] = {}

    def __getitem__(self, country: str) -> Destination:
        if country not in self._known:
            self._known[country] = self._read(country)
        return self._known[country]

    def _read(self, country: str) -> Destination:
        concern = self._rule("cfp_country_of_concern")
        signs = self._rule("advanced_computing_destinations")
        holds_groups = self._rule("ear_country_group_E:1") is not None
        groups = frozenset(groups_of(country, self.day)) if holds_groups else None
        return Destination(
            country=country,
            is_excluded=None if concern is None else country in concern,
            groups=groups,
            has_license_sign=_license_sign(country, groups, signs),
        )

    def _rule(self, code: str) -> Any:
        """None where no rule holds: the gates take that for "cannot tell"."""
        try:
            return dated.rule_at(code, self.day).value
        except dated.NoRule:
            return None


def _license_sign(country: str, groups: frozenset[str] | None, signs: Any) -> bool | None:
    if groups is None or signs is None:
        return None
    if country in signs["treated_as_cn"]:
        return True
    return bool(groups & set(signs["licence_groups"])) and not groups & set(signs["open_groups"])


def need_facts(need: Need, places: Places) -> NeedFacts:
    """Of a need that `buyers.selectors.posted_needs` returned: posted, by a trusted buyer, within the trust's scope."""
    start = (need.posted_at or need.created_at).date()
    return NeedFacts(
        destination=places[need.destination],
        components=frozenset(need.components),
        sectors=frozenset(need.sectors),
        deployments=frozenset(need.deployments),
        residency=need.residency,
        languages=frozenset(need.languages),
        standards=frozenset(need.standards),
        capacity_band=band_of_capacity(need.capacity_mw),
        budget_band=reach_of_budget(need.budget_usd),
        weeks_available=weeks_between(start, need.needed_by),
        wants_financing=need.wants_financing,
        text=terms(f"{need.title}\n{need.text}"),
    )


def package_facts(version: PackageVersion) -> PackageFacts:
    """Of the current version of an offered package; only what is public of it."""
    return PackageFacts(
        components=frozenset(c["letter"] for c in version.public["components"] if c["items"]),
        target_countries=frozenset(version.target_countries),
        bloc_countries=frozenset(country for bloc in version.target_blocs for country in BLOC_MEMBERS[bloc]),
        sectors=frozenset(version.sectors),
        deployments=frozenset(version.deployments),
        languages=frozenset(version.languages),
        standards=frozenset(version.standards),
        capacity_band=band_of_capacity(version.capacity_mw),
        price_band=band_of_price(version.price_band),
        delivery_weeks=version.delivery_weeks,
        text=terms(_public_text(version)),
    )


def _public_text(version: PackageVersion) -> str:
    parts = [version.title, version.summary]
    for component in version.public["components"]:
        parts.append(component["summary"])
        parts += [f"{item['name']} {item.get('description', '')}" for item in component["items"]]
    return "\n".join(parts)


@dataclass(frozen=True)
class Pair:
    """A need and the version of a package, with what the scorer knows of them."""

    need: Need
    version: PackageVersion
    need_facts: NeedFacts
    package_facts: PackageFacts


def pair_of(need: Need, package: Package, now: datetime) -> Pair | None:
    """Any pair as it stands at `now`, for "why" and "why not"; None for a package that was never published."""
    version = package.current_version
    if version is None:
        return None
    trust = trust_of(need.buyer, now)
    asked = replace(
        need_facts(need, Places(now.date())),
        is_posted=need.status == NeedStatus.POSTED,
        buyer_is_trusted=trust is not None,
        is_in_scope=is_in_scope(trust, destination=need.destination, components=need.components),
    )
    held = replace(package_facts(version), is_offered=offered(now).filter(pk=package.pk).exists())
    return Pair(need, version, asked, held)


def candidates_for_need(need: Need, now: datetime) -> Iterator[list[Package]]:
    """Offered packages that target the need's destination, in chunks by id; the gates judge the rest."""
    blocs = [bloc for bloc, members in BLOC_MEMBERS.items() if need.destination in members]
    targets = Q(current_version__target_countries__contains=[need.destination])
    return _chunks(offered(now).filter(targets | Q(current_version__target_blocs__overlap=blocs)))


def candidates_for_package(version: PackageVersion, now: datetime) -> Iterator[list[Need]]:
    """Posted needs of trusted buyers for the countries that the package targets, in chunks by id."""
    targets = set(version.target_countries).union(*(BLOC_MEMBERS[bloc] for bloc in version.target_blocs))
    return _chunks(posted_needs(now).filter(destination__in=targets))


def _chunks[M: Model](rows: QuerySet[M]) -> Iterator[list[M]]:
    """By key, not by a server-side cursor, which would hold its snapshot and die with a pooled connection."""
    last, is_more = 0, True
    while is_more and (chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK])):
        last, is_more = chunk[-1].pk, len(chunk) == CHUNK
        yield chunk
