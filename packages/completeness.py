"""What a draft still lacks before it can be published, and where to add it. Pure: the draft's facts in, gaps out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from packages.facts import missing


@dataclass(frozen=True)
class ItemFacts:
    """`values`: what is known of it, by the names of `packages.facts`."""

    pk: int
    name: str
    supplier_is_member: bool
    values: Mapping[str, Any]


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
    """`step` is the editor's step that mends it, on the page of `item` where it is about one."""

    step: str
    text: str
    item: int | None = None


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
        for item in items:
            yield from _item_gaps(letter, item)


def _item_gaps(letter: str, item: ItemFacts) -> Iterable[Gap]:
    names = {"letter": letter, "item": item.name}
    if not item.supplier_is_member:
        text = _("Component %(letter)s: the supplier of “%(item)s” is no longer a member. Choose another.")
        yield Gap(letter, text % names, item.pk)
    if labels := missing(letter, item.values):
        text = _("Component %(letter)s: complete “%(item)s”: %(facts)s.")
        yield Gap(letter, text % (names | {"facts": ", ".join(labels)}), item.pk)
