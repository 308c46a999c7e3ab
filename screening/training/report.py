"""docs/screening-report.md: how well the engine does, on the part of the labelled names that it never saw."""

from collections.abc import Iterable

from screening.engine.matcher import Matcher
from screening.engine.model import models
from screening.engine.version import engine_version
from screening.training.labelled import CHOSEN_ON, REPORTED, Data
from screening.training.measures import Rate, rates, screen_of

GOALS = {
    ("perturbed names found", "person"): "≥ .95",
    ("perturbed names found", "organization"): "≥ .91",
    ("removed aliases found", "person"): "≥ .63",
    ("removed aliases found", "organization"): "≥ .50",
    ("original script found", "person"): "≥ .62",
    ("original script found", "organization"): "≥ .62",
    ("near misses alerting", "person"): "≤ .20",
    ("near misses alerting", "organization"): "≤ .20",
    ("unlisted names alerting", "person"): "≤ .0100",
    ("unlisted names alerting", "organization"): "≤ .0125",
}

# How often anybody has looked at figures of the reported part: every further look makes them worth a little less.
LOOKS = 6
HEAD = """# How well names are screened

Written by `manage.py train_screening --data DIR`; do not edit. Engine {engine}. The list is the complete one of 2022-05-06.

Every set of labelled names is parted in two by the SHA-256 of its key: the listed party for names of listed parties and
near misses of them, the name itself for unlisted names. Words were counted, weights fitted, features and alert lines chosen
on one part only; the other was measured afterwards. A listed name counts as found when it alerts *on the party that it is
of*. Removed aliases are screened against the list without them. Names and kind only: no birth date, no country.
The original-script names (`screening/training/original_script.csv`) are listed parties' names in Cyrillic, Arabic, Persian,
Korean and Chinese, set down from general knowledge before any of them was screened; the list has none in these scripts.
Intervals are Wilson's, at 95 percent. {looks}
"""

TAIL = """
## How the weights are made

Positives: the labelled perturbations and aliases, up to two of each listed party's own aliases found by its other
names, listed names without their vowels, people with two surnames by their first given name and first surname, and
organizations by abbreviated words or by their one telling word, and companies under a listed person's name with a slip.
Negatives: the two hardest listed names of each unlisted name, and the hardest of each near miss. Boosted stumps
(scikit-learn, monotone, a fixed seed) become one step function a feature, in whole thousandths of log-odds, so that
contributions add up exactly. The base is set so that the alert line is a score of 50. The model of people has {people}
steps, that of organizations {organizations}.

## What it cannot do

Aliases that share no word and no sound with any other name of their party (about one in five) are found by nobody. A single
common word, a translated name outside of a small table, brands whose Chinese name says something else, and readings of
Chinese characters other than Mandarin are missed. Listed names of one short word are near to many companies' names; a slip
in them, or the one telling word of a longer name, is a review and no alert.
"""


def report_on(data: Data) -> str:
    """The report as Markdown; takes a minute or two."""
    full, without = Matcher(data.listed()), Matcher(data.listed(without_aliases=True))
    measured = [rates(data, part, screen_of(full), screen_of(without)) for part in (REPORTED, CHOSEN_ON)]
    reviews = rates(data, REPORTED, screen_of(full, ("alert", "review")), screen_of(without, ("alert", "review")))
    tables = [
        "\n## Alerts\n",
        *_table(*measured),
        "\n## Alerts and reviews, reported part\n",
        *_plain_table(reviews),
    ]
    steps = {kind: sum(len(curve.cuts) for curve in model.curves) for kind, model in models().items()}
    tail = TAIL.format(people=steps["person"], organizations=steps["organization"])
    looks = f"The reported part has been looked at {LOOKS} times."
    return HEAD.format(engine=engine_version(), looks=looks) + "\n".join(tables) + "\n" + tail


def _table(reported: list[Rate], chosen: list[Rate]) -> Iterable[str]:
    yield "| names | kind | goal | reported part | interval | names | chosen-on part |"
    yield "|---|---|---|---|---|---|---|"
    others = {(rate.what, rate.kind): _share(rate) for rate in chosen}
    for rate in reported:
        key = rate.what, rate.kind
        cells = [*key, GOALS[key], _share(rate), _interval(rate), str(rate.size), others.get(key, "–")]
        yield f"| {' | '.join(cells)} |"


def _plain_table(found: list[Rate]) -> Iterable[str]:
    yield "| names | kind | share | interval |"
    yield "|---|---|---|---|"
    for rate in found:
        what = rate.what.replace("alerting", "told")
        yield f"| {what} | {rate.kind} | {_share(rate)} | {_interval(rate)} |"


def _share(rate: Rate) -> str:
    return f"{rate.share:.4f}".lstrip("0") if rate.share < 1 else "1"


def _interval(rate: Rate) -> str:
    low, high = rate.interval()
    return f"{low:.4f}–{high:.4f}"
