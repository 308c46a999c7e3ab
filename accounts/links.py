"""Addresses that carry a secret, as they stand in mails and on the operator's screen."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User


def absolute(path: str) -> str:
    """The address on the portal's own name, never on the name that a request happened to come by."""
    return f"{settings.SITE_URL}{path}"


def password_link(person: User) -> str:
    """Where the person sets a password, once, within PASSWORD_RESET_TIMEOUT."""
    return password_address(f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}")


def password_address(key: str) -> str:
    uid, _, token = key.partition("-")
    return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}))
