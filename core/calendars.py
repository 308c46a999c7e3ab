"""The working calendars of places, as the dated rules on holidays and hours say."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from core import dated
from core.clock import Calendar, observed
from core.models import DatedRule

WASHINGTON = "America/New_York"
CODES = HOLIDAYS, HOURS = "federal_holidays", "working_hours"


@dataclass(frozen=True)
class Calendars:
    """What all places share; `at` makes it the calendar of one."""

    opens: time
    closes: time
    weekend: frozenset[int]
    holidays: frozenset[date]
    made: dict[str, Calendar] = field(default_factory=dict, init=False, repr=False, compare=False)

    def at(self, zone: str) -> Calendar:
        """The same one each time."""
        if zone not in self.made:
            self.made[zone] = Calendar(zone, self.opens, self.closes, self.weekend, self.holidays)
        return self.made[zone]


def calendars_at(now: datetime) -> Calendars:
    """One query. Raises NoRule."""
    return calendars_of(dated.versions(*CODES), now)


def calendars_of(rules: Iterable[DatedRule], now: datetime) -> Calendars:
    """Of all versions of `CODES`: the hours of today, and the holidays of each year by the version that held on them.

    Raises NoRule when none holds today.
    """
    rules = list(rules)
    hours: dict[str, Any] = dated.holding(rules, HOURS, now.date()).value
    dated.holding(rules, HOLIDAYS, now.date())
    versions = [rule for rule in rules if rule.code == HOLIDAYS]
    first = min(rule.effective_from.year for rule in versions)
    holidays = frozenset(
        kept
        for rule in versions
        for year in range(first, now.year + 3)
        for legal, kept in observed(rule.value, year)
        if dated.holds(rule, legal)
    )
    return Calendars(
        time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"]), frozenset(hours["weekend"]), holidays
    )
