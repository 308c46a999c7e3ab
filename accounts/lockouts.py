"""Counting failed sign-ins in the database, so that a wiped cache forgets no attack.

An attempt is counted as failed before the password is looked at, under a lock on its keys, and the count is taken back
when it succeeds: a hundred attempts at once find the same limit as a hundred in a row.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from accounts.models import LoginFailure
from accounts.states import AttemptKind

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    failures: int
    window: timedelta


# NIST SP 800-63B-4, 3.2.2: no more than 100 consecutive failures on one account. The short window slows guessing down;
# setting a new password from a mailed link opens an address again.
_PER_ACCOUNT = (Limit(10, timedelta(minutes=15)), Limit(100, timedelta(days=30)))
LIMITS: dict[AttemptKind, tuple[Limit, ...]] = {
    AttemptKind.ADDRESS: _PER_ACCOUNT,
    AttemptKind.SECOND_STEP: _PER_ACCOUNT,
    AttemptKind.NETWORK: (Limit(50, timedelta(minutes=15)),),
}
KEEP = max(limit.window for limits in LIMITS.values() for limit in limits)


class LockedOut(Exception):
    """Too many failures lately: nothing was tried."""


@dataclass(frozen=True)
class Key:
    """What failures are counted by, known to the database by a keyed hash only."""

    kind: AttemptKind
    hash: str

    @property
    def lock_number(self) -> int:
        return int.from_bytes(hashlib.sha256(self.hash.encode()).digest()[:8], signed=True)


def by_address(email: str) -> Key:
    return _key(AttemptKind.ADDRESS, email.strip().lower())


def by_network(ip: str) -> Key:
    """An IPv4 address, or the /64 that one IPv6 subscriber has."""
    address = ipaddress.ip_address(ip)
    prefix = 32 if address.version == 4 else 64
    return _key(AttemptKind.NETWORK, str(ipaddress.ip_network((address, prefix), strict=False)))


def by_person(user_id: int) -> Key:
    """The codes of the second step, which are asked for after the password was right."""
    return _key(AttemptKind.SECOND_STEP, str(user_id))


def _key(kind: AttemptKind, value: str) -> Key:
    return Key(kind, salted_hmac(f"accounts.lockouts.{kind}", value, algorithm="sha256").hexdigest())


@dataclass(frozen=True)
class Attempt:
    """One attempt, counted as failed until `succeeded` is called."""

    keys: Sequence[Key]
    failures: Sequence[LoginFailure]

    def succeeded(self) -> None:
        """Take this attempt back, and forget the failures before it, except those of the network that it came from."""
        LoginFailure.objects.filter(pk__in=[failure.pk for failure in self.failures]).delete()
        for key in self.keys:
            if key.kind != AttemptKind.NETWORK:
                forget(key)


@transaction.atomic
def begin_attempt(*keys: Key, now: datetime) -> Attempt:
    """Count an attempt by each key. Raises LockedOut when one of them has had too many failures."""
    _lock(keys)
    LoginFailure.objects.filter(failed_at__lte=now - KEEP).delete()
    for key in keys:
        if _is_locked(key, now):
            log.warning("sign_in_locked", kind=key.kind, key=key.hash[:12])
            raise LockedOut
    failures = [LoginFailure(kind=key.kind, key_hash=key.hash, failed_at=now) for key in keys]
    return Attempt(keys, LoginFailure.objects.bulk_create(failures))


def forget(key: Key) -> None:
    """Open a key again: its owner has shown by other means who they are."""
    LoginFailure.objects.filter(key_hash=key.hash).delete()


def _lock(keys: Sequence[Key]) -> None:
    with connection.cursor() as cursor:
        for number in sorted(key.lock_number for key in keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _is_locked(key: Key, now: datetime) -> bool:
    failures = LoginFailure.objects.filter(key_hash=key.hash)
    return any(
        failures.filter(failed_at__gt=now - limit.window).count() >= limit.failures for limit in LIMITS[key.kind]
    )
