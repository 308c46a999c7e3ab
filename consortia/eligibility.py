"""Whether a member may supply what it offers, rule by rule. Pure: facts of the member and the day's rules in, findings out.

Three answers: yes, no, cannot tell. What is not known, and a day for which no rule is loaded, never mean yes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import DatedRule
from organizations.ownership import Chart, Node, bounds_of

US_ANCHOR = "anchor_us_company"
CONCERN = "cfp_country_of_concern"
OWNED = "cfp_owned_or_controlled"
COMPONENT_BAR = "cfp_component_bar"
RULES = (US_ANCHOR, CONCERN, OWNED, COMPONENT_BAR)


class Answer(TextChoices):
    YES = "YES", gettext_lazy("Yes")
    NO = "NO", gettext_lazy("No")
    CANNOT_TELL = "CANNOT_TELL", gettext_lazy("Cannot tell")


@dataclass(frozen=True)
class MemberFacts:
    """`countries`: of each owner, with "" where one is not known; `controls`: who directs whom without owning it."""

    country: str
    headquarters_country: str
    is_anchor: bool
    components: frozenset[str]
    node: Node
    chart: Chart
    countries: Mapping[Any, frozenset[str]]
    controls: tuple[tuple[Node, Node], ...] = ()

    @property
    def places(self) -> tuple[str, str]:
        return self.country, self.headquarters_country


@dataclass(frozen=True)
class Finding:
    """What one rule says. `rule` is None where no version of it holds on the day."""

    question: str
    answer: Answer
    reason: str
    code: str
    rule: DatedRule | None


Rules = Mapping[str, DatedRule]


def findings(facts: MemberFacts, rules: Rules) -> list[Finding]:
    """One finding a rule that applies to the member, always in the same order."""
    asked: list[tuple[str, str, Callable[[MemberFacts, Rules], tuple[Answer, str]], tuple[str, ...]]] = [
        (CONCERN, _("Is it located outside of the countries of concern?"), _located, (CONCERN,)),
        (OWNED, _("Is it free of owners and control from a country of concern?"), _owned, (OWNED, CONCERN)),
        (COMPONENT_BAR, _("May it supply its components from where it is based?"), _barred, (COMPONENT_BAR,)),
    ]
    if facts.is_anchor:
        asked.insert(0, (US_ANCHOR, _("Is the anchor member a U.S. company?"), _american, (US_ANCHOR,)))
    found = []
    for code, question, judge, needed in asked:
        answer, reason = judge(facts, rules) if all(name in rules for name in needed) else _no_rule()
        found.append(Finding(question, answer, reason, code, rules.get(code)))
    return found


def _no_rule() -> tuple[Answer, str]:
    return Answer.CANNOT_TELL, _("No rule is loaded for this day.")


def is_eligible(found: Iterable[Finding]) -> bool:
    return all(finding.answer == Answer.YES for finding in found)


def _american(facts: MemberFacts, rules: Rules) -> tuple[Answer, str]:
    if facts.country in rules[US_ANCHOR].value["incorporated_in"]:
        return Answer.YES, _("It is incorporated in the United States.")
    return Answer.NO, _("It is incorporated elsewhere.")


def _located(facts: MemberFacts, rules: Rules) -> tuple[Answer, str]:
    if set(facts.places) & set(rules[CONCERN].value):
        return Answer.NO, _("It is incorporated or has its headquarters in a country of concern.")
    return Answer.YES, _("It is incorporated and has its headquarters elsewhere.")


def _barred(facts: MemberFacts, rules: Rules) -> tuple[Answer, str]:
    value = rules[COMPONENT_BAR].value
    if not facts.components & set(value["components"]):
        return Answer.YES, _("The rule does not concern the components that it supplies.")
    if set(facts.places) & set(value["countries"]):
        return Answer.NO, _("It is based in a country whose companies may not supply one of its components.")
    return Answer.YES, _("It is based elsewhere.")


# --- owners and control -----------------------------------------------------------------------------------------------


def _owned(facts: MemberFacts, rules: Rules) -> tuple[Answer, str]:
    """Shares from there are added up as the 50 percent rules do; an owner from nobody knows where may be from there."""
    percent, concern = Decimal(rules[OWNED].value["percent"]), set(rules[CONCERN].value)
    from_there = {node for node, countries in facts.countries.items() if countries & concern}
    maybe = from_there | {node for node, countries in facts.countries.items() if "" in countries}
    controllers = {holder for holder, owned in facts.controls if owned == facts.node}
    if _share(facts, from_there, percent)[0] >= percent:
        return Answer.NO, _("Owners from a country of concern hold the share that the rule names, or more.")
    if controllers & from_there:
        return Answer.NO, _("Somebody from a country of concern controls it.")
    if _share(facts, maybe, percent)[1] >= percent:
        return Answer.CANNOT_TELL, _("It is not known from where enough of its owners are.")
    if controllers & maybe or _controlled_above(facts) & maybe:
        return Answer.CANNOT_TELL, _("It is not known how far somebody from a country of concern may direct it.")
    return Answer.YES, _("Whatever is not known of its owners, too few can be from such a country.")


def _share(facts: MemberFacts, nodes: Collection[Node], percent: Decimal) -> tuple[Decimal, Decimal]:
    found = bounds_of(facts.chart, facts.node, blocked=nodes, threshold=percent)
    return found.lower, found.upper


def _controlled_above(facts: MemberFacts) -> set[Node]:
    """Who directs one of its owners, at any distance."""
    links = [(stake.owner, stake.owned) for stake in facts.chart.stakes] + list(facts.controls)
    above: set[Node] = {facts.node}
    while new := {owner for owner, owned in links if owned in above} - above:
        above |= new
    return {holder for holder, owned in facts.controls if owned in above and owned != facts.node}


def weighed_countries(facts: MemberFacts, rules: Rules) -> list[str]:
    """The countries on which a "yes" rests: should one of them come to be of concern, it has to be asked anew."""
    concern = set(rules[CONCERN].value)
    return sorted(set(facts.places).union(*facts.countries.values()) - concern - {""})
