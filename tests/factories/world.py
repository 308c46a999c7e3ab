"""One small world in which every page has something to show: for tests that walk all addresses."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

from consortia import actions as consortia_actions
from consortia.selectors import members_of
from core.actions import issue_receipt
from matching.models import Match
from organizations import actions as organization_actions
from organizations.models import Document
from tests.factories import buyers, calls, consortia, core, matching, organizations, packages
from tests.factories.accounts import person


def build(now: datetime, tmp_path: Path) -> SimpleNamespace:
    """Companies of `anchor@` and `member@` in a consortium with a published package and a draft; `rival@` with a company
    of its own; `buyer@` with a trusted buyer, its need, a match and an introduction, and a second buyer that is being
    asked a question; a notice of two states; invitations to `invited@`."""
    scene = matching.scene(now, tmp_path)
    world = SimpleNamespace(now=now, consortium=scene.consortium, package=scene.package, trusted=scene.buyer)
    matching.settle(now)
    world.match = Match.objects.get(package=scene.package, need=scene.need)
    world.introduction = matching.introduction(scene, now=now)
    _supply(world, now)
    _demand(world, now)
    world.receipt = issue_receipt(
        world.package, "publish_package", by=person("anchor"), now=now, summary="Published.", next_step="-", path="/"
    )
    world.drafted, world.notice = calls.notice_at("DRAFT", now=now, slug="draft"), calls.notice_at("PUBLISHED", now=now)
    matching.settle(now)
    return world


def _supply(world: SimpleNamespace, now: datetime) -> None:
    anchor = person("anchor")
    world.anchor, world.member = members_of(world.consortium)
    world.company = world.anchor.company
    world.organization = world.company.organization
    world.rival = consortia.company("Rival Systems Inc", now=now, by=person("rival"))
    world.draft = packages.filled(world.consortium, now=now, title="Second stack")
    world.item = world.draft.components.get(letter="A").items.get()
    world.party = world.organization.parties.get(role="OWNER")
    world.stake = world.organization.stakes.get()
    colleague = organizations.member(world.organization, "colleague", "EDITOR", now=now)
    world.membership = world.organization.memberships.get(user=colleague)
    world.colleague_invitation, world.colleague_token = organization_actions.invite_colleague(
        world.organization, by=anchor, now=now, email="invited@example.com", role="VIEWER"
    )
    world.company_invitation, world.company_token = consortia_actions.invite_company(
        world.consortium, by=anchor, now=now, email="invited@example.com"
    )
    world.file = core.stored_file(now=now, by=anchor)
    Document.objects.create(organization=world.organization, file=world.file, kind="OTHER", added_at=now)


def _demand(world: SimpleNamespace, now: datetime) -> None:
    buyers.manager(now)
    world.buyer = buyers.buyer("Kisumu Water Board", now=now)
    world.case = buyers.case_at("QUESTION_ASKED", world.buyer, now=now)
    world.need = buyers.need(world.buyer, now=now)
    world.buyer_party = world.buyer.organization.parties.order_by("pk").first()
    world.supplier = organizations.organization("Lake Holdings", now=now, by=person("buyer"), country="KE")
