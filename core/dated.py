"""Rules of the program as dated data: read the one that holds on a day, or fail."""

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import Q, QuerySet

from core.models import DatedRule


class NoRule(LookupError):
    """No rule with this code holds on this day. Unknown never means allowed."""


def rules_at(day: date) -> QuerySet[DatedRule]:
    """All rules that hold on `day`."""
    return DatedRule.objects.filter(Q(effective_to=None) | Q(effective_to__gt=day), effective_from__lte=day)


def rule_at(code: str, day: date) -> DatedRule:
    """The version of a rule that holds on `day`. Raises NoRule when none does."""
    rule = rules_at(day).filter(code=code).first()
    if rule is None:
        raise NoRule(f"No rule {code!r} holds on {day}. Load the rules with: manage.py load_rules")
    return rule


def versions(*codes: str) -> list[DatedRule]:
    """Every version of these rules, in one query, for `holding`."""
    return list(DatedRule.objects.filter(code__in=codes))


def holding(rules: Iterable[DatedRule], code: str, day: date) -> DatedRule:
    """Of these versions, the one that holds on `day`. Raises NoRule when none does."""
    for rule in rules:
        if rule.code == code and holds(rule, day):
            return rule
    raise NoRule(f"No rule {code!r} holds on {day}. Load the rules with: manage.py load_rules")


def holds(rule: DatedRule, day: date) -> bool:
    return rule.effective_from <= day and (rule.effective_to is None or day < rule.effective_to)


@transaction.atomic
def load(path: Path) -> int:
    """Store the rules of a JSON file (a list of DatedRule's fields); versions that exist are left as they are."""
    rows = json.loads(path.read_text())
    known = set(DatedRule.objects.values_list("code", "version"))
    new = [DatedRule(**row) for row in rows if (row["code"], row["version"]) not in known]
    for rule in new:
        rule.full_clean()
        rule.save()
    return len(new)
