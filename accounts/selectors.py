"""Who holds which federal role, and which officers look after which country."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import OverseasPost, User


def has_role(user: Any, *roles: str) -> bool:
    """Whether the person holds one of these federal roles now; False for a visitor and for a job."""
    return bool(getattr(user, "current_roles", frozenset()) & set(roles)) and user.is_active


def people_with_role(role: str) -> QuerySet[User]:
    return User.objects.filter(is_active=True, role_grants__role=role, role_grants__revoked_at=None).distinct()


def post_for_country(country: str) -> OverseasPost | None:
    """The post that covers a country; None where no post does (Washington takes the case)."""
    return OverseasPost.objects.filter(countries__contains=[country]).order_by("id").first()


def officers_for_country(country: str) -> QuerySet[User]:
    """Officers at the post that covers a country."""
    return people_with_role("OFFICER").filter(
        role_grants__role="OFFICER", role_grants__revoked_at=None, role_grants__post__countries__contains=[country]
    )
