"""A publication's two texts: the whole, and what the public may read. Pure: built from an allow-list, never by hiding."""

from typing import Any

from packages.models import Component, ComponentItem, Package

OFFER_FIELDS = [
    "title",
    "summary",
    "target_countries",
    "target_blocs",
    "sectors",
    "deployments",
    "languages",
    "standards",
    "capacity_mw",
    "price_band",
    "delivery_weeks",
    "built_by",
    "owned_by",
    "operated_by",
    "operating_model",
]
ITEM_FIELDS = [
    "name",
    "description",
    "maker",
    "quantity",
    "value_usd",
    "us_origin_value_usd",
    "made_in",
    "us_manufacture",
    "model_origin",
    "has_open_weights",
    "eccn",
]
PUBLIC_ITEM_FIELDS = ["name", "description", "maker", "made_in", "us_manufacture", "model_origin", "has_open_weights"]
"""Values, quantities and ECCNs are never public; of these, what a supplier marked confidential is left out as well."""

CONFIDENTIAL_CHOICES = [field for field in PUBLIC_ITEM_FIELDS if field != "name"]


def freeze(package: Package, components: list[Component]) -> dict[str, Any]:
    """Everything that was published, for the record."""
    return {
        "consortium": package.consortium.name,
        "offer": {field: _plain(getattr(package, field)) for field in OFFER_FIELDS},
        "components": [
            {
                "letter": component.letter,
                "summary": component.summary,
                "items": [
                    _item(item, ITEM_FIELDS) | {"confidential": item.confidential_fields} for item in _items(component)
                ],
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
                "items": [_item(item, _public_fields(item)) for item in _items(component)],
            }
            for component in components
        ],
    }


def _items(component: Component) -> list[ComponentItem]:
    return list(component.items.all())


def _public_fields(item: ComponentItem) -> list[str]:
    return [field for field in PUBLIC_ITEM_FIELDS if field == "name" or field not in item.confidential_fields]


def _item(item: ComponentItem, fields: list[str]) -> dict[str, Any]:
    return {"supplier": str(item.supplier.company)} | {field: _plain(getattr(item, field)) for field in fields}


def _plain(value: Any) -> Any:
    """As JSON holds it: a decimal keeps its digits as text."""
    return value if value is None or isinstance(value, bool | int | list) else str(value)


def search_text(package: Package, components: list[Component]) -> str:
    """The words by which the catalogue finds it: public ones only."""
    shown = public(package, components)
    parts = [package.summary, package.consortium.name, package.operating_model]
    for component in shown["components"]:
        parts.append(component["summary"])
        parts += [str(value) for item in component["items"] for value in item.values() if isinstance(value, str)]
    return "\n".join(parts)
