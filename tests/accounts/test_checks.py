"""The demonstration's doors exist on the maker's own machine only."""

import pytest

from accounts.checks import demo_problems

HOME = {
    "DEMO": True,
    "EMBEDDED": True,
    "ALLOWED_HOSTS": ["localhost", "127.0.0.1"],
    "SITE_URL": "http://localhost:8000",
}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"DEMO": False, "EMBEDDED": False, "ALLOWED_HOSTS": ["portal.example"]}, []),
        ({"EMBEDDED": False}, ["accounts.E001"]),
        ({"ALLOWED_HOSTS": ["portal.example"]}, ["accounts.E002"]),
        ({"SITE_URL": "https://portal.example"}, ["accounts.E002"]),
        ({"EMBEDDED": False, "ALLOWED_HOSTS": ["*"]}, ["accounts.E001", "accounts.E002"]),
    ],
)
def test_the_demonstration_is_refused_wherever_others_could_reach_it(settings, changes, problems):
    for name, value in (HOME | changes).items():
        setattr(settings, name, value)
    assert [problem.id for problem in demo_problems()] == problems
