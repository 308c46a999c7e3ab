"""Officers as vetting sees them: where they sit, who is away, who stands in, and who may look at a case second."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Q, QuerySet, When

from accounts.models import OverseasPost, RoleGrant
from accounts.selectors import has_role, officers_for_country, people_with_role
from accounts.states import Role
from buyers.models import OfficerAbsence, VettingCase


def posts_of(user: Any) -> QuerySet[OverseasPost]:
    """The posts at which the person is an officer now."""
    held = RoleGrant.objects.filter(user=user, role=Role.OFFICER, revoked_at=None).exclude(post=None)
    return OverseasPost.objects.filter(pk__in=held.values("post"))


def is_at_a_post(user: Any) -> bool:
    return getattr(user, "pk", None) is not None and posts_of(user).exists()


def reporting_post(user: Any, country: str) -> OverseasPost | None:
    """Of the officer's posts the one that covers the country, else the first."""
    rank = Case(When(countries__contains=[country], then=0), default=1)
    return posts_of(user).order_by(rank, "pk").first()


# --- absence --------------------------------------------------------------------------------------------------------


def absences_on(day: date) -> QuerySet[OfficerAbsence]:
    return OfficerAbsence.objects.filter(first_day__lte=day, last_day__gte=day, cancelled_at=None)


def absences_for(user: Any, day: date) -> QuerySet[OfficerAbsence]:
    """Present and coming ones: an officer's own and those that they cover; everybody's for a manager."""
    coming = OfficerAbsence.objects.filter(last_day__gte=day, cancelled_at=None)
    if not has_role(user, Role.MANAGER):
        coming = coming.filter(Q(officer=user) | Q(cover=user))
    return coming.select_related("officer", "cover").order_by("first_day", "pk")


def covered_by(user: Any, day: date) -> QuerySet[OfficerAbsence]:
    return absences_on(day).filter(cover=user)


def on_duty(officer: Any, case: VettingCase, now: datetime) -> Any:
    """Who is told of a case instead of an officer who is away: the cover, or the cover's own; the officer where nobody
    covers who may look at it."""
    seen = [officer]
    while True:
        absence = absences_on(now.date()).filter(officer=seen[-1]).select_related("cover").first()
        if absence is None:
            return seen[-1]
        if absence.cover is None or absence.cover in seen:
            return officer
        if absence.cover.pk in case.insiders or absence.cover.pk in case.officers_in_conflict:
            return officer
        seen.append(absence.cover)


def second_officers(case: VettingCase, by: Any, now: datetime) -> QuerySet[Any]:
    """Whom a recommendation of `by` is told to: officers for the buyer's country who are there; where there is nobody, all
    officers of the pool."""
    away = absences_on(now.date()).values("officer")
    near = officers_for_country(case.buyer.organization.headquarters_country).exclude(pk=by.pk).exclude(pk__in=away)
    pool = people_with_role(Role.OFFICER).exclude(pk=by.pk).exclude(pk__in=away)
    return near if near.exists() else pool.order_by("name", "pk")
