"""Who comes to the portal, and the list that the portal holds names against."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tests.factories import screening
from tests.journeys.people import Person


@pytest.fixture
def newcomer(new_context) -> Iterator[Callable[..., Person]]:
    """Somebody new at the portal's first page, in a browser of their own. `PORTAL_SHOTS=folder` keeps their last pages."""
    people: list[Person] = []

    def arrive(name: str, **options: object) -> Person:
        people.append(Person(new_context(**options).new_page(), name))
        people[-1].opens("/")
        return people[-1]

    yield arrive
    if folder := os.environ.get("PORTAL_SHOTS"):
        for person in people:
            person.page.screenshot(path=Path(folder) / f"{person.name}.png", full_page=True)
    assert [failure for person in people for failure in person.failures] == []


@pytest.fixture
def listed(transactional_db, tmp_path) -> str:
    """A list is in force that holds this name among the first of the Consolidated Screening List."""
    path = screening.list_file(tmp_path / "list.csv")
    screening.imported(path, now=timezone.now())
    return "140 Repair Plant JSC"
