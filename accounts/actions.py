"""How people's access changes: roles given and revoked, people let in and kept out, offices and posts kept."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import letters, rules, selectors
from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.states import ROLE_AGENCIES, ROLES_AT_POSTS, Role
from core.actions import action, record
from core.actors import Actor
from core.errors import UnableTo
from core.notifications import notify


@action(rules.can_enroll_person)
def enroll_person(email: str, *, by: Actor, now: datetime, name: str, is_demo: bool = False) -> User:
    """A person whose address the operator vouches for; without a password, until they set one from a link."""
    person = User.objects.create_user(email, name=name, is_demo=is_demo, date_joined=now)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    record(person, "enroll_person", by=by, now=now)
    return person


@action(rules.can_enroll_person)
def appoint(email: str, *, by: Actor, now: datetime, name: str, role: Role, office: FederalOffice) -> RoleGrant:
    """The operator's way to the first managers: enroll somebody unless they are known, and give them the role."""
    person = selectors.person_with_address(email) or enroll_person(email, by=by, now=now, name=name)
    if not selectors.has_confirmed_address(person):
        _take_over(person, by=by, now=now)
    return grant_role(person, by=by, now=now, role=role, office=office)


def _take_over(person: User, *, by: Actor, now: datetime) -> None:
    """Somebody signed up with this address and never showed that it is theirs: their password must open nothing."""
    person.set_unusable_password()
    person.save(update_fields=["password"])
    address = {"verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=person, email=person.email, defaults=address)
    record(person, "take_over_account", by=by, now=now)


@action(rules.can_grant_role)
def grant_role(
    person: User, *, by: Actor, now: datetime, role: Role, office: FederalOffice, post: OverseasPost | None = None
) -> RoleGrant:
    """Give a federal role at an office and perhaps a post, tell the person, and sign them out everywhere."""
    _lock(person)
    _require_place(role, office, post)
    if not person.is_active:
        raise UnableTo(_("%(name)s may not sign in. Let them in again before you give them a role.") % _named(person))
    if not selectors.has_confirmed_address(person):
        raise UnableTo(
            _("%(name)s has not confirmed their e-mail address yet. Ask them to, then give the role.") % _named(person)
        )
    if person.role_grants.filter(role=role, office=office, post=post, revoked_at=None).exists():
        raise UnableTo(_("%(name)s already holds this role there.") % _named(person))
    grant = RoleGrant.objects.create(
        user=person, role=role, office=office, post=post, granted_by=_person_or_none(by), granted_at=now
    )
    _sign_out_everywhere(person)
    record(grant, "grant_role", by=by, now=now, detail=_detail(grant))
    notify([person], lambda _reader: letters.role_granted(grant), key=f"role_granted:{grant.pk}", now=now)
    return grant


@action(rules.can_revoke_role)
def revoke_role(grant: RoleGrant, *, by: User, now: datetime) -> RoleGrant:
    """End a role, tell the person, and sign them out everywhere. The last manager stays."""
    managers = _lock_managers()
    _lock(grant.user)
    grant.refresh_from_db()
    if grant.revoked_at is not None:
        raise UnableTo(_("This role has already ended."))
    if grant.role == Role.MANAGER:
        _require_another(managers, than=grant.user)
    grant.revoked_by, grant.revoked_at = by, now
    grant.save(update_fields=["revoked_by", "revoked_at"])
    _sign_out_everywhere(grant.user)
    record(grant, "revoke_role", by=by, now=now, detail=_detail(grant))
    notify([grant.user], lambda _reader: letters.role_revoked(grant), key=f"role_revoked:{grant.pk}", now=now)
    return grant


@action(rules.can_suspend_person)
def suspend_person(person: User, *, by: Actor, now: datetime) -> User:
    """Keep a person out: signed out everywhere, and no sign-in until restored. Their records stay."""
    managers = _lock_managers()
    _lock(person)
    if not person.is_active:
        raise UnableTo(_("%(name)s already may not sign in.") % _named(person))
    if Role.MANAGER in person.current_roles:
        _require_another(managers, than=person)
    _set_active(person, False)
    record(person, "suspend_person", by=by, now=now)
    return person


@action(rules.can_restore_person)
def restore_person(person: User, *, by: Actor, now: datetime) -> User:
    """Let a suspended person sign in again, with the roles that they still hold."""
    _lock(person)
    if person.is_active:
        raise UnableTo(_("%(name)s may already sign in.") % _named(person))
    _set_active(person, True)
    entry = record(person, "restore_person", by=by, now=now)
    notify([person], letters.person_restored, key=f"person_restored:{entry.pk}", now=now)
    return person


@action(rules.can_update_profile)
def update_profile(person: User, *, by: Actor, now: datetime, name: str, language: str, time_zone: str) -> User:
    person.name, person.language, person.time_zone = name, language, time_zone
    person.full_clean(exclude=["password"])
    person.save(update_fields=["name", "language", "time_zone"])
    record(person, "update_profile", by=by, now=now)
    return person


@action(rules.can_save_office)
def save_office(office: FederalOffice, *, by: Actor, now: datetime) -> FederalOffice:
    """Store a new or changed office."""
    office.full_clean()
    office.save()
    record(office, "save_office", by=by, now=now, detail={"agency": office.agency})
    return office


@action(rules.can_save_post)
def save_post(post: OverseasPost, *, by: Actor, now: datetime) -> OverseasPost:
    """Store a new or changed post with the countries that it covers."""
    post.countries = sorted(set(post.countries))
    post.full_clean()
    post.save()
    record(post, "save_post", by=by, now=now, detail={"countries": post.countries})
    return post


def _lock(person: User) -> None:
    person.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))


def _lock_managers() -> set[int]:
    """The active managers, read after their roles are locked, so that two of them cannot remove each other at once."""
    grants = RoleGrant.objects.filter(role=Role.MANAGER, revoked_at=None)
    list(grants.select_for_update(no_key=True).order_by("pk"))
    return set(grants.filter(user__is_active=True).values_list("user_id", flat=True))


def _require_another(managers: set[int], *, than: User) -> None:
    if managers <= {than.pk}:
        raise UnableTo(_("This is the last program manager. Give somebody else that role first."))


def _require_place(role: Role, office: FederalOffice, post: OverseasPost | None) -> None:
    if office.agency not in ROLE_AGENCIES[Role(role)]:
        raise UnableTo(_("This role is not held at %(office)s. Choose another office.") % {"office": office})
    if post is not None and role not in ROLES_AT_POSTS:
        raise UnableTo(_("This role is not held at a post. Leave the post empty."))


def _set_active(person: User, is_active: bool) -> None:
    person.is_active = is_active
    person.save(update_fields=["is_active"])
    _sign_out_everywhere(person)


def _sign_out_everywhere(person: User) -> None:
    """Every session of the person ends at its next request: the hash that it carries no longer holds."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db()


def _person_or_none(by: Actor) -> User | None:
    return by if isinstance(by, User) else None


def _named(person: User) -> dict[str, str]:
    return {"name": person.name}


def _detail(grant: RoleGrant) -> dict[str, object]:
    return {"user": grant.user_id, "role": grant.role, "office": grant.office_id, "post": grant.post_id}
