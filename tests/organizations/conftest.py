"""An organization of `founder@`, and everybody who might try something on it, by their part."""

from datetime import datetime

import pytest

from core.actors import System
from organizations.models import Organization
from tests.factories import buyers
from tests.factories import organizations as make
from tests.factories.accounts import person

CAST = [
    "administrator",
    "signer",
    "editor",
    "viewer",
    "former",
    "closed",
    "rival",
    "stranger",
    "officer",
    "manager",
    "support",
    "job",
]


@pytest.fixture
def organization(now) -> Organization:
    return make.organization(now=now)


@pytest.fixture
def cast(organization, now) -> dict[str, object]:
    """`former` was an administrator; `closed` is one whose account is closed; `rival` has an organization of its own."""
    return people_around(organization, now)


def people_around(organization: Organization, now: datetime) -> dict[str, object]:
    cast: dict[str, object] = {"administrator": person("founder")}
    for name in ("signer", "editor", "viewer"):
        cast[name] = make.member(organization, name, name.upper(), now=now)
    for name in ("former", "closed"):
        cast[name] = make.member(organization, name, "ADMINISTRATOR", now=now)
    organization.memberships.filter(user=cast["former"]).update(ended_at=now)
    cast["closed"].is_active = False
    cast["closed"].save()
    make.organization("Rival Systems Inc", now=now, by=person("rival"))
    cast |= {"rival": person("rival"), "stranger": person("stranger"), "job": System("screening")}
    cast |= {"officer": buyers.officer(now), "manager": buyers.manager(now)}
    return cast | {"support": buyers.federal("support", "SUPPORT", now=now)}
