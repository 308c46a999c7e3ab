"""The small world with the records that only some pages show: what `STATES` in places.py is about."""

import csv
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace as World
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator

from accounts import links
from accounts.models import RoleGrant
from buyers.states import CaseStatus, NeedStatus
from consortia import actions as consortia_actions
from core import outbox
from core.models import DatedRule, LedgerEntry, Mail, OutboxMessage
from matching import actions as matching_actions
from matching.models import ModelVersion
from matching.states import IntroductionStatus
from organizations import actions as organization_actions
from organizations.models import Organization
from packages import actions as package_actions
from packages.models import Package
from screening.actions import import_list
from tests.factories import buyers, matching, organizations, packages, screening
from tests.factories.accounts import person, with_second_steps

PASSWORD = "seven herons over slate"


def furnish(world: World) -> World:
    _introductions(world)
    _cases(world)
    _accounts(world)
    _supply(world)
    _lists(world)
    world.rule, world.entry = DatedRule.objects.first(), LedgerEntry.objects.order_by("-pk").first()
    world.mail, world.message = Mail.objects.first(), OutboxMessage.objects.first()
    world.weights = ModelVersion.objects.first()
    return world


def _introductions(world: World) -> None:
    now = world.now
    scene = matching.Scene(world.consortium, world.package, world.trusted, None)
    scene.need = world.posted = buyers.need_at(NeedStatus.POSTED, world.trusted, now=now, title="Fault finding")
    world.accepted = matching.introduction_at(IntroductionStatus.ACCEPTED, scene, now=now)
    matching_actions.write_message(world.accepted, by=person("anchor"), now=now, body="When may we call?")
    scene.need = buyers.need_at(NeedStatus.POSTED, world.trusted, now=now, title="Load forecast")
    world.declined = matching.introduction_at(IntroductionStatus.DECLINED, scene, now=now)


def _cases(world: World) -> None:
    now, applicant = world.now, person("applicant")
    names = ["Naivasha Steam Works", "Mombasa Port Services", "140 Repair Plant JSC"]
    opened, recommended, named = [buyers.buyer(name, now=now, by=applicant) for name in names]
    matching.settle(now)
    world.opened = opened
    _owners(world, opened.organization)
    world.open = buyers.case_at(CaseStatus.OPEN, opened, now=now, by=applicant)
    world.recommended = buyers.case_at(CaseStatus.RECOMMENDED, recommended, now=now, by=applicant)
    world.hit = buyers.case_at(CaseStatus.OPEN, named, now=now, by=applicant)
    buyers.absence(now=now)
    world.report = buyers.report(world.open, now=now)
    waterworks = buyers.buyer("Kisumu Water Works", now=now, by=applicant)
    matching.settle(now)
    given = buyers.case_at(CaseStatus.TRUSTED, waterworks, now=now, by=applicant)
    changed = {"legal_name": "Kisumu Water and Power Works", "country": "TZ", "address": "4 Oginga Odinga Street"}
    organization_actions.edit_organization(waterworks.organization, by=applicant, now=now, **changed)
    matching.settle(now)
    world.change = given.successors.get()
    world.named_organization = named.organization
    world.grouped_hit = named.organization.hits.order_by("pk").first()
    world.listed_entry = world.grouped_hit.entry
    world.trust = world.trusted.cases.get(status=CaseStatus.TRUSTED)


def _owners(world: World, subject: Organization) -> None:
    """Of an owner's owners, with a long name, one in another script, an unknown part, control and a finding."""
    now, by = world.now, person("applicant")
    state = subject.stakes.get()
    organization_actions.change_stake(subject, by=by, now=now, stake=state, share_percent=Decimal("12.5"))
    long = {"kind": "ENTITY", "name": "Rift Valley Geothermal Development and Investment Holdings", "country": "MU"}
    holding = organization_actions.add_stake(
        subject, by=by, now=now, holder=long, share_percent=Decimal(60), source="REGISTRY", source_note="Extract 4711"
    ).holder
    for name, share in (("نور الدين الفارسي", Decimal("33.3333")), ("Ann Lee", None)):
        holder = {"kind": "PERSON", "name": name, "country": "AE"}
        organization_actions.add_stake(subject, by=by, now=now, holder=holder, owned=holding, share_percent=share)
    organization_actions.add_control(
        subject, by=by, now=now, holder=holding, kind="BOARD", note="Names three of five directors."
    )
    organizations.settled(subject, by=person("officer"), now=now, share_percent=Decimal(15))
    world.owned, world.owned_stake = subject, holding.stakes.get()
    world.owned_party = holding


def _accounts(world: World) -> None:
    keyholder = with_second_steps(person("keyholder"))
    keyholder.set_password(PASSWORD)
    keyholder.save()
    world.key = Authenticator.objects.get(user=keyholder, type=Authenticator.Type.WEBAUTHN)
    for user in (keyholder, person("stranger")):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    unverified = EmailAddress.objects.create(user=person("newcomer"), email="newcomer@example.com", verified=False)
    world.email_key = EmailConfirmationHMAC(unverified).key
    world.password_path = urlsplit(links.password_link(keyholder)).path
    world.officer = person("officer")
    world.grant = RoleGrant.objects.get(user=world.officer)
    world.office, world.post = world.grant.office, world.grant.post


def _supply(world: World) -> None:
    world.consortium_slug, world.package_slug = world.consortium.slug, world.package.slug
    world.empty_slug = packages.draft(world.consortium, now=world.now, title="Third stack").slug
    person("invited")
    buyers.federal("secretary", "SECRETARY", now=world.now)
    _invitation, world.rival_token = consortia_actions.invite_company(
        world.consortium, by=person("anchor"), now=world.now, email="rival@example.com", message="Join us."
    )
    world.waiting = _waiting_for_a_look(world)
    matching.settle(world.now)


def _waiting_for_a_look(world: World) -> Package:
    """Published anew with another model."""
    package = packages.offered(world.consortium, now=world.now, title="Changed stack")
    item = packages.item_of(package, "C")
    fields = packages.item_fields("C", item.supplier) | {"name": "Another model"}
    package_actions.save_item(package, by=person("anchor"), now=world.now, letter="C", fields=fields, item=item)
    package_actions.publish_package(package, by=person("anchor"), now=world.now)
    return package


def _lists(world: World) -> None:
    """A second release, which an officer accepted: a party came, one went, one says something else, a row is broken."""
    with TemporaryDirectory() as folder:
        path = screening.list_file(Path(folder) / "next.csv", "Newly Listed Works")
        head, _gone, changed, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines(keepends=True))
        changed[22] += "; Another Alias of Theirs"
        screening.written(path, [head, changed, *rows, rows[-1], rows[-1][:8]])
        options = {"path": path, "as_of": world.now.date(), "accept_shrink": True}
        world.release = import_list(by=person("officer"), now=world.now, **options)
    outbox.drain(world.now)
    world.list_change = world.release.changes.get(kind="changed")
