"""How long a case has taken of its post's working time, and how urgent it is. Pure: instants and a calendar in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import Calendar, Span


@dataclass(frozen=True, slots=True)
class Urgency:
    """A tone ("late", "soon", "fine" or "stopped") and the same in words."""

    tone: str
    label: str


def pauses(questions: Iterable[Any], now: datetime) -> list[Span]:
    """The spans in which the case waited for its buyer; a question that is open waits until `now`."""
    return [(question.asked_at, question.closed_at or now) for question in questions]


def age(case: Any, questions: Iterable[Any], calendar: Calendar, now: datetime) -> timedelta:
    """Working time since submission, up to the decision or withdrawal, without what the buyer took to answer."""
    end = case.decided_at or (now if case.mover else case.updated_at)
    return calendar.working_time(case.created_at, end, pauses(questions, end))


def days(span: timedelta, calendar: Calendar) -> float:
    """In working days, to a tenth."""
    return round(span / calendar.day, 1)


FEWEST_TO_TELL = 5


def quartiles(spans: Sequence[timedelta]) -> tuple[timedelta, timedelta, timedelta] | None:
    """What a quarter, half and three quarters of past cases took at most; None while there are too few to tell."""
    if len(spans) < FEWEST_TO_TELL:
        return None
    first, middle, third = quantiles(spans, n=4, method="inclusive")  # type: ignore[type-var]  # it adds and divides
    return first, middle, third


def urgency(case: Any, calendar: Calendar, now: datetime, *, soon: float) -> Urgency:
    """Of an unfinished case; `soon` is the number of working days before the end from which it is marked."""
    if case.waits_for_buyer:
        return Urgency("stopped", _("Clock stopped: the buyer's move"))
    if now >= case.due_at:
        over = days(calendar.working_time(case.due_at, now), calendar)
        return Urgency("late", _("Overdue by %(days)s working days") % {"days": f"{over:g}"})
    left = days(calendar.working_time(now, case.due_at), calendar)
    words = ngettext("%(days)s working day left", "%(days)s working days left", 1 if left == 1 else 2)
    return Urgency("soon" if left <= soon else "fine", words % {"days": f"{left:g}"})
