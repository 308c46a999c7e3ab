"""The readers of environment variables: right values, and a plain word about wrong ones."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from aiexports import env


@pytest.mark.parametrize(
    ("value", "read"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("", False), (" no ", False)]
)
def test_a_flag(monkeypatch, value, read):
    monkeypatch.setenv("PORTAL_X", value)
    assert env.flag("PORTAL_X", default=not read) is read


def test_words_and_numbers(monkeypatch):
    monkeypatch.setenv("PORTAL_X", " a, ,b ")
    assert env.words("PORTAL_X") == ["a", "b"]
    monkeypatch.setenv("PORTAL_X", "12")
    assert env.number("PORTAL_X", 3) == 12
    monkeypatch.delenv("PORTAL_X")
    assert env.number("PORTAL_X", 3) == 3


def test_a_database_behind_a_socket_or_a_host(monkeypatch):
    monkeypatch.setenv("PORTAL_X", "postgresql://me@:5432/portal?host=/run/a%20b")
    assert env.database("PORTAL_X") == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "portal",
        "USER": "me",
        "PASSWORD": "",
        "HOST": "/run/a b",
        "PORT": "5432",
        "OPTIONS": {},
    }
    monkeypatch.setenv("PORTAL_X", "postgres://me:p%40ss@db.example/portal?sslmode=require")
    found = env.database("PORTAL_X")
    assert (found["HOST"], found["PASSWORD"], found["OPTIONS"]) == ("db.example", "p@ss", {"sslmode": "require"})


@pytest.mark.parametrize(
    ("read", "value", "complaint"),
    [
        (env.text, None, "Set PORTAL_X"),
        (env.flag, "maybe", "PORTAL_X must be 1 or 0, not 'maybe'"),
        (lambda name: env.number(name, 3), "three", "PORTAL_X must be a whole number, not 'three'"),
        (env.database, "mysql://db/portal", "PORTAL_X must start with postgresql://"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch, read, value, complaint):
    monkeypatch.delenv("PORTAL_X", raising=False)
    if value is not None:
        monkeypatch.setenv("PORTAL_X", value)
    with pytest.raises(ImproperlyConfigured, match=complaint):
        read("PORTAL_X")
