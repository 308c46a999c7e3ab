"""A match in words that a person can act on: why each point, what is unknown, what would change it.

Pure. Works on the scorer's facts, which hold the buyer's private numbers as bands only: both sides may read all of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from buyers.states import Residency
from consortia.states import ComponentLetter
from core import countries
from matching.facts import CAPACITY_STEPS_MW, PRICE_BANDS, QUARTER_WEEKS, NeedFacts, PackageFacts
from matching.gates import GateResult, is_open
from matching.scoring import (
    FULL,
    MIDDLE,
    THINGS_TO_STATE,
    Part,
    Score,
    Silence,
    Weights,
    needs_license_look,
    score,
)
from matching.states import Criterion, Gate, Side, Verdict
from packages.states import Deployment, Language, PriceBand, Sector, Standard


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion for a table or a bar: `part.points` of `part.most`, and the sentence that says why."""

    label: str
    words: str
    part: Part


@dataclass(frozen=True, slots=True)
class Improvement:
    """A change that one side can make, in words, and the points of the score that it really brings."""

    words: str
    gain: int


def names(kind: type[TextChoices], codes: Iterable[str]) -> str:
    return ", ".join(sorted(str(kind(code).label) for code in codes))


def price_band_name(band: int | None) -> str:
    return _("not stated") if band is None else str(PriceBand(PRICE_BANDS[band]).label)


def capacity_band_name(band: int | None) -> str:
    if band is None:
        return _("not stated")
    if band == 0:
        return _("under %(high)s MW") % {"high": CAPACITY_STEPS_MW[0]}
    if band == len(CAPACITY_STEPS_MW):
        return _("%(low)s MW and more") % {"low": CAPACITY_STEPS_MW[-1]}
    return _("%(low)s to %(high)s MW") % {"low": CAPACITY_STEPS_MW[band - 1], "high": CAPACITY_STEPS_MW[band]}


def weeks_name(weeks: int | None) -> str:
    if weeks is None:
        return _("not stated")
    return ngettext("%(weeks)s week", "%(weeks)s weeks", weeks) % {"weeks": weeks}


def disclosed(need: NeedFacts) -> list[tuple[str, str]]:
    """What the other side may read of a need beside its title and text: labels and words, numbers as bands."""
    rows = [
        (_("Destination"), countries.name(need.destination.country)),
        (
            _("Components"),
            ", ".join(f"{letter} – {ComponentLetter(letter).label}" for letter in sorted(need.components)),
        ),
        (_("Sectors"), names(Sector, need.sectors)),
        (_("Acceptable deployment models"), names(Deployment, need.deployments)),
        (_("Data residency"), str(Residency(need.residency).label)),
        (_("Languages"), names(Language, need.languages)),
        (_("Standards that must be met"), names(Standard, need.standards)),
        (_("Capacity"), capacity_band_name(need.capacity_band)),
        (_("Budget reaches packages of"), price_band_name(need.budget_band)),
        (_("Time from posting to delivery, about"), weeks_name(need.weeks_available)),
        (_("U.S. financing wanted"), _("Yes") if need.wants_financing else _("No")),
    ]
    return [(label, words or _("not stated")) for label, words in rows]


# --- why each point --------------------------------------------------------------------------------------------------


def lines_of(parts: Iterable[Part], need: NeedFacts, package: PackageFacts) -> list[Line]:
    return [Line(str(part.criterion.label), words_of(part, need, package), part) for part in parts]


def words_of(part: Part, need: NeedFacts, package: PackageFacts) -> str:
    if part.answer is Silence.NOT_ASKED:
        return NOT_ASKED[part.criterion]()
    if part.answer is Silence.UNKNOWN:
        return UNKNOWN[part.criterion]()
    return KNOWN[part.criterion](part.answer, need, package)


NOT_ASKED: dict[Criterion, Callable[[], str]] = {
    Criterion.SECTOR: lambda: _("The need names no sector, so this does not count."),
    Criterion.BUDGET: lambda: _("The need states no budget, so this does not count."),
    Criterion.DELIVERY: lambda: _("The need states no date, so this does not count."),
    Criterion.LANGUAGES: lambda: _("The need asks for no language, so this does not count."),
    Criterion.STANDARDS: lambda: _("The need requires no standard, so this does not count."),
    Criterion.CAPACITY: lambda: _("The need states no capacity, so this does not count."),
    Criterion.FINANCING: lambda: _("The buyer asks for no U.S. financing, so this does not count."),
}

UNKNOWN: dict[Criterion, Callable[[], str]] = {
    Criterion.SECTOR: lambda: _("The package names no sector."),
    Criterion.BUDGET: lambda: _("The package states no price band."),
    Criterion.DELIVERY: lambda: _("The package does not say how long delivery takes."),
    Criterion.TEXT: lambda: _("The two texts cannot be compared: one is empty, or they use different scripts."),
    Criterion.LANGUAGES: lambda: _("The package names no language."),
    Criterion.STANDARDS: lambda: _("The package names no standard."),
    Criterion.CAPACITY: lambda: _("The package states no capacity."),
    Criterion.FINANCING: lambda: _(
        "The buyer would like U.S. financing. Only EXIM, DFC or USTDA can say whether they help."
    ),
    Criterion.DEAL_SIZE: lambda: _("The need states no budget."),
    Criterion.FIT: lambda: _("There are neither comparable texts nor sectors on both sides."),
    Criterion.LICENSE: lambda: _("No dated table of country groups holds for this day."),
}


