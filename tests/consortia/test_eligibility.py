"""What the rules say of a member: a golden table of facts and answers, whatever the order, and on whichever day."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from consortia import eligibility
from consortia.eligibility import Answer, MemberFacts, findings, is_eligible, weighed_countries
from consortia.selectors import eligibility_of, members_of
from core.models import DatedRule
from organizations.ownership import Chart, Stake
from tests.factories import consortia as make
from tests.factories import organizations
from tests.factories.accounts import person

YES, NO, CANNOT_TELL = Answer
ME = "organization:1"


def rule(code: str, value: object, version: int = 1) -> DatedRule:
    return DatedRule(code=code, version=version, value=value, authority="Said so.", certainty="S")


RULES = {
    rule.code: rule
    for rule in (
        rule("anchor_us_company", {"incorporated_in": ["US"]}),
        rule("cfp_country_of_concern", ["CN", "HK", "MO"]),
        rule("cfp_owned_or_controlled", {"percent": "50"}),
        rule("cfp_component_bar", {"components": ["B", "C", "D", "E"], "countries": ["CN", "HK", "MO", "RU"]}),
    )
}


def facts(
    *stakes: tuple[str, str, object],
    country: str = "US",
    headquarters: str = "US",
    is_anchor: bool = False,
    components: str = "A",
    places: dict[str, str] | None = None,
    controls: tuple[tuple[str, str], ...] = (),
    settled: dict | None = None,
) -> MemberFacts:
    """`stakes`: owner, owned, percent or None; an owner is a person from the country that its first letters name."""
    rows = tuple(Stake(owner, owned, None if share is None else Decimal(str(share))) for owner, owned, share in stakes)
    owners = {owner for owner, _owned, _share in stakes} | {holder for holder, _owned in controls}
    people = {owner for owner in owners if owner.islower()}
    known = {owner: owner[:2].upper().replace("XX", "") for owner in owners} | (places or {})
    return MemberFacts(
        country=country,
        headquarters_country=headquarters,
        is_anchor=is_anchor,
        components=frozenset(components),
        node=ME,
        chart=Chart(rows, frozenset(people), settled or {}),
        countries={owner: frozenset({where}) for owner, where in known.items()},
        controls=controls,
    )


WHOLE = ("us_owner", ME, 100)
PLACES = [
    # country, headquarters, anchor, components: U.S. anchor?, outside of concern?, components?
    ("US", "US", True, "A", [YES, YES, YES]),
    ("US", "AE", True, "ABCDE", [YES, YES, YES]),  # where it is incorporated counts
    ("AE", "US", True, "A", [NO, YES, YES]),
    ("NO", "NO", False, "ABCDE", [YES, YES]),
    ("CN", "US", False, "A", [NO, YES]),
    ("US", "HK", False, "A", [NO, YES]),
    ("MO", "MO", False, "E", [NO, NO]),
    ("RU", "RU", False, "A", [YES, YES]),  # the stricter list is of some components only
    ("RU", "RU", False, "AD", [YES, NO]),
    ("US", "RU", False, "C", [YES, NO]),
    ("RU", "US", False, "", [YES, YES]),
]


@pytest.mark.parametrize(("country", "headquarters", "is_anchor", "components", "answers"), PLACES)
def test_places(country, headquarters, is_anchor, components, answers):
    found = findings(
        facts(WHOLE, country=country, headquarters=headquarters, is_anchor=is_anchor, components=components), RULES
    )
    assert [row.answer for row in found if row.code != eligibility.OWNED] == answers
    assert is_eligible(found) == (NO not in answers)


OWNERS = [
    ("all known", [WHOLE], {}, YES),
    ("a holder below the line", [("us_owner", ME, "50.01"), ("cn_owner", ME, "49.99")], {}, YES),
    ("at the line", [("us_owner", ME, 50), ("cn_owner", ME, 50)], {}, NO),
    ("together at the line", [("cn_a", ME, 25), ("hk_b", ME, 25), ("us_c", ME, 50)], {}, NO),
    ("nobody known", [], {}, CANNOT_TELL),
    ("half not known", [("us_owner", ME, 50)], {}, CANNOT_TELL),
    ("less than half not known", [("us_owner", ME, "50.01")], {}, YES),
    ("an unknown share", [("us_owner", ME, 40), ("cn_owner", ME, None)], {}, CANNOT_TELL),
    ("known and unknown reach it together", [("us_owner", ME, 60), ("cn_owner", ME, 20)], {}, YES),
    ("an owner from nobody knows where", [("xx_owner", ME, 60), ("us_owner", ME, 40)], {}, CANNOT_TELL),
    ("such an owner of little", [("xx_owner", ME, 30), ("us_owner", ME, 70)], {}, YES),
    (
        "through a holding",
        [("KYHolding", ME, 60), ("us_owner", ME, 40), ("cn_owner", "KYHolding", 40)],
        {},
        CANNOT_TELL,
    ),
    (
        "through a holding, the rest known",
        [("KYHolding", ME, 60), ("us_owner", ME, 40), ("cn_owner", "KYHolding", 50), ("us_other", "KYHolding", 50)],
        {},
        NO,
    ),
    (
        "a holding from elsewhere whose owners are known",
        [("KYHolding", ME, 60), ("us_owner", ME, 40), ("us_other", "KYHolding", 100)],
        {},
        YES,
    ),
    ("a holding from there", [("CNHolding", ME, 60), ("us_owner", ME, 40), ("us_x", "CNHolding", 100)], {}, NO),
    ("controlled from there", [WHOLE], {"controls": (("cn_board", ME),)}, NO),
    ("controlled from nobody knows where", [WHOLE], {"controls": (("xx_board", ME),)}, CANNOT_TELL),
    ("controlled from elsewhere", [WHOLE], {"controls": (("us_board", ME),)}, YES),
    (
        "an owner is controlled from there",
        [("USHolding", ME, 100), ("us_x", "USHolding", 100)],
        {"controls": (("cn_board", "USHolding"),)},
        CANNOT_TELL,
    ),
    ("a public float that an officer settled", [], {"settled": {ME: None}}, YES),
]


@pytest.mark.parametrize(("stakes", "more", "answer"), [row[1:] for row in OWNERS], ids=[row[0] for row in OWNERS])
def test_owners_in_any_order(stakes, more, answer):
    for seed in range(4):
        shuffled = random.Random(seed).sample(stakes, len(stakes))
        found = {row.code: row.answer for row in findings(facts(*shuffled, **more), RULES)}
        assert found[eligibility.OWNED] == answer


@pytest.mark.parametrize("code", eligibility.RULES)
def test_without_a_rule_its_question_has_no_answer(code):
    rules = {name: rule for name, rule in RULES.items() if name != code}
    found = findings(facts(WHOLE, is_anchor=True), rules)
    unanswered = {row.code for row in found if row.answer == CANNOT_TELL}
    assert unanswered == {code} | ({eligibility.OWNED} if code == eligibility.CONCERN else set())
    assert (is_eligible(found), next(row.rule for row in found if row.code == code)) == (False, None)


def test_each_answer_names_its_rule():
    found = findings(facts(WHOLE, is_anchor=True), RULES)
    assert [(row.code, row.rule) for row in found] == list(RULES.items())
    assert all(row.question and row.reason for row in found)


def test_a_yes_rests_on_every_country_that_was_weighed():
    weighed = weighed_countries(facts(("no_a", ME, 60), ("cn_b", ME, 30), ("xx_c", ME, 10), country="AE"), RULES)
    assert weighed == ["AE", "NO", "US"]


@pytest.mark.parametrize(
    ("concern", "affected"),
    [(["CN", "HK", "MO"], set()), (["CN", "NO"], {"no"}), (["AE"], {"ae"}), (["AE", "NO", "US"], {"no", "ae", "us"})],
)
def test_a_later_list_changes_the_answer_of_exactly_those_who_are_on_it(concern, affected):
    later = RULES | {"cfp_country_of_concern": rule("cfp_country_of_concern", concern, version=2)}
    cast = {
        "no": facts(("no_owner", ME, 100)),
        "ae": facts(WHOLE, headquarters="AE"),
        "us": facts(WHOLE, country="GB", headquarters="GB"),
        "gb": facts(("gb_owner", ME, 100), country="GB", headquarters="GB"),
    }
    before, after = ({who: is_eligible(findings(f, rules)) for who, f in cast.items()} for rules in (RULES, later))
    assert set(before.values()) == {True}
    assert {who for who in cast if not after[who]} - {"us"} == affected - {"us"}
    assert after["gb"]


# --- from the rows ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def moment():
    return datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def now(moment):
    return moment


def answers(consortium, now) -> dict[str, dict[str, str]]:
    return {
        str(member.company): {row.code: str(row.answer) for row in found}
        for member, found in eligibility_of(members_of(consortium), now)
    }


def test_the_rows_of_several_members_are_judged_together_as_alone(consortium, now):
    make.joined(consortium, now=now)
    norse = make.joined(consortium, now=now, by=person("norse"), name="Fjord Models AS", components=["C"])
    organizations.owner(norse.company.organization, by=person("norse"), now=now, country="CN", share_percent=None)
    together = answers(consortium, now)
    alone = {
        str(m.company): {r.code: str(r.answer) for r in eligibility_of([m], now)[0][1]} for m in members_of(consortium)
    }
    assert together == alone
    assert {name: set(row.values()) for name, row in together.items()} == {
        "Meridian Compute Inc": {"YES"},
        "Beacon Data LLC": {"YES"},
        "Fjord Models AS": {"YES"},  # its one owner holds all of it; what the other holds is nothing
    }


def test_before_the_call_no_rule_of_it_held(consortium, now):
    found = answers(consortium, now - timedelta(days=400))["Meridian Compute Inc"]
    assert found == {code: "CANNOT_TELL" if code.startswith("cfp") else "YES" for code in eligibility.RULES}
