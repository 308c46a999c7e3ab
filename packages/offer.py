"""The fields in which a package speaks as a whole, and their values in words."""

from typing import Any

from django.utils.text import capfirst

from core import countries
from packages.models import Offer, PackageVersion

OFFER_FIELDS = [field.name for field in Offer._meta.get_fields()]


def _field(name: str) -> Any:
    return PackageVersion._meta.get_field(name)


def label_of(name: str) -> str:
    return capfirst(str(_field(name).verbose_name))


def words_of(name: str, value: Any) -> str:
    """A frozen value as people read it; "" for nothing."""
    if value in (None, "", []):
        return ""
    choices = dict(getattr(_field(name), "base_field", _field(name)).flatchoices)
    if isinstance(value, list):
        named = [countries.name(code) if name == "target_countries" else str(choices.get(code, code)) for code in value]
        return ", ".join(sorted(named))
    return str(choices.get(value, value))
