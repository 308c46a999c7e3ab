"""The vetting queue: what is due first, whose move it is, and which case an officer takes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.models import RoleGrant
from accounts.states import Role
from buyers import clock
from buyers.clock import Urgency
from buyers.models import CaseQuestion, VettingCase
from buyers.selectors import cases_for
from buyers.selectors.officers import absences_on, covered_by
from buyers.states import CaseStatus, Mover
from core import dated
from core.calendars import CODES, Calendars, calendars_at, calendars_of
from core.clock import Calendar
from screening.models import Hit
from screening.states import HitStatus

DUE = "vetting_due_days"
ESCALATION = "vetting_escalation_days"
CHASERS = "vetting_chasers"
SHOWN = [
    *("kind", "status", "created_at", "updated_at", "decided_at", "due_at", "buyer_id"),
    *("buyer__organization__legal_name", "buyer__organization__headquarters_country"),
    *("post__name", "post__time_zone", "assigned_to__name", "countersigner__name"),
]


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the queue. Age is in working days; both are unknown where no rule says what is worked."""

    case: VettingCase
    age: float | None
    urgency: Urgency | None


def queue(user: Any) -> QuerySet[VettingCase]:
    """Cases with `has_hits` (hits that wait or stand) and the spans of their questions, the longest due first; of
    everything only what the queue shows."""
    blocking = Hit.objects.filter(organization=OuterRef("buyer__organization"), status__in=HitStatus.blocking())
    spans = Prefetch("questions", CaseQuestion.objects.only("case_id", "asked_at", "closed_at"))
    people = "buyer__organization", "post", "assigned_to", "countersigner"
    cases = cases_for(user).select_related(None).select_related(*people).only(*SHOWN)
    return cases.annotate(has_hits=Exists(blocking)).prefetch_related(spans).order_by("due_at", "pk")


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


def next_cases(officer: Any, now: datetime) -> QuerySet[VettingCase]:
    """Cases that nobody has, of the officer's posts, the longest due first. Washington takes those of posts without an
    officer who is there. Cases of a colleague who is away are nobody's, or their cover's where there is one."""
    grants = RoleGrant.objects.filter(role=Role.OFFICER, revoked_at=None)
    away = absences_on(now.date())
    own = grants.filter(user=officer)
    staffed = grants.filter(post=OuterRef("post"), user__is_active=True).exclude(user__in=away.values("officer"))
    is_in_washington = Exists(own.filter(post=None))
    mine = Q(post__in=own.exclude(post=None).values("post")) | Q(is_in_washington) & ~Q(Exists(staffed))
    is_nobody_there = Q(cover=None) | Q(cover__in=away.values("officer"))
    uncovered = away.filter(is_nobody_there).exclude(officer=officer).values("officer")
    free = mine & (Q(assigned_to=None) | Q(assigned_to__in=uncovered))
    covered = Q(assigned_to__in=covered_by(officer, now.date()).values("officer"))
    return cases_for(officer).filter(free | covered, status=CaseStatus.OPEN).order_by("due_at", "pk")


def next_countersignatures(officer: Any, now: datetime) -> QuerySet[VettingCase]:
    """Recommendations of others at any post that nobody looks at yet, the longest due first; also those that a colleague
    took who is away."""
    away = absences_on(now.date()).exclude(officer=officer).values("officer")
    waiting = cases_for(officer).filter(status=CaseStatus.RECOMMENDED).exclude(recommended_by=officer)
    return waiting.filter(Q(countersigner=None) | Q(countersigner__in=away)).order_by("due_at", "pk")


def worked_on_by(officer: Any, now: datetime) -> Q:
    """Cases that are the officer's own, to decide or to look at second, and those of colleagues whom they cover."""
    covered = covered_by(officer, now.date()).values("officer")
    return Q(assigned_to=officer) | Q(assigned_to__in=covered) | Q(countersigner=officer)


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
