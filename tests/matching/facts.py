"""Facts for the scorer: one pair that passes every gate and fits in all, and hypothesis' whole space of them."""

from dataclasses import replace
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from consortia.states import ComponentLetter
from matching.facts import CAPACITY_STEPS_MW, PRICE_BANDS, Destination, NeedFacts, PackageFacts
from matching.scoring import Weights
from matching.states import Criterion
from matching.text import terms
from packages.states import Deployment, Language, Sector, Standard

examples = settings(max_examples=150, deadline=None)

WEIGHTS = Weights(
    buyer=dict(zip(Criterion.of_buyer(), (220, 160, 120, 120, 100, 100, 100, 80), strict=True)),
    vendor=dict(zip(Criterion.of_vendor(), (280, 220, 200, 180, 120), strict=True)),
)

KENYA = Destination("KE", is_excluded=False, groups=frozenset(), has_license_sign=False)
TEXT = "Radiology imaging platform for public hospitals with Swahili language models"


def need(**changes: Any) -> NeedFacts:
    facts = NeedFacts(
        destination=KENYA,
        components=frozenset("AC"),
        sectors=frozenset({"HEALTH"}),
        deployments=frozenset({"ON_PREMISES"}),
        residency="COUNTRY",
        languages=frozenset({"sw", "en"}),
        standards=frozenset({"ISO_27001"}),
        capacity_band=2,
        budget_band=3,
        weeks_available=52,
        text=terms(TEXT),
    )
    return replace(facts, **changes)


def package(**changes: Any) -> PackageFacts:
    facts = PackageFacts(
        components=frozenset("ABCDE"),
        target_countries=frozenset({"KE"}),
        sectors=frozenset({"HEALTH", "EDUCATION"}),
        deployments=frozenset({"ON_PREMISES", "US_CLOUD"}),
        languages=frozenset({"sw", "en", "fr"}),
        standards=frozenset({"ISO_27001", "SOC2"}),
        capacity_band=3,
        price_band=2,
        delivery_weeks=40,
        text=terms(TEXT),
    )
    return replace(facts, **changes)


def _some(choices: Any) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from([str(choice) for choice in choices]), max_size=4)


countries = st.sampled_from(["KE", "AE", "PL", "UZ", "CN"])
texts = st.sampled_from([TEXT, "Port logistics and customs", "مستشفيات عامة", ""]).map(terms)
capacities = st.none() | st.integers(0, len(CAPACITY_STEPS_MW))
prices = st.none() | st.integers(0, len(PRICE_BANDS) - 1)
destinations = st.builds(
    Destination,
    country=countries,
    is_excluded=st.none() | st.booleans(),
    groups=st.none() | st.frozensets(st.sampled_from(["A:5", "A:6", "D:1", "D:3", "D:4", "D:5", "E:1"]), max_size=3),
    has_license_sign=st.none() | st.booleans(),
)
needs = st.builds(
    NeedFacts,
    destination=destinations,
    components=_some(ComponentLetter),
    is_posted=st.booleans(),
    buyer_is_trusted=st.booleans(),
    is_in_scope=st.booleans(),
    sectors=_some(Sector),
    deployments=_some(Deployment),
    residency=st.sampled_from(["NONE", "COUNTRY", "REGION"]),
    languages=_some(Language),
    standards=_some(Standard),
    capacity_band=capacities,
    budget_band=prices,
    weeks_available=st.none() | st.sampled_from([0, 13, 26, 52, 104]),
    wants_financing=st.booleans(),
    text=texts,
)
packages = st.builds(
    PackageFacts,
    components=_some(ComponentLetter),
    is_offered=st.booleans(),
    target_countries=st.frozensets(countries, max_size=3),
    bloc_countries=st.frozensets(countries, max_size=3),
    sectors=_some(Sector),
    deployments=_some(Deployment),
    languages=_some(Language),
    standards=_some(Standard),
    capacity_band=capacities,
    price_band=prices,
    delivery_weeks=st.none() | st.integers(0, 300),
    text=texts,
)


@st.composite
def weightings(draw: st.DrawFn) -> Weights:
    """Any weights that add up, zeros among them."""

    def side(criteria: tuple[Criterion, ...]) -> dict[str, int]:
        cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=len(criteria) - 1, max_size=len(criteria) - 1)))
        edges = [0, *cuts, 1000]
        return {criterion: edges[i + 1] - edges[i] for i, criterion in enumerate(criteria)}

    return Weights(side(Criterion.of_buyer()), side(Criterion.of_vendor()))
