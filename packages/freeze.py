"""A publication's two texts: the whole, and what the public may read. Pure: built from an allow-list, never by hiding."""

from collections.abc import Iterable
from typing import Any

from consortia.models import Member
from packages.facts import FACTS, facts_of, plain, words_of
from packages.models import Component, ComponentItem, Package
from packages.offer import OFFER_FIELDS

CONFIDENTIAL_CHOICES = [fact.name for fact in FACTS if fact.is_public]
"""Of the facts that are public, what a supplier marked confidential is left out as well; values, quantities and ECCNs are
never public."""


def freeze(package: Package, components: list[Component], members: Iterable[Member]) -> dict[str, Any]:
    """Everything that was published, for the record; `members`: the anchor and whoever supplies an item."""
    return {
        "consortium": package.consortium.name,
        "members": [_member(member) for member in members],
        "offer": {field: plain(getattr(package, field)) for field in OFFER_FIELDS},
        "components": [
            {
                "letter": component.letter,
                "summary": component.summary,
                "items": [_whole(item, component.letter) for item in _items(component)],
            }
            for component in components
        ],
    }


def public(package: Package, components: list[Component]) -> dict[str, Any]:
    """What the catalogue shows."""
    return {
        "consortium": package.consortium.name,
        "components": [
            {
                "letter": component.letter,
                "summary": component.summary,
                "items": [_public(item, component.letter) for item in _items(component)],
            }
            for component in components
        ],
    }


def _items(component: Component) -> list[ComponentItem]:
    return list(component.items.all())


def _member(member: Member) -> dict[str, Any]:
    organization = member.company.organization
    return {
        "organization": organization.pk,
        "name": organization.legal_name,
        "country": organization.country,
        "headquarters_country": organization.headquarters_country,
        "ownership_version": organization.ownership_version,
    }


def _whole(item: ComponentItem, letter: str) -> dict[str, Any]:
    head = {"item": item.pk, "organization": item.supplier.company.organization_id}
    known = {fact.name: plain(item.fact(fact.name)) for fact in facts_of(letter)}
    return head | _named(item) | known | {"confidential": item.confidential_fields}


def _public(item: ComponentItem, letter: str) -> dict[str, Any]:
    shown = [fact.name for fact in facts_of(letter) if fact.is_public and fact.name not in item.confidential_fields]
    return _named(item) | {name: plain(item.fact(name)) for name in shown}


def _named(item: ComponentItem) -> dict[str, Any]:
    return {"supplier": str(item.supplier.company), "name": item.name}


def search_text(package: Package, components: list[Component]) -> str:
    """The words by which the catalogue finds it: public ones only."""
    shown = public(package, components)
    parts = [package.summary, package.consortium.name, package.operating_model]
    for component in shown["components"]:
        parts.append(component["summary"])
        for item in component["items"]:
            parts += [item["supplier"], item["name"], *words_of(component["letter"], item)]
    return "\n".join(parts)