MUCH, SOME = 700, 300  # of the full scale


def _share(kind: type[TextChoices], asked: frozenset[str], held: frozenset[str]) -> str:
    if not asked - held:
        return _("Covered: %(names)s.") % {"names": names(kind, asked)}
    if not asked & held:
        return _("Not covered: %(names)s.") % {"names": names(kind, asked)}
    return _("Covered: %(held)s. Not covered: %(missing)s.") % {
        "held": names(kind, asked & held),
        "missing": names(kind, asked - held),
    }


def _budget(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    values = {"price": price_band_name(package.price_band), "reach": price_band_name(need.budget_band)}
    if answer == FULL:
        return _("The price band (%(price)s) lies below what the budget reaches (%(reach)s).") % values
    if answer:
        return _("The price band is the highest that the budget reaches (%(reach)s).") % values
    return _("The price band (%(price)s) lies above what the budget reaches (%(reach)s).") % values


def _delivery(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    values = {"weeks": weeks_name(package.delivery_weeks), "available": weeks_name(need.weeks_available)}
    if answer == FULL:
        return _("Delivery takes %(weeks)s; there were about %(available)s when the need was posted.") % values
    return _("Delivery takes %(weeks)s, but there were only about %(available)s when the need was posted.") % values


def _text(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    if answer >= MUCH:
        return _("The need and the package share many of their important words.")
    if answer >= SOME:
        return _("The need and the package share some of their important words.")
    return _("The need and the package share few of their important words.")


def _capacity(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    values = {"offered": capacity_band_name(package.capacity_band), "asked": capacity_band_name(need.capacity_band)}
    if answer == FULL:
        return _("Offered: %(offered)s; asked: %(asked)s.") % values
    return _("Offered: only %(offered)s; asked: %(asked)s.") % values


def _deal_size(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    return _("The budget reaches packages of this band: %(reach)s.") % {"reach": price_band_name(need.budget_band)}


def _market(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    country = {"country": countries.name(need.destination.country)}
    if need.destination.country in package.target_countries:
        return _("The package names %(country)s as a target.") % country
    if need.destination.country in package.bloc_countries:
        return _("%(country)s belongs to a regional bloc that the package targets.") % country
    return _("The package does not target %(country)s.") % country


def _fit(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    if answer >= MUCH:
        return _("The need's wording and sectors are close to what the package is made for.")
    if answer >= SOME:
        return _("The need's wording and sectors are partly what the package is made for.")
    return _("The need's wording and sectors are far from what the package is made for.")


def _license(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    """Says each time that this is no decision."""
    country = {"country": countries.name(need.destination.country)}
    if needs_license_look(need):
        return (
            _(
                "An export license may be needed for %(country)s: the country groups of the Export Administration "
                "Regulations are a sign of it. This is no license decision."
            )
            % country
        )
    return (
        _(
            "The country groups of the Export Administration Regulations show no general sign that %(country)s needs a "
            "license. This is no license decision."
        )
        % country
    )


def _readiness(answer: int, need: NeedFacts, package: PackageFacts) -> str:
    stated = {"stated": (answer * THINGS_TO_STATE + MIDDLE) // FULL, "all": THINGS_TO_STATE}
    return (
        _("The buyer stated %(stated)s of %(all)s: budget, date, capacity, deployment models, languages, sectors.")
        % stated
    )


KNOWN: dict[Criterion, Callable[[int, NeedFacts, PackageFacts], str]] = {
    Criterion.SECTOR: lambda answer, need, package: _share(Sector, need.sectors, package.sectors),
    Criterion.BUDGET: _budget,
    Criterion.DELIVERY: _delivery,
    Criterion.TEXT: _text,
    Criterion.LANGUAGES: lambda answer, need, package: _share(Language, need.languages, package.languages),
    Criterion.STANDARDS: lambda answer, need, package: _share(Standard, need.standards, package.standards),
    Criterion.CAPACITY: _capacity,
    Criterion.DEAL_SIZE: _deal_size,
    Criterion.MARKET: _market,
    Criterion.FIT: _fit,
    Criterion.LICENSE: _license,
    Criterion.READINESS: _readiness,
}


# --- why not ---------------------------------------------------------------------------------------------------------

_MISSING_NAMES: dict[Gate, type[TextChoices]] = {
    Gate.COMPONENTS: ComponentLetter,
    Gate.DESTINATION: ComponentLetter,
    Gate.STANDARDS: Standard,
}


def words_of_gate(result: GateResult) -> str:
    """A gate's answer as one sentence, with the names of what is missing."""
    sentence = f"{result.gate.label}: {result.verdict.label}."
    if result.verdict == Verdict.YES or not result.missing:
        return sentence
    return f"{sentence} " + _("Missing or open: %(names)s.") % {
        "names": names(_MISSING_NAMES[result.gate], result.missing)
    }


# --- what would improve it -------------------------------------------------------------------------------------------

MOST_IMPROVEMENTS = 5


def improvements_for(side: Side, need: NeedFacts, package: PackageFacts, weights: Weights) -> list[Improvement]:
    """What this side could change, best first. Each change is applied and scored anew; only real gains are named."""
    now = score(need, package, weights).score
    found: list[Improvement] = []
    for words, need_then, package_then in _changes(side, need, package):
        gain = score(need_then, package_then, weights).score - now
        if gain > 0 and is_open(need_then, package_then):
            found.append(Improvement(words, gain))
    return sorted(found, key=lambda improvement: (-improvement.gain, improvement.words))[:MOST_IMPROVEMENTS]


Change = tuple[str, NeedFacts, PackageFacts]


def _changes(side: Side, need: NeedFacts, package: PackageFacts) -> list[Change]:
    if side == Side.BUYER:
        return [(words, changed, package) for words, changed in _changes_of_need(need, package)]
    return [(words, need, changed) for words, changed in _changes_of_package(need, package)]


def _falls_short(held: int | None, asked: int) -> bool:
    return held is None or held < asked


def _changes_of_package(need: NeedFacts, package: PackageFacts) -> Iterable[tuple[str, PackageFacts]]:
    if missing := need.sectors - package.sectors:
        words = _("Serve these sectors too: %(names)s.") % {"names": names(Sector, missing)}
        yield words, replace(package, sectors=package.sectors | missing)
    if missing := need.languages - package.languages:
        words = _("Offer these languages too: %(names)s.") % {"names": names(Language, missing)}
        yield words, replace(package, languages=package.languages | missing)
    weeks = need.weeks_available
    if weeks is not None and (package.delivery_weeks is None or package.delivery_weeks > weeks):
        yield _("Deliver within %(weeks)s.") % {"weeks": weeks_name(weeks)}, replace(package, delivery_weeks=weeks)
    if need.capacity_band is not None and _falls_short(package.capacity_band, need.capacity_band):
        words = _("Offer a capacity of %(band)s.") % {"band": capacity_band_name(need.capacity_band)}
        yield words, replace(package, capacity_band=need.capacity_band)
    if need.budget_band and package.price_band == need.budget_band:
        words = _("Start at a lower price band: %(band)s.") % {"band": price_band_name(need.budget_band - 1)}
        yield words, replace(package, price_band=need.budget_band - 1)
    if (country := need.destination.country) not in package.target_countries:
        words = _("Name %(country)s itself as a target country.") % {"country": countries.name(country)}
        yield words, replace(package, target_countries=package.target_countries | {country})


def _changes_of_need(need: NeedFacts, package: PackageFacts) -> Iterable[tuple[str, NeedFacts]]:
    yield from _numbers_to_state(need, package)
    if package.sectors and not need.sectors & package.sectors:
        words = _("Name a sector that the package serves: %(names)s.") % {"names": names(Sector, package.sectors)}
        yield words, replace(need, sectors=need.sectors | package.sectors)
    if package.languages and not need.languages:
        offered = {"names": names(Language, package.languages)}
        words = _("Name the languages that you need: the package offers %(names)s.") % offered
        yield words, replace(need, languages=package.languages)
    if package.deployments and not need.deployments:
        yield _("Say which deployment models you accept."), replace(need, deployments=package.deployments)


def _numbers_to_state(need: NeedFacts, package: PackageFacts) -> Iterable[tuple[str, NeedFacts]]:
    if package.price_band is not None and need.budget_band is None:
        words = _("State your budget; the package's price starts in this band: %(band)s.") % {
            "band": price_band_name(package.price_band)
        }
        yield words, replace(need, budget_band=package.price_band)
    if package.delivery_weeks is not None and _falls_short(need.weeks_available, package.delivery_weeks):
        weeks = -(-package.delivery_weeks // QUARTER_WEEKS) * QUARTER_WEEKS
        words = _("Allow about %(weeks)s for delivery.") % {"weeks": weeks_name(weeks)}
        yield words, replace(need, weeks_available=weeks)
    offered = package.capacity_band
    if offered is None or (need.capacity_band is not None and need.capacity_band <= offered):
        return
    if need.capacity_band is None:
        words = _("State the capacity that you need.")
    else:
        words = _("Ask for a capacity of %(band)s.") % {"band": capacity_band_name(offered)}
    yield words, replace(need, capacity_band=offered)


def summary_of(found: Score) -> str:
    """One sentence for a list or a letter."""
    if found.confidence < FULL:
        return _("%(score)s of 1,000 points; %(known)s%% of it rests on known facts.") % {
            "score": found.score,
            "known": found.confidence // 10,
        }
    return _("%(score)s of 1,000 points; all facts are known.") % {"score": found.score}
