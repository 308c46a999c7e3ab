"""Words for what changed of a buyer's facts."""

from django import template
from django.utils.translation import gettext as _

from buyers.material import Change
from buyers.states import BuyerKind, Fact
from core import countries
from organizations.states import ControlKind, DocumentKind, IdentifierKind, NameKind, PartyKind, PartyRole

register = template.Library()

CHOICES = [BuyerKind, PartyKind, PartyRole, ControlKind, NameKind, IdentifierKind, DocumentKind]
KNOWN = {value: label for choices in CHOICES for value, label in choices.choices}


@register.filter
def entry(change: Change, side: str) -> str:
    """One side ("before" or "after") of a change, in words; a dash where there was nothing."""
    parts = change.before if side == "before" else change.after
    if parts is None or not any(parts):
        return "–"
    if change.fact in (Fact.COUNTRY, Fact.HEADQUARTERS):
        return countries.name(parts[0])
    if change.fact == Fact.OWNERS:
        return _owner(*parts)
    name, *rest = parts
    first = _word(name) if change.fact == Fact.KIND else name
    return ", ".join([first, *(_word(part) for part in rest if part)])


def _owner(name: str, kind: str, country: str, born: str, owned: str, share: str) -> str:
    words = [name, _word(kind), countries.name(country) if country else "", born]
    words.append(_("%(share)s %%") % {"share": share} if share else _("share not known"))
    if owned:
        words.append(_("of %(owned)s") % {"owned": owned})
    return ", ".join(word for word in words if word)


def _word(part: str) -> str:
    if part in countries.CODES:
        return countries.name(part)
    return str(KNOWN.get(part, part))
