"""What the officer's checklist says about trusting a buyer. Pure: findings in, obstacles out. Unknown is no yes."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from buyers.states import ChecklistItem, Finding


def obstacles(findings: Mapping[str, str]) -> list[str]:
    """Why these findings (item: finding) do not carry a recommendation of trust, in words; empty when they do."""
    return [text for item in ChecklistItem if (text := _obstacle(item, findings.get(item, "")))]


def _obstacle(item: ChecklistItem, finding: str) -> str:
    names = {"item": item.label}
    if not finding:
        return _("“%(item)s” has no finding yet.") % names
    if finding == Finding.NO:
        return _("“%(item)s” was found not to be so.") % names
    if finding == Finding.CANNOT_TELL and item in ChecklistItem.decisive():
        return _("“%(item)s” must be known before anybody is trusted.") % names
    return ""
