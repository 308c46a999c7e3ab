"""What is asked of a product or service, as one table: it makes the form, the page, the frozen version and the gaps.

Pure. A fact whose name is a column of ComponentItem is stored there; the others are in its `facts`, as JSON holds them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import countries
from core.templatetags.portal import usd
from packages.states import (
    CsfFunction,
    HardwareKind,
    Iso27001Theme,
    Iso42001Theme,
    RmfFunction,
    Sector,
    TrainingCompute,
    UsOriginBasis,
)

ALL = "ABCDE"


class Kind(Enum):
    TEXT = auto()
    LONG_TEXT = auto()
    COUNT = auto()
    NUMBER = auto()
    DOLLARS = auto()
    COUNTRY = auto()
    COUNTRIES = auto()
    YES_NO = auto()
    CHOICE = auto()
    CHOICES = auto()


WORDS = (Kind.TEXT, Kind.LONG_TEXT)


@dataclass(frozen=True)
class Fact:
    """`letters`: the components of which it is asked; `required_for`: those that are not published without it.

    `is_public` False is never shown outside of the consortium. A change of one that `matters` is looked at by an officer.
    """

    name: str
    letters: str
    kind: Kind
    label: Any
    choices: type[TextChoices] | None = None
    required_for: str = ""
    is_public: bool = True
    matters: bool = False
    hint: Any = ""


FACTS = (
    Fact("description", ALL, Kind.LONG_TEXT, gettext_lazy("description")),
    Fact("hardware_kind", "A", Kind.CHOICE, gettext_lazy("kind of hardware"), HardwareKind),
    Fact("maker", ALL, Kind.TEXT, gettext_lazy("maker")),
    Fact(
        "product_model",
        "AC",
        Kind.TEXT,
        gettext_lazy("model"),
        matters=True,
        hint=gettext_lazy("As its maker names it."),
    ),
    Fact("quantity", "A", Kind.COUNT, gettext_lazy("quantity"), is_public=False),
    Fact(
        "value_usd",
        ALL,
        Kind.DOLLARS,
        gettext_lazy("value in U.S. dollars"),
        required_for="A",
        is_public=False,
        hint=gettext_lazy("Of the whole quantity. Leave it empty while you do not know it."),
    ),
    Fact(
        "us_origin_value_usd",
        ALL,
        Kind.DOLLARS,
        gettext_lazy("U.S.-origin value in U.S. dollars"),
        required_for="A",
        is_public=False,
        hint=gettext_lazy("Including the costs of manufacture in the United States."),
    ),
    Fact(
        "us_origin_basis",
        "A",
        Kind.CHOICE,
        gettext_lazy("how the U.S.-origin value was reckoned"),
        UsOriginBasis,
        is_public=False,
    ),
    Fact("made_in", ALL, Kind.COUNTRY, gettext_lazy("where made"), required_for="A", matters=True),
    Fact(
        "us_manufacture",
        "A",
        Kind.LONG_TEXT,
        gettext_lazy("extent of manufacture in the United States"),
        required_for="A",
    ),
    Fact("power_mw", "A", Kind.NUMBER, gettext_lazy("capacity of this item in megawatts")),
    Fact("accelerators", "A", Kind.COUNT, gettext_lazy("number of accelerators")),
    Fact("storage_tb", "A", Kind.COUNT, gettext_lazy("storage in terabytes")),
    Fact("network", "A", Kind.LONG_TEXT, gettext_lazy("cloud services and networking")),
    Fact(
        "pipelines",
        "B",
        Kind.LONG_TEXT,
        gettext_lazy("data pipelines"),
        hint=gettext_lazy("What they take in, do with it and give out."),
    ),
    Fact(
        "labeling",
        "B",
        Kind.LONG_TEXT,
        gettext_lazy("labeling"),
        hint=gettext_lazy("Who labels what, where, and how that is checked."),
    ),
    Fact("data_origin", "B", Kind.COUNTRIES, gettext_lazy("countries that the data come from")),
    Fact("has_personal_data", "B", Kind.YES_NO, gettext_lazy("personal data")),
    Fact(
        "data_governance",
        "B",
        Kind.LONG_TEXT,
        gettext_lazy("data governance"),
        hint=gettext_lazy("Rights in the data, where they are kept, who may see them, when they are deleted."),
    ),
    Fact("developer", "C", Kind.TEXT, gettext_lazy("developer of the model"), matters=True),
    Fact("model_license", "C", Kind.TEXT, gettext_lazy("license of the model")),
    Fact(
        "model_origin",
        "C",
        Kind.COUNTRY,
        gettext_lazy("country of origin of the model"),
        required_for="C",
        matters=True,
    ),
    Fact("has_open_weights", "C", Kind.YES_NO, gettext_lazy("open weights"), required_for="C", matters=True),
    Fact(
        "base_model",
        "C",
        Kind.TEXT,
        gettext_lazy("model that it is built on"),
        matters=True,
        hint=gettext_lazy("If it was tuned or distilled from another model."),
    ),
    Fact(
        "base_model_origin", "C", Kind.COUNTRY, gettext_lazy("origin of the weights that it is built on"), matters=True
    ),
    Fact(
        "training_compute", "C", Kind.CHOICE, gettext_lazy("computing used in training"), TrainingCompute, matters=True
    ),
    Fact(
        "evaluations",
        "C",
        Kind.LONG_TEXT,
        gettext_lazy("evaluations"),
        hint=gettext_lazy("Which tests, by whom, with which results, and how a buyer can repeat them."),
    ),
    Fact("nist_csf", "D", Kind.CHOICES, gettext_lazy("NIST Cybersecurity Framework functions"), CsfFunction),
    Fact("nist_ai_rmf", "D", Kind.CHOICES, gettext_lazy("NIST AI Risk Management Framework functions"), RmfFunction),
    Fact("iso_27001", "D", Kind.CHOICES, gettext_lazy("ISO/IEC 27001 controls"), Iso27001Theme),
    Fact("iso_42001", "D", Kind.CHOICES, gettext_lazy("ISO/IEC 42001 controls"), Iso42001Theme),
    Fact("application_sectors", "E", Kind.CHOICES, gettext_lazy("sectors that it is for"), Sector),
    Fact(
        "references",
        "E",
        Kind.LONG_TEXT,
        gettext_lazy("references"),
        hint=gettext_lazy("Where it is in use, since when, and for how many people."),
    ),
    Fact(
        "eccn",
        ALL,
        Kind.TEXT,
        gettext_lazy("ECCN, if known"),
        is_public=False,
        matters=True,
        hint=gettext_lazy("Export Control Classification Number, such as 4A090. Leave it empty if it is not known."),
    ),
)
BY_NAME = {fact.name: fact for fact in FACTS}


def facts_of(letter: str) -> Iterator[Fact]:
    return (fact for fact in FACTS if letter in fact.letters)


def missing(letter: str, values: Mapping[str, Any]) -> list[str]:
    """Labels of what the component is not published without. Zero and "no" are answers."""
    return [
        str(fact.label)
        for fact in facts_of(letter)
        if letter in fact.required_for and values.get(fact.name) in (None, "")
    ]


def plain(value: Any) -> Any:
    """As JSON holds it: a decimal keeps its digits as text."""
    return value if value is None or isinstance(value, bool | int | list) else str(value)


def shown(fact: Fact, value: Any) -> str:
    """A stored or frozen value in the reader's words; "" for what is not known."""
    if value in (None, "", []):
        return ""
    match fact.kind:
        case Kind.DOLLARS:
            return usd(value)
        case Kind.COUNT | Kind.NUMBER:
            return number_format(Decimal(str(value)).normalize(), use_l10n=True, force_grouping=True)
        case Kind.YES_NO:
            return _("Yes") if value in (True, "True") else _("No")
        case Kind.COUNTRY:
            return countries.name(value)
        case Kind.COUNTRIES:
            return ", ".join(sorted(countries.name(code) for code in value))
        case Kind.CHOICE:
            return _label(fact, value)
        case Kind.CHOICES:
            return ", ".join(_label(fact, code) for code in value)
    return str(value)


def _label(fact: Fact, code: str) -> str:
    assert fact.choices is not None  # noqa: S101 (the table gives one to each fact of these kinds)
    return str(dict(fact.choices.choices).get(code, code))


def rows(letter: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and words of each known fact, in the order of the table."""
    found = ((capfirst(str(fact.label)), shown(fact, values.get(fact.name))) for fact in facts_of(letter))
    return [(label, words) for label, words in found if words]


def words_of(letter: str, values: Mapping[str, Any]) -> Iterable[str]:
    """What is written in words, for the search."""
    return (str(values[f.name]) for f in facts_of(letter) if f.kind in WORDS and values.get(f.name))
