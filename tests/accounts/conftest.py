"""People who sign in as people do: through the pages, with a password and a code."""

from datetime import datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import actions
from accounts.models import FederalOffice, OverseasPost, RoleGrant, User
from accounts.rules import COMMAND_LINE
from accounts.states import ROLE_AGENCIES, Role
from core import outbox
from core.models import Mail
from tests.factories.accounts import TOTP_SECRET, app_code

PASSWORD = "seven herons over slate"


@pytest.fixture
def client_b() -> Client:
    """A second browser."""
    return Client()


def somebody(key: str = "nora", *, password: str = PASSWORD, **fields: object) -> User:
    """A person with a verified address and a password."""
    user = User.objects.create_user(f"{key}@example.com", password=password, name=key.title(), **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def office_for(role: Role) -> FederalOffice:
    return FederalOffice.objects.filter(agency__in=ROLE_AGENCIES[role]).order_by("pk").first()


def appointed(key: str, role: Role, *, now: datetime, post: OverseasPost | None = None) -> User:
    """A person who holds the role."""
    user = User.objects.filter(email=f"{key}@example.com").first() or somebody(key)
    actions.grant_role(user, by=COMMAND_LINE, now=now, role=role, office=office_for(role), post=post)
    return user


def grant_of(user: User) -> RoleGrant:
    return RoleGrant.objects.get(user=user, revoked_at=None)


def with_authenticator(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": TOTP_SECRET})
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, **query: str):
    return client.post("/accounts/login/", {"login": user.email, "password": password} | query)


def sign_in_twice(client: Client, user: User):
    """With the password and the code."""
    sign_in(client, user)
    return client.post("/accounts/2fa/authenticate/", {"code": app_code()})


def is_signed_in(client: Client) -> bool:
    return client.get("/accounts/email/").status_code == 200


def mails_to(address: str) -> list[Mail]:
    return list(Mail.objects.filter(to_address=address).order_by("pk"))


def deliver(now: datetime) -> None:
    outbox.drain(now)
