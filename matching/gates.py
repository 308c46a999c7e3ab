"""What must hold before a pair is scored at all. Pure; a gate answers yes, no or cannot tell, and only yes passes."""

from collections.abc import Callable
from dataclasses import dataclass

from matching.facts import NeedFacts, PackageFacts
from matching.states import Gate, Verdict

EMBARGOED_GROUPS = frozenset({"E:1", "E:2"})
"""EAR country groups of terrorist-supporting and embargoed countries (15 CFR 740, Supplement 1)."""

ARMS_EMBARGO_GROUP = "D:5"
CONTROLLED_COMPONENTS = frozenset({"A", "C"})
"""Components that may hold advanced computing items or closed model weights."""

IN_COUNTRY = frozenset({"ON_PREMISES", "IN_COUNTRY_CLOUD", "EDGE"})
STAYS_WITHIN: dict[str, frozenset[str]] = {"COUNTRY": IN_COUNTRY, "REGION": IN_COUNTRY | {"REGIONAL_CLOUD"}}
"""Deployments that keep data where a residency requirement wants it."""


@dataclass(frozen=True, slots=True)
class GateResult:
    """`missing` names the codes that made it fail, where there are such."""

    gate: Gate
    verdict: Verdict
    missing: tuple[str, ...] = ()


def check(need: NeedFacts, package: PackageFacts) -> tuple[GateResult, ...]:
    """Every gate's answer, in the gates' order."""
    return tuple(GateResult(gate, *test(need, package)) for gate, test in GATES.items())


def is_open(need: NeedFacts, package: PackageFacts) -> bool:
    """Whether every gate says yes; stops at the first that does not."""
    return all(test(need, package)[0] == Verdict.YES for test in GATES.values())


Answer = tuple[Verdict, tuple[str, ...]]


def _verdict(holds: bool | None) -> Answer:
    if holds is None:
        return Verdict.CANNOT_TELL, ()
    return (Verdict.YES if holds else Verdict.NO), ()


def _all_held(asked: frozenset[str], held: frozenset[str]) -> Answer:
    """Everything asked must be held; a side that says nothing at all leaves it open."""
    missing = tuple(sorted(asked - held))
    if not missing:
        return Verdict.YES, ()
    return (Verdict.NO if held else Verdict.CANNOT_TELL), missing


def _destination(need: NeedFacts, package: PackageFacts) -> Answer:
    place = need.destination
    if place.is_excluded or (place.groups and place.groups & EMBARGOED_GROUPS):
        return Verdict.NO, ()
    if place.is_excluded is None or place.groups is None:
        return Verdict.CANNOT_TELL, ()
    held_up = need.components & CONTROLLED_COMPONENTS if ARMS_EMBARGO_GROUP in place.groups else frozenset()
    return (Verdict.CANNOT_TELL if held_up else Verdict.YES), tuple(sorted(held_up))


def _market(need: NeedFacts, package: PackageFacts) -> Answer:
    targets = package.target_countries | package.bloc_countries
    return _verdict(need.destination.country in targets if targets else None)


def _components(need: NeedFacts, package: PackageFacts) -> Answer:
    return _all_held(need.components, package.components) if need.components else _verdict(None)


def _deployment(need: NeedFacts, package: PackageFacts) -> Answer:
    if not package.deployments:
        return _verdict(None)
    common = package.deployments & need.deployments if need.deployments else package.deployments
    return _verdict(bool(common & STAYS_WITHIN.get(need.residency, common)))


def _budget(need: NeedFacts, package: PackageFacts) -> Answer:
    """A buyer who states no budget sets no limit; a package that states no price leaves it open."""
    if need.budget_band is None:
        return _verdict(True)
    return _verdict(None if package.price_band is None else package.price_band <= need.budget_band)


GATES: dict[Gate, Callable[[NeedFacts, PackageFacts], Answer]] = {
    Gate.BUYER_TRUSTED: lambda need, package: _verdict(need.buyer_is_trusted),
    Gate.IN_SCOPE: lambda need, package: _verdict(need.is_in_scope),
    Gate.NEED_POSTED: lambda need, package: _verdict(need.is_posted),
    Gate.PACKAGE_OFFERED: lambda need, package: _verdict(package.is_offered),
    Gate.DESTINATION: _destination,
    Gate.MARKET: _market,
    Gate.COMPONENTS: _components,
    Gate.DEPLOYMENT: _deployment,
    Gate.STANDARDS: lambda need, package: _all_held(need.standards, package.standards),
    Gate.BUDGET: _budget,
}
