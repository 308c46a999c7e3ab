"""What a draft still lacks before it can be published, and where to add it. Pure: the draft's facts in, gaps out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class ItemFacts:
    value_usd: Decimal | None
    us_origin_value_usd: Decimal | None
    made_in: str
    us_manufacture: str
    model_origin: str
    has_open_weights: bool | None
    supplier_is_member: bool


@dataclass(frozen=True)
class DraftFacts:
    title: str
    summary: str
    has_target: bool
    sectors: Sequence[str]
    deployments: Sequence[str]
    languages: Sequence[str]
    price_band: str
    delivery_weeks: int | None
    built_by: str
    owned_by: str
    operated_by: str
    operating_model: str
    components: dict[str, tuple[str, Sequence[ItemFacts]]]
    """By letter: the component's summary and its items."""


@dataclass(frozen=True)
class Gap:
    """`step` is the editor's step that mends it."""

    step: str
    text: str


@dataclass(frozen=True)
class UsContent:
    """Of the hardware component. `share` in percent is None when a value is unknown; `is_met` is None then as well.

    A presumption, never a bar: below the line the consortium has to justify, it is not refused.
    """

    value_usd: Decimal
    us_origin_value_usd: Decimal
    share: Decimal | None
    is_met: bool | None


def gaps(draft: DraftFacts) -> list[Gap]:
    """Everything missing, in the order of the editor's steps; EO 14320 sec. 3(b)(i)-(iii) names most of it."""
    return [*_profile_gaps(draft), *_operation_gaps(draft), *_component_gaps(draft)]


def _profile_gaps(draft: DraftFacts) -> Iterable[Gap]:
    wanted = [
        (draft.title, "summary", _("Give the package a title.")),
        (draft.summary, "summary", _("Describe the package in a summary.")),
        (draft.has_target, "market", _("Choose at least one target country or regional bloc.")),
        (draft.sectors, "market", _("Choose at least one sector.")),
        (draft.languages, "market", _("Choose at least one language.")),
        (draft.deployments, "delivery", _("Choose at least one deployment model.")),
        (draft.price_band, "delivery", _("Choose a price band.")),
        (draft.delivery_weeks, "delivery", _("Say in how many weeks it can be delivered.")),
    ]
    return [Gap(step, text) for value, step, text in wanted if not value]


def _operation_gaps(draft: DraftFacts) -> Iterable[Gap]:
    wanted = [
        (draft.built_by, _("Say who builds data centers and infrastructure.")),
        (draft.owned_by, _("Say who owns them.")),
        (draft.operated_by, _("Say who operates them.")),
        (draft.operating_model, _("Describe the business and operational model.")),
    ]
    return [Gap("operation", text) for value, text in wanted if not value]


def _component_gaps(draft: DraftFacts) -> Iterable[Gap]:
    for letter, (summary, items) in sorted(draft.components.items()):
        names = {"letter": letter}
        if not summary:
            yield Gap(letter, _("Component %(letter)s: say what it delivers.") % names)
        if not items:
            yield Gap(letter, _("Component %(letter)s: add at least one product or service with its supplier.") % names)
        if not all(item.supplier_is_member for item in items):
            yield Gap(letter, _("Component %(letter)s: a supplier is no longer a member. Choose another.") % names)
        yield from _facts_gaps(letter, items)


def _facts_gaps(letter: str, items: Sequence[ItemFacts]) -> Iterable[Gap]:
    names = {"letter": letter}
    if letter == "A" and any(item.value_usd is None or item.us_origin_value_usd is None for item in items):
        yield Gap(letter, _("Component A: give each item's value and U.S.-origin value."))
    if letter == "A" and any(not item.made_in or not item.us_manufacture for item in items):
        yield Gap(letter, _("Component A: say where each item is made, and to what extent in the United States."))
    if letter == "C" and any(not item.model_origin or item.has_open_weights is None for item in items):
        yield Gap(
            letter, _("Component %(letter)s: give each model's origin, and whether its weights are open.") % names
        )


def us_content(items: Sequence[ItemFacts], presumption_percent: int) -> UsContent:
    """Aggregate U.S. share of the hardware component's value, against the presumption (inclusive)."""
    value = sum((item.value_usd or Decimal() for item in items), Decimal())
    us_value = sum((item.us_origin_value_usd or Decimal() for item in items), Decimal())
    if not value or any(item.value_usd is None or item.us_origin_value_usd is None for item in items):
        return UsContent(value, us_value, None, None)
    share = us_value * 100 / value
    return UsContent(value, us_value, share.quantize(Decimal("0.1")), share >= presumption_percent)
