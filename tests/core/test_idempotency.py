"""A form that is sent twice does its work once."""

import uuid

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from core import idempotency
from core.models import JobRun, Submission
from tests.core.threads import at_once
from tests.factories.accounts import person


def _request(user, key, now, **words):
    request = RequestFactory().post("/form/", ({"submission_key": key} if key else {}) | words)
    request.user, request.now, request.session = user, now, SessionStore()
    return request


def _effect(now):
    def perform():
        JobRun.objects.create(job=str(uuid.uuid4()), slot=now)
        return f"/made/{JobRun.objects.count()}/"

    return perform


def _post_at_once(user, key, now, number):
    return at_once(number, lambda: idempotency.once(_request(user, key, now), _effect(now)).url)


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_of_one_form_do_it_once_and_lead_to_one_place(now):
    answers = _post_at_once(person("clicker"), str(uuid.uuid4()), now, 20)
    assert answers == ["/made/1/"] * 20
    assert JobRun.objects.count() == 1


@pytest.mark.django_db
def test_other_words_under_the_same_key_are_not_lost(now):
    """The browser's Back shows the form with the key that it had."""
    user, key = person("clicker"), str(uuid.uuid4())
    for words in ({"body": "One", "csrfmiddlewaretoken": "a"}, {"body": "One", "csrfmiddlewaretoken": "b"}):
        assert idempotency.once(_request(user, key, now, **words), _effect(now)).url == "/made/1/"
    assert idempotency.once(_request(user, key, now, body="Two"), _effect(now)).url == "/made/2/"


@pytest.mark.django_db(transaction=True)
def test_without_a_key_the_same_posts_do_it_each_time(now):
    """The positive control: it is the key that prevents the doubling."""
    assert len(_post_at_once(person("clicker"), "", now, 5)) == 5
    assert JobRun.objects.count() == 5


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["not-a-uuid", "\x00", "1" * 5000])
def test_a_key_that_is_none_is_ignored(now, key):
    assert idempotency.once(_request(person("clicker"), key, now), lambda: "/there/").url == "/there/"
    assert Submission.objects.count() == 0


@pytest.mark.django_db
def test_one_persons_key_is_not_anothers(now):
    key = str(uuid.uuid4())
    for name in ("one", "two"):
        idempotency.once(_request(person(name), key, now), _effect(now))
    assert JobRun.objects.count() == 2


@pytest.mark.django_db
def test_a_refusal_keeps_nothing_so_that_the_form_can_be_sent_again(now):
    key, user = str(uuid.uuid4()), person("clicker")
    with pytest.raises(ZeroDivisionError):
        idempotency.once(_request(user, key, now), lambda: 1 / 0)
    assert idempotency.once(_request(user, key, now), lambda: "/there/").url == "/there/"
