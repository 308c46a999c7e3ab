import threading
from datetime import timedelta

import pytest

from accounts import lockouts
from accounts.lockouts import LIMITS, LockedOut, begin_attempt, by_address, by_network, by_person
from accounts.models import LoginFailure
from accounts.states import AttemptKind
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db

SHORT, LONG = LIMITS[AttemptKind.ADDRESS]
NORA = "nora@example.com"


def fail(times, *keys, now):
    for _ in range(times):
        begin_attempt(*keys, now=now)


@pytest.mark.parametrize("kind", AttemptKind)
def test_each_kind_of_key_is_locked_at_its_limit(now, kind):
    key = {
        AttemptKind.ADDRESS: by_address(NORA),
        AttemptKind.NETWORK: by_network("203.0.113.9"),
        AttemptKind.SECOND_STEP: by_person(7),
    }[kind]
    limit = LIMITS[kind][0]
    fail(limit.failures, key, now=now)
    with pytest.raises(LockedOut):
        begin_attempt(key, now=now)
    with pytest.raises(LockedOut):
        begin_attempt(key, now=now + limit.window - timedelta(seconds=1))
    begin_attempt(key, now=now + limit.window)


def test_an_attempt_while_locked_out_makes_it_no_longer(now):
    key = by_address(NORA)
    fail(SHORT.failures, key, now=now)
    with pytest.raises(LockedOut):
        begin_attempt(key, now=now)
    assert LoginFailure.objects.count() == SHORT.failures


def test_a_hundred_failures_in_a_row_lock_until_a_new_password(now):
    key = by_address(NORA)
    for spell in range(LONG.failures // SHORT.failures):
        fail(SHORT.failures, key, now=now + spell * SHORT.window)
    with pytest.raises(LockedOut):
        begin_attempt(key, now=now + timedelta(days=20))
    lockouts.forget(key)
    begin_attempt(key, now=now + timedelta(days=20))


def test_success_forgets_the_address_and_takes_back_its_own_count_of_the_network(now):
    keys = by_address(NORA), by_network("203.0.113.9")
    fail(3, *keys, now=now)
    begin_attempt(*keys, now=now).succeeded()
    assert list(LoginFailure.objects.values_list("kind", flat=True)) == ["NETWORK"] * 3


def test_a_locked_network_counts_nothing_against_the_address(now):
    network = by_network("203.0.113.9")
    fail(LIMITS[AttemptKind.NETWORK][0].failures, network, now=now)
    with pytest.raises(LockedOut):
        begin_attempt(by_address(NORA), network, now=now)
    assert not LoginFailure.objects.filter(kind=AttemptKind.ADDRESS).exists()


def test_keys_say_nothing_of_whom_they_count(now):
    begin_attempt(by_address(NORA), by_network("203.0.113.9"), by_person(7), now=now)
    stored = " ".join(f"{failure.kind} {failure.key_hash}" for failure in LoginFailure.objects.all())
    assert "nora" not in stored
    assert "203" not in {part[:3] for part in stored.split()}
    assert len({failure.key_hash for failure in LoginFailure.objects.all()}) == 3


@pytest.mark.parametrize("other", ["NORA@example.com", " nora@example.com "])
def test_an_address_is_one_key_however_it_is_typed(other):
    assert by_address(other) == by_address(NORA)


def test_one_subscriber_of_ipv6_is_one_key():
    assert by_network("2001:db8:1:2::1") == by_network("2001:db8:1:2:ffff:ffff:ffff:ffff")
    assert by_network("2001:db8:1:2::1") != by_network("2001:db8:1:3::1")
    assert by_network("203.0.113.9") != by_network("203.0.113.8")


def test_old_failures_are_deleted_by_the_way(now):
    begin_attempt(by_address(NORA), now=now)
    begin_attempt(by_address("sam@example.com"), now=now + lockouts.KEEP)
    assert list(LoginFailure.objects.values_list("key_hash", flat=True)) == [by_address("sam@example.com").hash]


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_find_the_same_limit_as_attempts_in_a_row(now):
    results = at_once(SHORT.failures + 10, lambda: begin_attempt(by_address(NORA), by_network("203.0.113.9"), now=now))
    assert sum(isinstance(result, LockedOut) for result in results) == 10
    assert LoginFailure.objects.filter(kind=AttemptKind.ADDRESS).count() == SHORT.failures


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_would_pass_a_count_without_the_lock(now):
    """The positive control: the same number of threads that count first and insert then."""
    key, threads = by_address(NORA), SHORT.failures + 10
    barrier = threading.Barrier(threads)

    def count_then_insert():
        is_open = LoginFailure.objects.filter(key_hash=key.hash).count() < SHORT.failures
        barrier.wait()
        if is_open:
            LoginFailure.objects.create(kind=key.kind, key_hash=key.hash, failed_at=now)

    at_once(threads, count_then_insert)
    assert LoginFailure.objects.count() == threads
