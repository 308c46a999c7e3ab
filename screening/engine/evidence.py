"""What speaks for or against a match beside the names. In thousandths of log-odds, set by judgment and not fitted."""

import re
from datetime import date

SAME_BIRTH_DATE, OTHER_BIRTH_YEARS = 2000, -3000
SAME_COUNTRY, OTHER_COUNTRY = 300, -300
MOST = SAME_BIRTH_DATE + SAME_COUNTRY  # what evidence can add at most
_YEAR = re.compile(r"\b\d{4}\b")
YEARS_APART = 2


def birth_points(born: date | None, listed: str) -> int:
    """All listed years ("1955 to 1960" is every year between) more than two away speak against, an equal date for."""
    spans = [sorted(int(year) for year in found) for part in listed.split(";") if (found := _YEAR.findall(part))]
    if born is None or not spans:
        return 0
    if born.isoformat() in listed:
        return SAME_BIRTH_DATE
    is_near = any(span[0] - YEARS_APART <= born.year <= span[-1] + YEARS_APART for span in spans)
    return 0 if is_near else OTHER_BIRTH_YEARS


def country_points(country: str, listed: frozenset[str]) -> int:
    """Little either way, and never a filter: parties move, and lists hold the countries of offices and flags."""
    if not country or not listed:
        return 0
    return SAME_COUNTRY if country in listed else OTHER_COUNTRY
