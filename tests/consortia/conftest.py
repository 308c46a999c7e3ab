"""A consortium of `anchor@`, and everybody who might try something on it, by their part."""

from datetime import datetime

from consortia.models import Consortium
from core.actors import System
from tests.factories import buyers, organizations
from tests.factories import consortia as make
from tests.factories.accounts import person
from tests.scenes import scene

CAST = [
    "anchor",
    "anchor_signer",
    "anchor_editor",
    "anchor_viewer",
    "member",
    "member_signer",
    "member_editor",
    "member_viewer",
    "invited",
    "rival",
    "stranger",
    "officer",
    "manager",
    "evaluator",
    "job",
]
FEDERAL = {"officer", "manager", "evaluator"}


@scene
def consortium(now) -> Consortium:
    return make.consortium(now=now)


def people_around(consortium: Consortium, now: datetime) -> dict[str, object]:
    """`member@` and colleagues of a second company, whether it is a member or not; `invited@` and `rival@` have companies
    of their own."""
    anchor = consortium.members.get(part="ANCHOR").company
    second = make.company_of(person("member")) or make.company("Beacon Data LLC", now=now, by=person("member"))
    cast: dict[str, object] = {}
    for side, company in (("anchor", anchor), ("member", second)):
        cast[side] = person(side)
        for role in ("signer", "editor", "viewer"):
            name = f"{side}_{role}"
            cast[name] = organizations.member(company.organization, name, role.upper(), now=now)
    for name, words in (("invited", "Rover Labs Inc"), ("rival", "Rival Systems Inc")):
        if not make.company_of(person(name)):
            make.company(words, now=now, by=person(name))
        cast[name] = person(name)
    cast |= {"stranger": person("stranger"), "officer": buyers.officer(now), "manager": buyers.manager(now)}
    return cast | {"evaluator": buyers.federal("evaluator", "EVALUATOR", now=now), "job": System("screening")}
