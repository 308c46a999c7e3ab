"""People, the federal roles they hold, and the offices and overseas posts that they hold them at."""

from collections.abc import Iterable
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.states import Agency, AttemptKind, Role
from core import countries


def language_choices() -> list[tuple[str, Any]]:
    """The portal's languages, read late so that adding one is no migration."""
    return list(settings.LANGUAGES)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_("Choose a time zone from the list, such as America/New_York."), code="time_zone")


class UserQuerySet(models.QuerySet["User"]):
    def with_roles(self) -> "UserQuerySet":
        """Read the current roles along with the person, so that asking for them costs no query."""
        current = RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at=None)
        return self.annotate(held_roles=ArraySubquery(current.values("role")))

    def holding(self, role: str) -> "UserQuerySet":
        """Active people who hold the role now."""
        return self.filter(is_active=True, pk__in=RoleGrant.objects.filter(role=role, revoked_at=None).values("user"))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, *, password: str | None = None, **fields: Any) -> "User":
        """A new person; without a password they sign in only after setting one from a link."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person. Their address is their sign-in name; it is stored in lower case, as allauth compares it."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("full name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, choices=language_choices, default="en-us")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(_("demonstration person"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)  # raised: signed out everywhere

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = (models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),)

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    @property
    def ledger_name(self) -> str:
        """How the ledger names this person: no personal data in a record that is never deleted."""
        return f"user:{self.pk}"

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterable[str]:
        return (f"{hash_}.{self.session_epoch}" for hash_ in super().get_session_auth_fallback_hash())

    @cached_property
    def current_roles(self) -> frozenset[str]:
        """The federal roles held when first asked; `refresh_from_db` asks anew."""
        held = getattr(self, "held_roles", None)
        if held is None:
            held = self.role_grants.filter(revoked_at=None).values_list("role", flat=True)
        return frozenset(held)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        for name in ("current_roles", "held_roles"):
            self.__dict__.pop(name, None)

    @property
    def is_staff(self) -> bool:
        """Holds a federal role now. The workbench wants sign-in in two steps besides."""
        return self.is_active and bool(self.current_roles)

    @property
    def runs_the_program(self) -> bool:
        """A commercial officer or program manager. Other federal people see nobody's mail, contacts or history."""
        return self.is_active and bool(self.current_roles & {Role.OFFICER, Role.MANAGER})

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """What Django's admin asks: federal staff may look; a door to anything more asks a rule of its room."""
        return self.is_staff and perm.partition(".")[2].startswith("view_")

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class FederalOffice(models.Model):
    """An office of an agency that takes part in the program; the first ones come with a migration."""

    agency = models.CharField(_("agency"), max_length=6, choices=Agency.choices)
    name = models.CharField(_("name"), max_length=200, unique=True)

    class Meta:
        ordering = ["agency", "name"]

    def __str__(self) -> str:
        return self.name


class OverseasPost(models.Model):
    """An office of the Commercial Service abroad, with the countries that it covers."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    city = models.CharField(_("city"), max_length=100)
    countries = ArrayField(models.CharField(max_length=2, choices=countries.choices), verbose_name=_("countries"))
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[validate_time_zone])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(countries=[]), name="a post covers a country"),
        ]
        indexes = [GinIndex(fields=["countries"], name="post_countries")]

    def __str__(self) -> str:
        return self.name


class RoleGrant(models.Model):
    """A federal role, given by somebody at some time and revoked, never deleted. A trigger refuses any other change."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(_("role"), max_length=9, choices=Role.choices)
    office = models.ForeignKey(FederalOffice, on_delete=models.PROTECT, related_name="role_grants")
    post = models.ForeignKey(OverseasPost, on_delete=models.PROTECT, null=True, blank=True, related_name="role_grants")
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(_("granted"))
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "office", "post"],
                condition=Q(revoked_at=None),
                nulls_distinct=False,
                name="a person holds a role at a place once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def place(self) -> str:
        """Where the role is held, in words: the post if there is one, else the office."""
        return str(self.post or self.office)


class LoginFailure(models.Model):
    """A failed sign-in, kept in the database so that a wiped cache forgets no attack. Keys are hashes."""

    kind = models.CharField(max_length=11, choices=AttemptKind.choices)
    key_hash = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["key_hash", "failed_at"], name="failure_key"),
            models.Index(fields=["failed_at"], name="failure_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.failed_at:%Y-%m-%d %H:%M}"
