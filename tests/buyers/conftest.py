"""Browsers of the two sides, signed in."""

import time
from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from buyers.models import Buyer
from tests.factories import buyers as make
from tests.factories.accounts import person


def signed_in(user: User) -> Client:
    """With a second step given in this session, which the workbench asks for."""
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time()}]
    session.save()
    return client


@pytest.fixture
def today() -> datetime:
    """What the request's clock will show, nearly: for pages, whose `now` is the server's."""
    return timezone.now()


@pytest.fixture
def buyer(now) -> Buyer:
    return make.buyer(now=now)


@pytest.fixture
def browser_of() -> Callable[[str], Client]:
    """`browser_of("buyer")`: a browser of that person."""
    return lambda name: signed_in(person(name))
