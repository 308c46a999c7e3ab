"""Countries by ISO 3166-1 alpha-2 code, named in the active language from the Unicode CLDR."""

import unicodedata
from functools import cache

from babel import Locale
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale

# CLDR's territories also hold regions and a few codes that are no countries in ISO 3166-1.
_NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(to_locale(language), sep="_").territories
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}


CODES = sorted(set(_names("en-us")) - _NOT_COUNTRIES)


def name(code: str) -> str:
    """The country's name in the active language; the code itself where it is unknown."""
    return _names(get_language() or "en-us").get(code, code)


_lazy_name = lazy(name, str)


def choices() -> list[tuple[str, str]]:
    """Choices of a field, in the English names' order; a callable, so that migrations do not spell the world out."""
    english = _names("en-us")
    return [(code, _lazy_name(code)) for code in sorted(CODES, key=lambda code: _sortable(english[code]))]


def _sortable(words: str) -> str:
    """Without accents, so that Åland stands before Albania and not behind Zimbabwe."""
    return unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().casefold()
