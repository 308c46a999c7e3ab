"""What the 50 percent rules say of an organization. Pure: its owners, who of them is listed and the rules of the day in;
a verdict in words out. What is unknown is never allowed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from organizations.ownership import Bounds, Gap, bounds_of, gaps
from organizations.selectors import Owners, node_of_party
from organizations.states import FindingKind
from screening.states import OwnershipOutcome


@dataclass(frozen=True, slots=True)
class Rule:
    """Owners on one of `lists` who together own `percent` or more; `applies` is False while a rule is suspended."""

    code: str
    version: int
    title: str
    percent: Decimal
    lists: frozenset[str]
    applies: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    outcome: str
    reason: str
    evidence: dict[str, Any]


def judge(owners: Owners, listed: Mapping[str, frozenset[str]], rules: Iterable[Rule]) -> Verdict:
    """`listed`: codes of the lists that an officer found a node on. The gravest of what the rules say, and of what is to
    be considered: a listed owner or controller below the line, whom only an officer's finding settles."""
    here = _reaching(owners)
    present = {node: codes for node, codes in listed.items() if node in here}
    found = [(rule, _bounds(owners, present, rule)) for rule in rules if rule.applies]
    evidence = {
        "day": owners.day.isoformat(),
        "listed": {node: sorted(codes) for node, codes in sorted(present.items())},
        "rules": [
            {"code": rule.code, "version": rule.version, "lower": str(share.lower), "upper": str(share.upper)}
            for rule, share in found
        ],
        "stakes": [
            [str(s.owner), str(s.owned), None if s.share is None else str(s.share)] for s in owners.chart.stakes
        ],
        "findings": [finding.pk for finding in owners.findings],
    }
    if reasons := [_blocked(owners, present, rule, share) for rule, share in found if share.lower >= rule.percent]:
        return Verdict(OwnershipOutcome.BLOCKED, " ".join(reasons), evidence)
    reasons = _untold(owners, present, found) + _unconsidered(owners, present)
    if reasons:
        return Verdict(OwnershipOutcome.CANNOT_TELL, " ".join(reasons), evidence)
    return Verdict(OwnershipOutcome.CLEAR, _("No rule on ownership blocks it, whatever is unknown."), evidence)


def _bounds(owners: Owners, listed: Mapping[str, frozenset[str]], rule: Rule) -> Bounds:
    return bounds_of(owners.chart, owners.node, blocked=_under(listed, rule), threshold=rule.percent)


def _under(listed: Mapping[str, frozenset[str]], rule: Rule) -> set[str]:
    return {node for node, codes in listed.items() if codes & rule.lists}


def _reaching(owners: Owners) -> set[Any]:
    """Nodes with a stake or control in the organization today, directly or through others."""
    links = [(stake.owner, stake.owned) for stake in owners.chart.stakes]
    for row in owners.controls:
        held = node_of_party(row.owned) if row.owned else f"organization:{row.organization_id}"
        links.append((node_of_party(row.holder), held))
    seen: set[Any] = {owners.node}
    while new := {owner for owner, owned in links if owned in seen and owner not in seen}:
        seen |= new
    return seen - {owners.node}


def _blocked(owners: Owners, listed: Mapping[str, frozenset[str]], rule: Rule, share: Bounds) -> str:
    return _("%(rule)s: listed owners hold at least %(share)s percent (%(names)s).") % {
        "rule": rule.title,
        "share": plain(share.lower),
        "names": ", ".join(sorted(owners.name(node) for node in _under(listed, rule))),
    }


def _untold(owners: Owners, listed: Mapping[str, frozenset[str]], found: Iterable[tuple[Rule, Bounds]]) -> list[str]:
    """What is missing, once, however many rules ask for it."""
    unsure = [rule for rule, share in found if share.upper >= rule.percent]
    missing: dict[Gap, None] = {}
    for rule in unsure:
        blocked = _under(listed, rule)
        missing |= dict.fromkeys(gaps(owners.chart, owners.node, blocked=blocked, threshold=rule.percent))
    if not unsure:
        return []
    start = _("It cannot be told whether listed persons own %(percent)s percent or more.") % {
        "percent": plain(min(rule.percent for rule in unsure))
    }
    return [start, *(_missing(owners, gap) for gap in missing)]


def _missing(owners: Owners, gap: Gap) -> str:
    words = {"share": plain(gap.share), "owned": owners.name(gap.node)}
    if gap.holders:
        names = ", ".join(owners.name(node) for node in gap.holders)
        return _("Missing: who holds %(share)s percent of %(owned)s, of which %(names)s has an unknown part.") % (
            words | {"names": names}
        )
    return _("Missing: who holds %(share)s percent of %(owned)s.") % words


def _unconsidered(owners: Owners, listed: Mapping[str, frozenset[str]]) -> list[str]:
    """Listed owners and controllers of whom no officer found that they are no obstacle (OFAC's FAQ 398 urges caution)."""
    considered = {
        node_of_party(finding.party)
        for finding in owners.findings
        if finding.kind == FindingKind.LISTED_CONSIDERED and finding.party
    }
    names = sorted(owners.name(node) for node in listed if node not in considered)
    if not names:
        return []
    return [
        _("Listed, with a stake or control below the line of the rules: %(names)s. An officer has to consider it.")
        % {"names": ", ".join(names)}
    ]


def plain(share: Decimal) -> str:
    """Without trailing zeros: 60, 40.5."""
    return f"{share.normalize():f}"
