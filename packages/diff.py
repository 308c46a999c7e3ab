"""What differs between two publications, field by field, and what of it matters. Pure: two frozen contents in.

What matters is who stands behind the package and what could change how it is controlled: a supplier that is new or whose
country or owners changed, a model, where something is made, an ECCN. A name, a price or a sentence is a matter of the
consortium alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core import countries
from packages.facts import BY_NAME, facts_of, shown
from packages.offer import OFFER_FIELDS, label_of, words_of

type Content = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """`place`: the part of the package or the item that it is about; "" stands for nothing before or after."""

    place: str
    label: str
    before: str
    after: str
    matters: bool = False


def changes(before: Content, after: Content) -> list[Change]:
    """Whatever the order of items and members in either."""
    return [
        *_offer(before, after),
        *_members(before.get("members", []), after["members"]),
        *_components(before["components"], after["components"]),
    ]


def is_material(found: Iterable[Change]) -> bool:
    return any(change.matters for change in found)


def needs_look(before: Content, after: Content) -> bool:
    """Whether what it consists of changed in what matters. Who stands behind it is cleared company by company."""
    return is_material(_components(before["components"], after["components"]))


def _offer(before: Content, after: Content) -> Iterator[Change]:
    place = _("The package")
    if before["consortium"] != after["consortium"]:
        yield Change(place, _("Consortium"), before["consortium"], after["consortium"])
    for name in OFFER_FIELDS:
        old, new = before["offer"].get(name), after["offer"].get(name)
        if _differs(old, new):
            yield Change(place, label_of(name), words_of(name, old), words_of(name, new))


def _differs(old: Any, new: Any) -> bool:
    """Lists are sets of choices: their order says nothing."""
    return sorted(old) != sorted(new) if isinstance(old, list) and isinstance(new, list) else old != new


# --- who stands behind it ---------------------------------------------------------------------------------------------


def _members(before: Sequence[Content], after: Sequence[Content]) -> Iterator[Change]:
    old, new = ({member["organization"]: member for member in side} for side in (before, after))
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield Change(new[key]["name"], _("Supplier or anchor member"), "", new[key]["name"], matters=True)
        elif key not in new:
            yield Change(old[key]["name"], _("Supplier or anchor member"), old[key]["name"], "")
        else:
            yield from _member(old[key], new[key])


def _member(old: Content, new: Content) -> Iterator[Change]:
    if old["name"] != new["name"]:
        yield Change(new["name"], _("Legal name"), old["name"], new["name"])
    for name, label in (("country", _("Country of incorporation")), ("headquarters_country", _("Headquarters"))):
        if old[name] != new[name]:
            yield Change(new["name"], label, countries.name(old[name]), countries.name(new[name]), matters=True)
    if old["ownership_version"] != new["ownership_version"]:
        yield Change(new["name"], _("Owners and control"), _("as published"), _("changed since"), matters=True)


# --- what it consists of ----------------------------------------------------------------------------------------------


def _components(before: Sequence[Content], after: Sequence[Content]) -> Iterator[Change]:
    old = {component["letter"]: component for component in before}
    for component in sorted(after, key=lambda component: str(component["letter"])):
        letter = component["letter"]
        was = old.get(letter, {"summary": "", "items": []})
        if was["summary"] != component["summary"]:
            label = _("What this component delivers")
            yield Change(_component(letter), label, was["summary"], component["summary"])
        yield from _items(letter, was["items"], component["items"])


def _component(letter: str) -> str:
    return _("Component %(letter)s") % {"letter": letter}


def _items(letter: str, before: Sequence[Content], after: Sequence[Content]) -> Iterator[Change]:
    old, new = ({_key(item): item for item in side} for side in (before, after))
    label = _("Product or service")
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield Change(_component(letter), label, "", new[key]["name"], matters=True)
        elif key not in new:
            yield Change(_component(letter), label, old[key]["name"], "")
        else:
            yield from _item(letter, old[key], new[key])


def _key(item: Content) -> tuple[str, Any]:
    """What an item is known by from version to version; in the first versions, by its name."""
    return ("", item["item"]) if "item" in item else (item["name"], 0)


def _item(letter: str, old: Content, new: Content) -> Iterator[Change]:
    place = f"{letter} – {new['name']}"
    if old["name"] != new["name"]:
        yield Change(place, _("Name"), old["name"], new["name"], matters=_is_named_by(letter, old, new))
    if old.get("organization") != new.get("organization"):
        yield Change(place, _("Supplier"), old["supplier"], new["supplier"], matters=True)
    for fact in facts_of(letter):
        was, now = _known(old, fact.name), _known(new, fact.name)
        if _differs(was, now):
            label = capfirst(str(fact.label))
            yield Change(place, label, shown(fact, was), shown(fact, now), matters=fact.matters)
    if sorted(old["confidential"]) != sorted(new["confidential"]):
        marked = [_labels(letter, item["confidential"]) for item in (old, new)]
        yield Change(place, _("Business confidential"), marked[0], marked[1])


def _known(item: Content, name: str) -> Any:
    """None for whatever way nothing is said in."""
    return None if item.get(name) in ("", []) else item.get(name)


def _is_named_by(letter: str, *items: Content) -> bool:
    """Whether its name is all that says which model it is."""
    return letter in BY_NAME["product_model"].letters and not all(item.get("product_model") for item in items)


def _labels(letter: str, names: Iterable[str]) -> str:
    return ", ".join(capfirst(str(fact.label)) for fact in facts_of(letter) if fact.name in set(names))
