"""Unknown is no yes: what a checklist must hold before trust may be recommended."""

import pytest

from buyers.checklist import obstacles
from buyers.states import ChecklistItem, Finding

ALL_YES = dict.fromkeys(ChecklistItem.values, Finding.YES)


def test_all_found_to_be_so_is_no_obstacle():
    assert obstacles(ALL_YES) == []


def test_nothing_found_names_each_item():
    assert obstacles({}) == [f"“{item.label}” has no finding yet." for item in ChecklistItem]


@pytest.mark.parametrize("item", list(ChecklistItem))
def test_a_no_is_an_obstacle_on_every_item(item):
    assert obstacles(ALL_YES | {item: Finding.NO}) == [f"“{item.label}” was found not to be so."]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (ChecklistItem.IDENTITY, True),
        (ChecklistItem.ADDRESS, False),
        (ChecklistItem.OWNERSHIP, True),
        (ChecklistItem.ACTIVITY, False),
        (ChecklistItem.FINANCE, False),
        (ChecklistItem.REPUTATION, False),
        (ChecklistItem.END_USE, True),
        (ChecklistItem.SCREENING, True),
    ],
)
def test_cannot_tell_is_an_obstacle_where_it_decides(item, expected):
    found = obstacles(ALL_YES | {item: Finding.CANNOT_TELL})
    assert found == ([f"“{item.label}” must be known before anybody is trusted."] if expected else [])
