"""When a buyer may expect its decision: from what past cases of the same post took, and from nothing else."""

from dataclasses import dataclass
from datetime import datetime

from buyers import clock
from buyers.models import VettingCase
from core import dated
from core.calendars import calendars_at

PAST_DECISIONS = 50


@dataclass(frozen=True, slots=True)
class Expected:
    """Half of the past cases would be decided between `earliest` and `latest`, half of them by `middle`. `is_late`: most
    were decided sooner than this one. `count` is how many cases it is told from."""

    earliest: datetime
    middle: datetime
    latest: datetime
    count: int
    is_late: bool


def expected_decision(case: VettingCase, now: datetime) -> Expected | None:
    """In working time of the post, what the buyer takes to answer not counted. None where that cannot be told yet."""
    try:
        calendar = calendars_at(now).at(case.time_zone)
    except dated.NoRule:
        return None
    decided = VettingCase.objects.filter(post=case.post, decided_at__lte=now)
    past = decided.select_related("post").prefetch_related("questions").order_by("-decided_at")[:PAST_DECISIONS]
    ages = [clock.age(row, row.questions.all(), calendar, now) for row in past]
    found = clock.quartiles(ages)
    if found is None:
        return None
    pauses = clock.pauses(case.questions.all(), now)
    earliest, middle, latest = (calendar.deadline(case.created_at, span, pauses) for span in found)
    return Expected(earliest, middle, latest, len(ages), is_late=latest <= now)
