"""Rules with dates: one value a day, by the database's own word; none at all is a refusal."""

import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core import dated
from core.models import DatedRule

pytestmark = pytest.mark.django_db
JAN, JUL = date(2026, 1, 1), date(2026, 7, 1)


def rule(version=1, start=JAN, end=None, code="test_rule"):
    return DatedRule.objects.create(
        code=code,
        version=version,
        value=[version],
        effective_from=start,
        effective_to=end,
        authority="a",
        certainty="P",
    )


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (JUL, None, False),
        (date(2026, 6, 30), None, True),
        (date(2025, 1, 1), JAN, False),
        (date(2025, 1, 1), date(2026, 1, 2), True),
        (date(2025, 1, 1), None, True),
        (date(2026, 2, 1), date(2026, 3, 1), True),
    ],
)
def test_the_database_refuses_two_values_for_a_day(start, end, overlaps):
    rule(1, JAN, JUL)
    if overlaps:
        with pytest.raises(IntegrityError, match="a rule has one value a day"), transaction.atomic():
            rule(2, start, end)
    else:
        rule(2, start, end)
    rule(3, start, end, code="another")


@pytest.mark.parametrize(
    ("day", "version"), [(JAN, 1), (date(2026, 6, 30), 1), (JUL, 2), (date(2099, 1, 1), 2), (date(2025, 12, 31), None)]
)
def test_the_rule_of_a_day(day, version):
    rule(1, JAN, JUL)
    rule(2, JUL)
    if version:
        assert dated.rule_at("test_rule", day).value == [version]
    else:
        with pytest.raises(dated.NoRule, match="No rule 'test_rule' holds on 2025-12-31"):
            dated.rule_at("test_rule", day)


def rows(*changes):
    base = {
        "code": "test_rule",
        "version": 1,
        "value": {"a": 1},
        "effective_from": "2026-01-01",
        "effective_to": None,
        "authority": "A statute",
        "certainty": "P",
    }
    return [base | change for change in changes]


def loaded(tmp_path, *changes):
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(rows(*changes)))
    return dated.load(path)


def test_loading_adds_what_is_new_and_changes_nothing_that_is_there(tmp_path):
    assert loaded(tmp_path, {"effective_to": "2026-07-01"}) == 1
    newer = {"version": 2, "effective_from": "2026-07-01"}
    assert loaded(tmp_path, {"value": {"a": 99}, "effective_to": "2026-07-01"}, newer) == 1
    assert dated.rule_at("test_rule", JAN).value == {"a": 1}
    assert loaded(tmp_path, newer) == 0


@pytest.mark.parametrize("fault", [{"certainty": "SURE"}, {"effective_from": "soon"}, {"authority": ""}])
def test_a_file_with_a_fault_loads_nothing(tmp_path, fault):
    with pytest.raises(ValidationError):
        loaded(tmp_path, {"code": "good"}, {"version": 2} | fault)
    assert DatedRule.objects.filter(code="good").count() == 0


def test_the_command_loads_each_rooms_rules_and_repeating_it_is_harmless(capsys):
    call_command("load_rules")
    before = DatedRule.objects.count()
    call_command("load_rules")
    assert DatedRule.objects.count() == before > 0
    assert "screening: 0 new rules" in capsys.readouterr().out
