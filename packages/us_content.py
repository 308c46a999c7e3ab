"""How much of the hardware component's value is of U.S. origin. Pure: values in, verdict out, whatever their order."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Presumption(TextChoices):
    """Of the national interest, from a share of U.S. content on; a presumption, never a bar."""

    MET = "MET", _("Presumption met")
    JUSTIFY = "JUSTIFY", _("Presumption not met: justify it in a proposal")
    CANNOT_TELL = "CANNOT_TELL", _("Cannot tell")


@dataclass(frozen=True)
class Line:
    """An item; its `share` in percent is None while a value is unknown or nothing."""

    name: str
    value_usd: Decimal | None
    us_origin_value_usd: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.value_usd is not None and self.us_origin_value_usd is not None

    @property
    def share(self) -> Decimal | None:
        return _share(self.us_origin_value_usd, self.value_usd)


@dataclass(frozen=True)
class UsContent:
    """`share` is exact; the sums are of what is known."""

    lines: tuple[Line, ...]
    value_usd: Decimal
    us_origin_value_usd: Decimal
    share: Decimal | None
    verdict: Presumption
    unknown: tuple[str, ...]


def us_content(lines: Iterable[Line], percent: int) -> UsContent:
    """Of the aggregate value, against `percent` (inclusive): not item by item. An unknown value: cannot tell."""
    held = tuple(lines)
    value = sum((line.value_usd for line in held if line.value_usd is not None), Decimal())
    us_value = sum((line.us_origin_value_usd for line in held if line.us_origin_value_usd is not None), Decimal())
    unknown = tuple(line.name for line in held if not line.is_known)
    share = None if unknown else _share(us_value, value)
    if share is None:
        return UsContent(held, value, us_value, None, Presumption.CANNOT_TELL, unknown)
    verdict = Presumption.MET if us_value * 100 >= value * percent else Presumption.JUSTIFY
    return UsContent(held, value, us_value, share, verdict, ())


def _share(us_value: Decimal | None, value: Decimal | None) -> Decimal | None:
    return us_value * 100 / value if value and us_value is not None else None
