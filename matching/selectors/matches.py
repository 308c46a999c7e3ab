"""Stored matches, filtered again at the moment of reading: what was revoked is gone although no task ran."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from buyers.models import Need
from buyers.selectors import needs_for, posted_needs
from matching import explanation
from matching.models import Match
from matching.scoring import Score, parts_of
from matching.selectors.pairs import Places, need_facts, package_facts, weights_of
from matching.states import Side
from packages.models import Package
from packages.selectors import offered, packages_for

MOST_SHOWN = 20
"""Matches shown of one need or one package."""


@dataclass(frozen=True)
class MatchGroup:
    """A need or a package of the person's own, with its best matches."""

    owner: Need | Package
    matches: list[Match]


@dataclass(frozen=True)
class Standing:
    """What may meet at one moment: reading them once keeps a page's queries few."""

    needs: QuerySet[Need]
    packages: QuerySet[Package]

    @classmethod
    def at(cls, now: datetime) -> "Standing":
        return cls(posted_needs(now), offered(now))

    def matches(self) -> QuerySet[Match]:
        """Matches of newest versions whose buyer is trusted and whose package is offered."""
        return Match.objects.filter(
            need__in=self.needs.values("pk"),
            package__in=self.packages.values("pk"),
            need_version=F("need__version"),
            package_version=F("package__current_version"),
        ).select_related("need__buyer__organization", "package__consortium", "package_version", "model")


def standing_matches(now: datetime) -> QuerySet[Match]:
    return Standing.at(now).matches()


def matches_for(user: Any, now: datetime) -> QuerySet[Match]:
    """Those of the person's own needs and of their consortia's packages; nobody else sees a match."""
    own_needs, own_packages = needs_for(user).values("pk"), packages_for(user).values("pk")
    return standing_matches(now).filter(Q(need__in=own_needs) | Q(package__in=own_packages))


def side_of(user: Any, match: Match) -> Side:
    """On whose side the person stands in a match that `matches_for` gave them; the buyer's if on both."""
    return Side.BUYER if needs_for(user).filter(pk=match.need_id).exists() else Side.VENDOR


@dataclass(frozen=True)
class Explained:
    """A stored match in words, as the person on `side` may read it."""

    need_rows: list[tuple[str, str]]
    buyer_lines: list[explanation.Line]
    vendor_lines: list[explanation.Line]
    unknowns: list[explanation.Line]
    improvements: list[explanation.Improvement]
    summary: str


def explained(match: Match, side: Side, now: datetime) -> Explained:
    """The stored points with their reasons, and what this side could change; the facts are those of the match."""
    need, package = need_facts(match.need, Places(now.date())), package_facts(match.package_version)
    found = score_of(match)
    buyer_lines = explanation.lines_of(found.buyer, need, package)
    vendor_lines = explanation.lines_of(found.vendor, need, package)
    return Explained(
        need_rows=explanation.disclosed(need),
        buyer_lines=buyer_lines,
        vendor_lines=vendor_lines,
        unknowns=[line for line in (*buyer_lines, *vendor_lines) if line.part.is_unknown],
        improvements=explanation.improvements_for(side, need, package, weights_of(match.model)),
        summary=explanation.summary_of(found),
    )


def score_of(match: Match) -> Score:
    buyer, vendor = (parts_of(match.contributions[side]) for side in ("buyer", "vendor"))
    return Score(match.score, match.buyer_utility, match.vendor_utility, buyer, vendor)


def match_groups_for(user: Any, now: datetime) -> dict[Side, list[MatchGroup]]:
    """Each own posted need, and each own offered package, with its best matches, also where it has none."""
    standing = Standing.at(now)
    needs = standing.needs.filter(pk__in=needs_for(user).values("pk"))
    packages = standing.packages.filter(pk__in=packages_for(user).values("pk"))
    return {Side.BUYER: _grouped(needs, "need", standing), Side.VENDOR: _grouped(packages, "package", standing)}


def _grouped(own: QuerySet[Any], field: str, standing: Standing) -> list[MatchGroup]:
    """Two queries, however many there are; one where there are none."""
    found: dict[int, MatchGroup] = {owner.pk: MatchGroup(owner, []) for owner in own.order_by("-pk")}
    if not found:
        return []
    best = Window(RowNumber(), partition_by=F(field), order_by=[F("score").desc(), F("pk").asc()])
    ranked = standing.matches().filter(**{f"{field}__in": found}).annotate(rank=best).filter(rank__lte=MOST_SHOWN)
    for match in ranked.order_by(field, "rank"):
        found[getattr(match, f"{field}_id")].matches.append(match)
    return list(found.values())
