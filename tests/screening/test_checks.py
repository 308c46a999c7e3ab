"""The list comes over a way on which nobody can change it."""

import pytest
from django.core.checks import run_checks

from screening.checks import list_problems


@pytest.mark.parametrize(
    ("address", "is_embedded", "problems"),
    [
        ("", False, []),
        ("https://lists.example/csl.csv", False, []),
        ("http://127.0.0.1:8000/csl.csv", False, []),
        ("http://[::1]/csl.csv", False, []),
        ("http://lists.example/csl.csv", True, []),
        ("http://lists.example/csl.csv", False, ["screening.E001"]),
        ("http://127.0.0.1.lists.example/csl.csv", False, ["screening.E001"]),
        ("ftp://lists.example/csl.csv", False, ["screening.E001"]),
        ("lists.example/csl.csv", False, ["screening.E001"]),
    ],
)
def test_a_list_comes_over_https_or_from_this_machine(address, is_embedded, problems, settings):
    settings.CSL_URL, settings.EMBEDDED = address, is_embedded
    assert [problem.id for problem in list_problems()] == problems
    assert [problem.id for problem in run_checks() if problem.id == "screening.E001"] == problems
