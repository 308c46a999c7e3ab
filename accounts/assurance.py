"""How sure this session is of its person: by a second step, and how long ago. allauth keeps the records of it."""

import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User

SECOND_STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def has_second_step(request: HttpRequest) -> bool:
    """Whether this session's person gave a code, a key or a passkey in it."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def has_recently_signed_in(request: HttpRequest) -> bool:
    """Whether a password, code or key was given in this session within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def step_up_required(view: Callable[..., Any]) -> Callable[..., Any]:
    """Before a view of grave acts: ask for the password or the second step again, unless it was given just now."""
    return reauthentication_required(view)


def may_use_workbench(request: HttpRequest) -> bool:
    """A federal role, and a session with a second step."""
    return isinstance(request.user, User) and request.user.is_staff and has_second_step(request)


def second_step_address(request: HttpRequest, next_path: str) -> str:
    """Where federal staff without a second step in this session go: to give it, or first to set one up."""
    if get_mfa_adapter().is_mfa_enabled(request.user, SECOND_STEPS):
        return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': next_path})}"
    return reverse("mfa_index")


def remember_enrollment(*, request: HttpRequest, user: User, authenticator: Authenticator, **_extra: Any) -> None:
    """A signal's receiver: whoever has just set a second step up has given it, in this session."""
    if authenticator.type in SECOND_STEPS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type, reauthenticated=True)


def vouch_for_demo(request: HttpRequest, person: User) -> None:
    """Count a session of the demonstration's cast as signed in with a second step."""
    record_authentication(request, person, "mfa", type="demonstration", reauthenticated=True)
