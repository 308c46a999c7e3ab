"""How screening and vetting went: alerts and what came of them, how long decisions took, what waits, and whether the list
is fresh. For managers over all posts, for officers over their own."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import RoleGrant
from accounts.selectors import has_role
from accounts.states import Role
from buyers import clock
from buyers.models import CaseNote, DecisionRecord, VettingCase
from buyers.selectors import cases_for
from buyers.states import CaseStatus
from core import dated
from core.calendars import Calendars, calendars_at
from organizations.models import AssociatedParty, Organization
from screening.models import Adjudication, Hit
from screening.selectors import Freshness, freshness
from screening.states import Decision, HitStatus, Tier

PERIODS = (30, 90, 365)
AGES = (5, 10, 20)  # working days: up to each, and beyond the last


@dataclass(frozen=True)
class Measure:
    """A figure with what it is made of."""

    name: Any
    value: str
    made_of: str


@dataclass
class PostRow:
    """A post's decisions in the period and what waits there, in working days."""

    post: str
    days: list[float] = field(default_factory=list)
    ages: list[int] = field(default_factory=lambda: [0] * (len(AGES) + 1))
    countersigned: int = 0
    returned: int = 0

    @property
    def decided(self) -> int:
        return len(self.days)

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        """Lower quartile, median and upper quartile; None without a decision."""
        if len(self.days) < 2:
            return (self.days[0],) * 3 if self.days else None
        low, middle, high = quantiles(self.days, n=4, method="inclusive")
        return round(low, 1), round(middle, 1), round(high, 1)

    @property
    def by_age(self) -> list[tuple[str, int]]:
        """What waits, by its age in words."""
        return list(zip(brackets(), self.ages, strict=True))

    @property
    def overridden_percent(self) -> float | None:
        """Of the second officers' answers, how many sent the case back."""
        return _percent(self.returned, self.returned + self.countersigned)


@dataclass(frozen=True)
class Report:
    """`posts` end with the sum of all of them; their times are empty where no rule says what is worked."""

    days: int
    measures: list[Measure]
    posts: list[PostRow]
    freshness: Freshness


def report(user: Any, now: datetime, days: int) -> Report:
    """Of the last `days`. A fixed number of queries, however many cases and hits there are."""
    since = now - timedelta(days=days)
    cases = _own(cases_for(user), user)
    return Report(days, _screening(since), _posts(cases, since, now), freshness(now))


def _own(cases: QuerySet[VettingCase], user: Any) -> QuerySet[VettingCase]:
    """A manager's are all; an officer's those of their posts, Washington's for one who is there."""
    if has_role(user, Role.MANAGER):
        return cases
    grants = RoleGrant.objects.filter(user=user, role=Role.OFFICER, revoked_at=None)
    posts = set(grants.values_list("post", flat=True))
    own = Q(post__in=posts - {None})
    return cases.filter(own | Q(post=None) if None in posts else own)


# --- screening --------------------------------------------------------------------------------------------------------


def _screening(since: datetime) -> list[Measure]:
    parties = Organization.objects.count() + AssociatedParty.objects.count()
    opened = _entries(Hit.objects.filter(created_at__gte=since), "tier")
    decided = _entries(Hit.objects.filter(updated_at__gte=since), "status")
    true, false = decided[HitStatus.TRUE_MATCH], decided[HitStatus.NOT_A_MATCH]
    acts = Adjudication.objects.filter(decided_at__gte=since).values_list("decision").annotate(Count("pk"))
    answers = Counter(dict(acts.order_by()))
    agreed, returned = answers[Decision.COUNTERSIGN], answers[Decision.RETURN]
    return [
        _rate(_("Alerts per thousand parties"), 1000, opened[Tier.ALERT], parties, ""),
        _rate(_("Reviews per thousand parties"), 1000, opened[Tier.REVIEW], parties, ""),
        _rate(_("True-match rate"), 100, true, true + false, " %"),
        _rate(_("Dismissals that the second officer returned"), 100, returned, returned + agreed, " %"),
    ]


def _entries(hits: QuerySet[Hit], name: str) -> Counter[str]:
    """Listed entries by tier or status of their hits, each once for an organization."""
    found = hits.order_by().values_list(name, "organization", "entry").distinct()
    return Counter(value for value, _organization, _entry in found)


