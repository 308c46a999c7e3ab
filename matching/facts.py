"""What the scorer knows of a need and of a published package: plain values, no database, no clock.

Private numbers of the buyer come in as bands already. So nothing that is computed from here (a gate, a point, a word)
can tell the other side more than the band, however many packages they try.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from matching.text import Terms, terms
from packages.states import PRICE_BAND_USD

PRICE_BANDS: tuple[str, ...] = tuple(PRICE_BAND_USD)
"""From the cheapest up; a band is its place in this tuple."""

REACH_PERCENT = 125
"""How much of its budget a buyer's reach is: a price may start a quarter above the budget."""

CAPACITY_STEPS_MW = (1, 5, 20, 100, 500)
"""Capacity bands: below the first step, between two steps, from the last step on."""

QUARTER_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Destination:
    """What the dated rules say of a country; None where no rule holds on that day.

    `has_license_sign`: its country groups are a sign that advanced computing items may need a license there.
    """

    country: str
    is_excluded: bool | None
    groups: frozenset[str] | None
    has_license_sign: bool | None


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """`budget_band` is the reach of the budget, `weeks_available` whole quarters: both are None where not stated."""

    destination: Destination
    components: frozenset[str]
    is_posted: bool = True
    buyer_is_trusted: bool = True
    is_in_scope: bool = True
    sectors: frozenset[str] = frozenset()
    deployments: frozenset[str] = frozenset()
    residency: str = "NONE"
    languages: frozenset[str] = frozenset()
    standards: frozenset[str] = frozenset()
    capacity_band: int | None = None
    budget_band: int | None = None
    weeks_available: int | None = None
    wants_financing: bool = False
    text: Terms = field(default_factory=lambda: terms(""))


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """`target_countries` are named by the package itself, `bloc_countries` come from the regional blocs it targets."""

    components: frozenset[str]
    is_offered: bool = True
    target_countries: frozenset[str] = frozenset()
    bloc_countries: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    deployments: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    standards: frozenset[str] = frozenset()
    capacity_band: int | None = None
    price_band: int | None = None
    delivery_weeks: int | None = None
    text: Terms = field(default_factory=lambda: terms(""))


def reach_of_budget(budget_usd: int | None) -> int | None:
    """The dearest price band that starts within the reach of a budget."""
    if budget_usd is None:
        return None
    starts = [low for low, _high in PRICE_BAND_USD.values()]
    return bisect_right(starts, budget_usd * REACH_PERCENT // 100) - 1


def band_of_price(price_band: str) -> int | None:
    return PRICE_BANDS.index(price_band) if price_band else None


def band_of_capacity(capacity_mw: Decimal | None) -> int | None:
    return None if capacity_mw is None else bisect_right(CAPACITY_STEPS_MW, capacity_mw)


def weeks_between(start: date, needed_by: date | None) -> int | None:
    """Whole quarters between two days, in weeks; 0 when the second day comes too early."""
    if needed_by is None:
        return None
    quarters = (needed_by - start).days // (7 * QUARTER_WEEKS)
    return max(0, quarters) * QUARTER_WEEKS
