"""The catalogue's facets and its search, over three packages that are made once."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.countries import CODES
from packages.filters import PackageFilter
from packages.selectors import offered
from packages.states import BLOC_MEMBERS, Bloc
from tests.factories import consortia, screening
from tests.factories import packages as make
from tests.scenes import scene

OTHERS = {
    "Grid stack": {
        "sectors": ["ENERGY", "GOVERNMENT"],
        "deployments": ["US_CLOUD"],
        "languages": ["sw"],
        "price_band": "UNDER_1M",
        "target_countries": ["JP"],
        "target_blocs": [],
        "summary": "Forecasting of load.",
    },
    "School stack": {
        "sectors": ["EDUCATION", "HEALTH"],
        "deployments": ["EDGE", "ON_PREMISES"],
        "languages": ["fr", "ar"],
        "price_band": "FROM_1B",
        "target_countries": ["SA"],
        "target_blocs": ["EU"],
        "summary": "Tutors for every classroom.",
    },
}
HOSPITAL, GRID, SCHOOL = "Hospital AI stack", "Grid stack", "School stack"


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@scene
def three(now, tmp_path) -> None:
    """One for hospitals (Kenya, Brazil, the Gulf), one for a grid (Japan), one for schools (EU, Saudi Arabia)."""
    consortium = consortia.complete(now=now)
    screening.screened(now, tmp_path)
    for title, offer in ({HOSPITAL: {}} | OTHERS).items():
        make.offered(consortium, now=now, title=title, **offer)


def found(query: str) -> list[str]:
    page = Client().get(reverse("catalogue") + query)
    assert page.status_code == 200
    return [str(package) for package in page.context["page"].rows]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", [SCHOOL, GRID, HOSPITAL]),
        ("?country=KE", [HOSPITAL]),
        ("?country=JP", [GRID]),
        ("?country=SA", [SCHOOL, HOSPITAL]),  # named by one, a member of the other's bloc
        ("?country=AE", [HOSPITAL]),
        ("?country=PL", [SCHOOL]),
        ("?country=US", []),
        ("?sector=HEALTH", [SCHOOL, HOSPITAL]),
        ("?sector=ENERGY&sector=EDUCATION", [SCHOOL, GRID]),
        ("?deployment=ON_PREMISES", [SCHOOL, HOSPITAL]),
        ("?deployment=REGIONAL_CLOUD", []),
        ("?language=fr&language=sw", [SCHOOL, GRID, HOSPITAL]),
        ("?price=FROM_10M", [HOSPITAL]),
        ("?price=UNDER_1M&price=FROM_1B", [SCHOOL, GRID]),
        ("?price=UNDER_1M&price=FROM_1M&price=FROM_10M&price=FROM_100M&price=FROM_1B", [SCHOOL, GRID, HOSPITAL]),
        ("?sector=HEALTH&deployment=EDGE&language=ar&price=FROM_1B&country=FR&q=tutors", [SCHOOL]),
        ("?sector=HEALTH&price=UNDER_1M", []),
        ("?q=hospitals", [HOSPITAL]),
        ("?q=hospital", [HOSPITAL]),  # by its stem
        ("?q=forecast+loads", [GRID]),
        ("?q=stack+-grid", [SCHOOL, HOSPITAL]),
        ("?q=grid+or+school", [SCHOOL, GRID]),
        ("?q=%22public+hospitals%22", [HOSPITAL]),
        ("?q=%22hospitals+public%22", []),
        ("?q=Meridian", [SCHOOL, GRID, HOSPITAL]),
        ("?q=recipe", []),  # of a confidential description
        ("?q=+", [SCHOOL, GRID, HOSPITAL]),
    ],
)
def test_each_facet_narrows(three, query, titles):
    assert found(query) == titles


def test_a_country_of_no_bloc_still_narrows(three, now):
    assert PackageFilter({"country": "IS"}, queryset=offered(now)).qs.count() == 0


def test_each_bloc_has_members_that_are_countries():
    assert set(BLOC_MEMBERS) == set(Bloc.values)
    assert {code for members in BLOC_MEMBERS.values() for code in members} - set(CODES) == set()


def test_the_page_shows_cards_and_keeps_the_choices(three):
    page = Client().get(reverse("catalogue") + "?sector=HEALTH&country=SA")
    for words in (
        "Tutors for every classroom.",
        "$1 billion and more",
        "30 weeks",
        "<details open>",
        'value="HEALTH" checked',
        '<option value="SA" selected>',
        "registered, not designated by Commerce",
    ):
        assert words in page.text, words
    assert "<details>" in Client().get(reverse("catalogue")).text
    assert "No package fits these choices." in Client().get(reverse("catalogue") + "?country=US").text
