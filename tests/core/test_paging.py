"""Keyset pages: every row once, in order, whatever is added meanwhile and whatever the address says."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.models import JobRun
from core.paging import ordered_page_of, page_of

pytestmark = pytest.mark.django_db
NEWEST = JobRun.objects.order_by("-id")


def page(query="", size=3):
    return page_of(NEWEST, RequestFactory().get(f"/?{query}"), size=size)


@pytest.fixture
def rows(now):
    def add(number):
        return [row.pk for row in JobRun.objects.bulk_create(JobRun(job=f"j{_}", slot=now) for _ in range(number))]

    return add


def test_a_page_knows_the_next_and_keeps_the_other_parameters(rows):
    ids = rows(4)
    first = page("status=OPEN&x=1")
    assert ([row.pk for row in first.rows], first.is_first) == (ids[:0:-1], True)
    assert QueryDict(first.next_query).dict() == {"status": "OPEN", "x": "1", "after": str(ids[1])}
    last = page(first.next_query)
    assert ([row.pk for row in last.rows], last.next_query, last.is_first) == (ids[:1], "", False)


def test_nothing_makes_an_empty_page():
    assert page() == page("after=999999999") or (page().rows, page().next_query) == ([], "")


def test_a_row_added_meanwhile_moves_nothing(rows, now):
    ids = rows(6)
    first = page()
    JobRun.objects.create(job="late", slot=now)
    assert [row.pk for row in page(first.next_query).rows] == ids[2::-1]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "9" * 19, "²", "1e3", "%00", "1;DROP"])
def test_a_cursor_that_is_none_starts_from_the_first_page(rows, cursor):
    rows(1)
    assert page(f"after={cursor}").is_first is True


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(number=st.integers(0, 12), size=st.integers(1, 5))
def test_walking_shows_every_row_once_in_order(rows, number, size):
    JobRun.objects.all().delete()
    ids = rows(number)
    shown, query, pages = [], "", 0
    while True:
        found = page(query, size)
        shown += [row.pk for row in found.rows]
        pages += 1
        query = found.next_query
        if not query:
            break
    assert shown == ids[::-1]
    assert pages == max(1, -(-number // size))


def test_a_page_costs_one_query(rows, django_assert_num_queries):
    rows(8)
    with django_assert_num_queries(1):
        page()


# --- by a moment ----------------------------------------------------------------------------------------------------

BY_SLOT = JobRun.objects.order_by("slot", "pk")


def slot_page(query="", size=3):
    return ordered_page_of(BY_SLOT, RequestFactory().get(f"/?{query}"), by="slot", size=size)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_pages_by_a_moment_show_each_row_once_though_moments_are_equal(now, size):
    slots = [now + timedelta(hours=hour) for hour in (3, 1, 1, 2, 1, 3, 2)]
    JobRun.objects.bulk_create(JobRun(job=f"j{number}", slot=slot) for number, slot in enumerate(slots))
    shown, page_ = [], slot_page(size=size)
    shown += page_.rows
    while page_.next_query:
        page_ = slot_page(page_.next_query, size=size)
        assert page_.is_first is False
        shown += page_.rows
    assert shown == list(BY_SLOT.all())


@pytest.mark.parametrize(
    "cursor", ["", "x", "~", "~1", "2026-01-01~1", "2026-99-01T00:00%2B00:00~1", "0001-01-01T00:00%2B14:00~1", "x~9"]
)
def test_a_moment_that_is_none_starts_from_the_first_page(rows, cursor):
    rows(1)
    assert (len(slot_page(f"after={cursor}").rows), slot_page(f"after={cursor}").is_first) == (1, True)