def _rate(name: str, times: int, part: int, whole: int, unit: str) -> Measure:
    made_of = _("%(part)s of %(whole)s") % {"part": part, "whole": whole}
    return Measure(name, f"{times * part / whole:.1f}{unit}" if whole else "–", made_of)


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


# --- vetting ----------------------------------------------------------------------------------------------------------


def _posts(cases: QuerySet[VettingCase], since: datetime, now: datetime) -> list[PostRow]:
    rows: dict[str, PostRow] = defaultdict(lambda: PostRow(""))
    calendars = _calendars(now)
    for case in _timed(cases.filter(decided_at__gte=since)):
        row = _row(rows, case)
        if calendars:
            row.days.append(_days(case, calendars, now))
    for case in _timed(cases.filter(status__in=CaseStatus.unfinished())):
        if calendars:
            _row(rows, case).ages[_bracket(_days(case, calendars, now))] += 1
    answered = cases.order_by().values_list("post__name")
    for name, count in answered.filter(pk__in=_countersigned(since)).annotate(Count("pk")):
        _named(rows, name).countersigned = count
    for name, count in _returned(cases, since):
        _named(rows, name).returned = count
    found = sorted(rows.values(), key=lambda row: row.post)
    return [*found, _sum(found)] if len(found) > 1 else found


def _calendars(now: datetime) -> Calendars | None:
    try:
        return calendars_at(now)
    except dated.NoRule:
        return None


def _timed(cases: QuerySet[VettingCase]) -> Iterable[VettingCase]:
    """With their post and questions. Two queries."""
    return cases.select_related(None).select_related("post").prefetch_related("questions")


def _days(case: VettingCase, calendars: Calendars, now: datetime) -> float:
    calendar = calendars.at(case.time_zone)
    return clock.days(clock.age(case, case.questions.all(), calendar, now), calendar)


def _bracket(days: float) -> int:
    return sum(days > limit for limit in AGES)


def _row(rows: dict[str, PostRow], case: VettingCase) -> PostRow:
    return _named(rows, case.post.name if case.post else None)


def _named(rows: dict[str, PostRow], name: str | None) -> PostRow:
    name = name or _("Washington")
    rows[name].post = name
    return rows[name]


def _countersigned(since: datetime) -> QuerySet[Any]:
    return DecisionRecord.objects.filter(act="countersign_trust", decided_at__gte=since).values("case")


def _returned(cases: QuerySet[VettingCase], since: datetime) -> QuerySet[Any, Any]:
    """Post and how often a case was sent back to the first officer."""
    notes = CaseNote.objects.filter(about="return_case", written_at__gte=since, case__in=cases.order_by().values("pk"))
    return notes.order_by().values_list("case__post__name").annotate(Count("pk"))


def _sum(rows: list[PostRow]) -> PostRow:
    return PostRow(
        _("All posts"),
        [days for row in rows for days in row.days],
        [sum(counts) for counts in zip(*(row.ages for row in rows), strict=True)],
        sum(row.countersigned for row in rows),
        sum(row.returned for row in rows),
    )


# --- as a table -------------------------------------------------------------------------------------------------------

HEAD = ("section", "of", "measure", "value", "made_of")


def as_rows(found: Report) -> list[tuple[Any, ...]]:
    """The whole report as one table, a figure a row."""
    rows: list[tuple[Any, ...]] = [("screening", "all", m.name, m.value, m.made_of) for m in found.measures]
    for post in found.posts:
        names = ("lower quartile", "median", "upper quartile")
        quarters = zip(names, post.quartiles or (), strict=False)
        rows += [("decision, working days", post.post, name, value, post.decided) for name, value in quarters]
        rows += [("waiting, cases", post.post, words, count, "") for words, count in post.by_age]
        made_of = f"{post.returned}/{post.returned + post.countersigned}"
        rows.append(("second officer", post.post, "returned, percent", post.overridden_percent, made_of))
    fresh = found.freshness
    rows.append(("list", "all", "of", fresh.as_of, ""))
    rows.append(("list", "all", "confirmed", fresh.confirmed_at and fresh.confirmed_at.isoformat(), fresh.problem))
    return rows


def brackets() -> list[str]:
    """The ages in words: "0–5", "5–10", "over 20" working days."""
    spans = zip((0, *AGES), AGES, strict=False)
    return [*(f"{low}–{high}" for low, high in spans), _("over %(days)s") % {"days": AGES[-1]}]
