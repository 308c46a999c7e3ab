"""Who holds which federal role, and which officers look after which country."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Prefetch, QuerySet

from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.states import ROLE_AGENCIES, Role


def has_role(user: Any, *roles: str) -> bool:
    """Whether the person holds one of these federal roles now; False for a visitor and for a job."""
    return bool(getattr(user, "current_roles", frozenset()) & set(roles)) and user.is_active


def person_with_address(email: str) -> User | None:
    return User.objects.filter(email=email.lower()).first()


def has_confirmed_address(person: User) -> bool:
    return EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists()


def people_with_role(role: str) -> QuerySet[User]:
    return User.objects.holding(role)


def people_for(user: Any) -> QuerySet[User]:
    """People with their roles, for a manager; nobody for anybody else."""
    if not has_role(user, Role.MANAGER):
        return User.objects.none()
    current = RoleGrant.objects.filter(revoked_at=None).select_related("office", "post").order_by("role", "pk")
    return User.objects.prefetch_related(Prefetch("role_grants", current, to_attr="current_grants"))


def role_grants_of(person: User) -> QuerySet[RoleGrant]:
    """Every role that the person holds or held, the current ones first."""
    grants = RoleGrant.objects.filter(user=person).select_related("office", "post", "granted_by", "revoked_by")
    return grants.order_by("revoked_at", "-granted_at").reverse()


def offices_for_role(role: str) -> QuerySet[FederalOffice]:
    """The offices at which a role can be held."""
    return FederalOffice.objects.filter(agency__in=ROLE_AGENCIES[Role(role)])


def grants_at(post: OverseasPost) -> QuerySet[RoleGrant]:
    """The roles that are held at a post now."""
    held = RoleGrant.objects.filter(post_id__isnull=False, post_id=post.pk, revoked_at=None)
    return held.select_related("user").order_by("role", "user__name")


def post_for_country(country: str) -> OverseasPost | None:
    """The post that covers a country; None where no post does (Washington takes the case)."""
    return OverseasPost.objects.filter(countries__contains=[country]).order_by("id").first()


def officers_for_country(country: str) -> QuerySet[User]:
    """Officers at the posts that cover a country; where nobody is at such a post, the officers in Washington."""
    officers = RoleGrant.objects.filter(role=Role.OFFICER, revoked_at=None, user__is_active=True)
    at_post = officers.filter(post__countries__contains=[country])
    found = at_post if at_post.exists() else officers.filter(post=None)
    return User.objects.filter(pk__in=found.values("user")).order_by("name", "pk")


def demo_people() -> QuerySet[User]:
    return User.objects.filter(is_demo=True, is_active=True)
