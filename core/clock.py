"""Working time: how long something took of the hours in which people work. Pure: a calendar and instants in, time out.

Days and hours are those of a place, in its time zone; everything is added up in UTC, so that a night in which the clocks
change costs or gives nothing that it should not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
"""From an instant up to, not including, another."""

SATURDAY, SUNDAY = 6, 7  # ISO numbers of days
LONGEST = 366 * 10  # days: a calendar without any working day is an error, not an endless search


@dataclass(frozen=True)
class Calendar:
    """When a place works: each day from `opens` to `closes`, except on its weekend (ISO numbers) and holidays."""

    zone: str
    opens: time
    closes: time
    weekend: frozenset[int]
    holidays: frozenset[date]
    known: dict[date, Span | None] = field(default_factory=dict, init=False, repr=False, compare=False)
    lengths: dict[int, timedelta] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def day(self) -> timedelta:
        """One working day."""
        today = date(2000, 1, 1)
        return datetime.combine(today, self.closes) - datetime.combine(today, self.opens)

    def is_working(self, day: date) -> bool:
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def working_time(self, start: datetime, end: datetime, pauses: Iterable[Span] = ()) -> timedelta:
        """Working time from `start` to `end`, without what lies in a pause; pauses that overlap count once."""
        spans = without((start, end), pauses)
        return sum((self._within(span) for span in spans), timedelta())

    def deadline(self, start: datetime, allowed: timedelta, pauses: Iterable[Span] = ()) -> datetime:
        """The first instant at which `allowed` working time has passed since `start`, pauses not counted."""
        stops = merged(pauses)
        for number in range(LONGEST):
            day = self._local(start) + timedelta(days=number)
            for piece in self._pieces(day, start, stops):
                length = piece[1] - piece[0]
                if length >= allowed:
                    return piece[0] + allowed
                allowed -= length
        raise ValueError("This calendar has no such day")

    def _pieces(self, day: date, start: datetime, stops: Sequence[Span]) -> Iterator[Span]:
        """What is left of a day's hours after `start` and without the stops."""
        hours = self._hours(day)
        if hours and hours[1] > start:
            yield from without((max(hours[0], start), hours[1]), stops)

    def _within(self, span: Span) -> timedelta:
        """The parts of the first and last day, and every day between them whole."""
        start, end = span
        first, last = self._local(start), self._local(end)
        total = self._part(first, start, end)
        if first < last:
            total += self._part(last, start, end)
        for ordinal in range(first.toordinal() + 1, last.toordinal()):
            length = self.lengths.get(ordinal)
            total += self._length(ordinal) if length is None else length
        return total

    def _part(self, day: date, start: datetime, end: datetime) -> timedelta:
        hours = self._hours(day)
        return max(timedelta(), min(end, hours[1]) - max(start, hours[0])) if hours else timedelta()

    def _length(self, ordinal: int) -> timedelta:
        """Of a whole day. Remembered: a queue adds up the same days for each of its rows."""
        hours = self._hours(date.fromordinal(ordinal))
        self.lengths[ordinal] = hours[1] - hours[0] if hours else timedelta()
        return self.lengths[ordinal]

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def _hours(self, day: date) -> Span | None:
        """The working hours of a day in UTC; None on a day off. Remembered: a queue asks for the same days."""
        if day not in self.known:
            zone = ZoneInfo(self.zone)
            since, to = (datetime.combine(day, clock, tzinfo=zone) for clock in (self.opens, self.closes))
            self.known[day] = (since.astimezone(UTC), to.astimezone(UTC)) if self.is_working(day) else None
        return self.known[day]


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans in order that neither overlap nor touch; empty ones are dropped."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def without(span: Span, pauses: Iterable[Span]) -> list[Span]:
    """What the pauses leave of a span, in order."""
    start, end = span
    left = []
    for since, to in merged(pauses):
        if start < min(since, end):
            left.append((start, min(since, end)))
        start = max(start, to)
    return [*left, (start, end)] if start < end else left


# --- holidays -------------------------------------------------------------------------------------------------------


def observed(definitions: Iterable[Mapping[str, Any]], year: int) -> list[tuple[date, date]]:
    """The legal holidays of a year, each with the day on which it is kept.

    A holiday on a Saturday is kept on the Friday before, one on a Sunday on the Monday after.
    """
    return [(day, _kept(day)) for day in (_day_of(definition, year) for definition in definitions)]


def _kept(day: date) -> date:
    return day + timedelta(days={SATURDAY: -1, SUNDAY: 1}.get(day.isoweekday(), 0))


def _day_of(definition: Mapping[str, Any], year: int) -> date:
    """A fixed day (`month`, `day`), or the `nth` ISO `weekday` of a month, counted from its end where negative."""
    month = definition["month"]
    if "day" in definition:
        return date(year, month, definition["day"])
    first, nth, weekday = date(year, month, 1), definition["nth"], definition["weekday"]
    if nth > 0:
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return last - timedelta(days=(last.isoweekday() - weekday) % 7 + 7 * (-nth - 1))
