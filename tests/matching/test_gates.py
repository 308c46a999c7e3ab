"""The gates as one table: what changes in a pair that passes, which gate answers, and how."""

from dataclasses import replace

import pytest
from hypothesis import given

from matching.gates import check, is_open
from matching.states import Gate, Verdict
from tests.matching.facts import KENYA, examples, need, needs, package, packages


def place(**changes):
    return {"destination": replace(KENYA, **changes)}


YES, NO, CANNOT_TELL = Verdict.YES, Verdict.NO, Verdict.CANNOT_TELL
NOTHING = frozenset()
CLOSED = [
    (Gate.BUYER_TRUSTED, {"buyer_is_trusted": False}, {}, NO, ()),
    (Gate.IN_SCOPE, {"is_in_scope": False}, {}, NO, ()),
    (Gate.NEED_POSTED, {"is_posted": False}, {}, NO, ()),
    (Gate.PACKAGE_OFFERED, {}, {"is_offered": False}, NO, ()),
    (Gate.DESTINATION, place(is_excluded=True), {}, NO, ()),
    (Gate.DESTINATION, place(is_excluded=True, groups=None), {}, NO, ()),
    (Gate.DESTINATION, place(is_excluded=None), {}, CANNOT_TELL, ()),
    (Gate.DESTINATION, place(groups=None), {}, CANNOT_TELL, ()),
    (Gate.DESTINATION, place(groups=frozenset({"E:1"})), {}, NO, ()),
    (Gate.DESTINATION, place(is_excluded=None, groups=frozenset({"E:2"})), {}, NO, ()),
    (Gate.DESTINATION, place(groups=frozenset({"D:5"})), {}, CANNOT_TELL, ("A", "C")),
    (Gate.MARKET, {}, {"target_countries": frozenset({"PL"})}, NO, ()),
    (Gate.MARKET, {}, {"target_countries": NOTHING}, CANNOT_TELL, ()),
    (Gate.COMPONENTS, {}, {"components": frozenset("AB")}, NO, ("C",)),
    (Gate.COMPONENTS, {}, {"components": NOTHING}, CANNOT_TELL, ("A", "C")),
    (Gate.COMPONENTS, {"components": NOTHING}, {}, CANNOT_TELL, ()),
    (Gate.DEPLOYMENT, {}, {"deployments": frozenset({"US_CLOUD"})}, NO, ()),
    (Gate.DEPLOYMENT, {}, {"deployments": NOTHING}, CANNOT_TELL, ()),
    (Gate.DEPLOYMENT, {"deployments": NOTHING}, {"deployments": frozenset({"REGIONAL_CLOUD"})}, NO, ()),
    (Gate.DEPLOYMENT, {"deployments": frozenset({"US_CLOUD"})}, {}, NO, ()),
    (Gate.STANDARDS, {"standards": frozenset({"ISO_27001", "FEDRAMP"})}, {}, NO, ("FEDRAMP",)),
    (Gate.STANDARDS, {}, {"standards": NOTHING}, CANNOT_TELL, ("ISO_27001",)),
    (Gate.BUDGET, {"budget_band": 1}, {}, NO, ()),
    (Gate.BUDGET, {}, {"price_band": None}, CANNOT_TELL, ()),
]
OPEN = [
    ({}, {}),
    ({"budget_band": None}, {}),
    ({"budget_band": None}, {"price_band": None}),
    ({"budget_band": 2}, {}),
    ({"standards": NOTHING}, {"standards": NOTHING}),
    ({"deployments": NOTHING}, {}),
    ({"residency": "REGION", "deployments": NOTHING}, {"deployments": frozenset({"REGIONAL_CLOUD"})}),
    ({"residency": "NONE", "deployments": NOTHING}, {"deployments": frozenset({"US_CLOUD"})}),
    ({}, {"target_countries": NOTHING, "bloc_countries": frozenset({"KE"})}),
    ({**place(groups=frozenset({"D:5"})), "components": frozenset("BDE")}, {}),
    ({**place(groups=frozenset({"D:1", "D:4"}))}, {}),
]


@pytest.mark.parametrize(("gate", "need_changes", "package_changes", "verdict", "missing"), CLOSED)
def test_one_gate_closes(gate, need_changes, package_changes, verdict, missing):
    found = [result for result in check(need(**need_changes), package(**package_changes)) if result.verdict != YES]
    assert [(result.gate, result.verdict, result.missing) for result in found] == [(gate, verdict, missing)]
    assert not is_open(need(**need_changes), package(**package_changes))


@pytest.mark.parametrize(("need_changes", "package_changes"), OPEN)
def test_every_gate_is_open(need_changes, package_changes):
    results = check(need(**need_changes), package(**package_changes))
    assert {result.verdict for result in results} == {YES}
    assert [result.gate for result in results] == list(Gate)
    assert is_open(need(**need_changes), package(**package_changes))


def test_the_table_closes_every_gate():
    assert {gate for gate, *_rest in CLOSED} == set(Gate)


@examples
@given(needs, packages)
def test_only_yes_everywhere_lets_a_pair_through(asked, offered):
    assert is_open(asked, offered) == all(result.verdict == YES for result in check(asked, offered))
