"""The dated lists of countries, one by one: they are of different regimes, and none says anything about another."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import dated
from core.models import DatedRule

TITLES = {
    "cfp_country_of_concern": _("Countries of concern of the program's call for proposals"),
    "doj_country_of_concern": _("Countries of concern for bulk sensitive data (Department of Justice)"),
    "icts_foreign_adversary": _("Foreign adversaries in information and communications technology (Commerce)"),
    "outbound_country_of_concern": _("Countries of concern for outbound investment (Treasury)"),
}
GROUP = "ear_country_group_"
MEANINGS = {
    "A:1": _("Wassenaar Arrangement"),
    "A:2": _("Missile Technology Control Regime"),
    "A:3": _("Australia Group"),
    "A:4": _("Nuclear Suppliers Group"),
    "D:1": _("National security"),
    "D:2": _("Nuclear"),
    "D:3": _("Chemical and biological"),
    "D:4": _("Missile technology"),
    "D:5": _("U.S. arms embargo"),
}


@dataclass(frozen=True)
class CountryList:
    """A list as it holds on a day; `rule` is None where none is held of it, which says nothing of any country."""

    title: str
    rule: DatedRule | None


def lists_at(day: date) -> list[CountryList]:
    """Every list that the portal knows of, also those of which it holds none for `day`. Two queries."""
    groups = DatedRule.objects.filter(code__startswith=GROUP).order_by("code").values_list("code", flat=True).distinct()
    held = {rule.code: rule for rule in dated.rules_at(day)}
    titles = TITLES | {code: _title(code.removeprefix(GROUP)) for code in groups}
    return [CountryList(str(title), held.get(code)) for code, title in titles.items()]


def _title(group: str) -> str:
    words = gettext("EAR country group %(group)s") % {"group": group}
    return f"{words} ({MEANINGS[group]})" if group in MEANINGS else words
