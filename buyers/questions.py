"""Questions that wait for the buyer, as an act on their case closes them."""

from datetime import datetime

from buyers.models import VettingCase


def close_questions(case: VettingCase, now: datetime) -> None:
    """The case ended: nobody waits for an answer any more."""
    case.questions.filter(closed_at=None).update(closed_at=now)
