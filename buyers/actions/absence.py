"""Days on which officers are away, so that their cases do not wait for them."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from accounts.selectors import has_role
from accounts.states import Role
from buyers import letters, rules
from buyers.models import OfficerAbsence
from core import notifications
from core.actions import action, lock, record
from core.errors import UnableTo


@action(rules.can_enter_absence)
def enter_absence(
    officer: Any, *, by: Any, now: datetime, first_day: date, last_day: date, cover: Any = None
) -> OfficerAbsence:
    """From `first_day` through `last_day`, with an officer who covers, or nobody. Raises UnableTo for days that are past
    or already entered, and for a cover who is no other officer."""
    officer = get_user_model().objects.select_for_update().get(pk=officer.pk)
    if not first_day <= last_day or last_day < now.date():
        raise UnableTo(_("Enter a last day that is neither past nor before the first one."))
    others = officer.absences.filter(cancelled_at=None, first_day__lte=last_day, last_day__gte=first_day)
    if others.exists():
        raise UnableTo(_("An absence on some of these days is entered already. Cancel it first."))
    if cover is not None and (cover == officer or not has_role(cover, Role.OFFICER)):
        raise UnableTo(_("Choose another officer as cover, or nobody."))
    absence = OfficerAbsence.objects.create(
        officer=officer, first_day=first_day, last_day=last_day, cover=cover, entered_by=by, entered_at=now
    )
    days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
    record(absence, "enter_absence", by=by, now=now, detail=days | {"cover": cover.ledger_name if cover else None})
    people = [cover] if cover and cover != by else []
    key = f"cover:{absence.pk}"
    notifications.notify(people, lambda _user: letters.cover_wanted(absence), key=key, now=now)
    return absence


@action(rules.can_cancel_absence)
def cancel_absence(absence: OfficerAbsence, *, by: Any, now: datetime) -> OfficerAbsence:
    """The officer is there after all. Cancelled twice is cancelled."""
    lock(absence)
    if absence.cancelled_at is None:
        absence.cancelled_at = now
        absence.save(update_fields=["cancelled_at"])
        record(absence, "cancel_absence", by=by, now=now)
    return absence
