"""Officers as vetting sees them: where they sit, who is away, and who stands in."""

from typing import Any

from django.db.models import Case, QuerySet, When

from accounts.models import OverseasPost, RoleGrant
from accounts.states import Role


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
