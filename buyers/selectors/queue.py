"""The vetting queue: what is due first, whose move it is, and which case an officer takes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import RoleGrant
from accounts.states import Role
from buyers import clock
from buyers.clock import Urgency
from buyers.models import VettingCase
from buyers.selectors import cases_for
from buyers.states import CaseStatus, Mover
from core import dated
from core.calendars import CODES, Calendars, calendars_at, calendars_of
from core.clock import Calendar
from screening.models import Hit
from screening.states import HitStatus

DUE = "vetting_due_days"
ESCALATION = "vetting_escalation_days"
CHASERS = "vetting_chasers"


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue. Age is in working days; both are unknown where no rule says what is worked."""

    case: VettingCase
    age: float | None
    urgency: Urgency | None


def queue(user: Any) -> QuerySet[VettingCase]:
    """Cases with `has_hits` (hits that wait or stand) and their questions, the longest due first."""
    blocking = Hit.objects.filter(organization=OuterRef("buyer__organization"), status__in=HitStatus.blocking())
    cases = cases_for(user).annotate(has_hits=Exists(blocking)).prefetch_related("questions")
    return cases.order_by("due_at", "pk")


def rows(cases: Iterable[VettingCase], now: datetime) -> list[Row]:
    """With age and urgency; one query for all of them, besides their questions."""
    try:
        calendars, days = _rules(now)
    except dated.NoRule:
        return [Row(case, None, None) for case in cases]
    soon = days["soon"]
    return [_row(case, calendars.at(case.time_zone), now, soon) for case in cases]


def _rules(now: datetime) -> tuple[Calendars, dict[str, float]]:
    """The calendars, and within how many working days what is due. One query. Raises NoRule."""
    rules = dated.versions(*CODES, DUE)
    return calendars_of(rules, now), dated.holding(rules, DUE, now.date()).value


def _row(case: VettingCase, calendar: Calendar, now: datetime, soon: float) -> Row:
    age = clock.days(clock.age(case, case.questions.all(), calendar, now), calendar)
    return Row(case, age, clock.urgency(case, calendar, now, soon=soon) if case.mover else None)


def counts(cases: QuerySet[VettingCase], now: datetime) -> dict[Mover, dict[str, int]]:
    """Unfinished cases by whose move it is: how many, overdue, due within a day, and nobody's. One query."""
    tomorrow = now + timedelta(days=1)
    found = (
        cases.filter(status__in=CaseStatus.unfinished())
        .order_by()
        .values("status")
        .annotate(
            all=Count("pk"),
            late=Count("pk", filter=Q(due_at__lte=now)),
            soon=Count("pk", filter=Q(due_at__gt=now, due_at__lte=tomorrow)),
            unassigned=Count("pk", filter=Q(assigned_to=None)),
        )
    )
    names = ("all", "late", "soon", "unassigned")
    counted = {row["status"]: {name: int(row[name]) for name in names} for row in found}  # type: ignore[literal-required]
    return {mover: counted.get(mover.status, dict.fromkeys(names, 0)) for mover in Mover}


def next_cases(officer: Any) -> QuerySet[VettingCase]:
    """Cases that nobody has, of the officer's posts, the longest due first. Washington takes those of posts without
    an officer."""
    grants = RoleGrant.objects.filter(role=Role.OFFICER, revoked_at=None)
    own = grants.filter(user=officer)
    staffed = grants.filter(post=OuterRef("post"), user__is_active=True)
    is_in_washington = Exists(own.filter(post=None))
    mine = Q(post__in=own.exclude(post=None).values("post")) | Q(is_in_washington) & ~Q(Exists(staffed))
    waiting = cases_for(officer).filter(mine, status=CaseStatus.OPEN, assigned_to=None)
    return waiting.order_by("due_at", "pk")


# --- when the officers' move is due ---------------------------------------------------------------------------------


def decision_due(case: VettingCase, start: datetime, now: datetime) -> datetime:
    """When a case that was submitted at `start` should be decided or recommended, the buyer's time not counted."""
    questions = case.questions.all() if case.pk else []
    return _due(case, start, "decide", clock.pauses(questions, now), now)


def countersignature_due(case: VettingCase, now: datetime) -> datetime:
    return _due(case, now, "countersign", [], now)


def escalation_due(case: VettingCase, now: datetime) -> datetime:
    try:
        days = dated.rule_at(ESCALATION, now.date()).value
        calendar = calendars_at(now).at(case.time_zone)
    except dated.NoRule:
        return now
    return calendar.deadline(now, days * calendar.day)


def working_days(case: VettingCase, since: datetime, now: datetime) -> float:
    """Working days at the case's post from `since` to `now`. Raises NoRule where no rule says what is worked."""
    calendar = calendars_at(now).at(case.time_zone)
    return calendar.working_time(since, now) / calendar.day


def _due(case: VettingCase, start: datetime, step: str, pauses: list[Any], now: datetime) -> datetime:
    """Where no rule says how long it may take, it is due at once."""
    try:
        calendars, days = _rules(now)
    except dated.NoRule:
        return start
    calendar = calendars.at(case.time_zone)
    return calendar.deadline(start, days[step] * calendar.day, pauses)
