"""The demonstration as `seed_demo` leaves it: what it promises, and a walk through it as each person of the cast."""

import gzip
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse

from accounts.demo import CAST
from accounts.models import User
from buyers.models import Buyer, Need, VettingCase
from buyers.states import CaseStatus, NeedStatus
from consortia.models import Consortium
from core.models import Mail, OutboxMessage
from matching.models import Introduction, Match
from matching.states import IntroductionStatus
from organizations.models import AssociatedParty, Organization, OrganizationName
from organizations.states import PartyKind
from packages.models import Package
from packages.states import PackageStatus
from screening import csl
from screening.engine.matcher import Matcher
from screening.engine.score import Query
from screening.management.commands.import_csl import BUNDLED
from tests.browsers import signed_in
from tests.database import as_owner
from tests.factories import screening

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
COMPANY_PAGES = [
    "dashboard",
    "match_list",
    "introduction_list",
    "notification_list",
    "company_list",
    "catalogue",
    "home",
]
BUYER_PAGES = [
    "dashboard",
    "match_list",
    "introduction_list",
    "notification_list",
    "buyer_list",
    "need_list",
    "catalogue",
]
PAGES = {
    "officer": ["dashboard", "admin:index", "admin:buyers_vettingcase_changelist", "admin:screening_hit_changelist"]
}


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory):
    listed = screening.list_file(tmp_path_factory.mktemp("list") / "list.csv", "GOLDEN STAR TRADING LLC")
    with as_owner(autocommit=True) as cursor:
        cursor.execute("VACUUM FULL ANALYZE")  # as large a world as this is slow on what earlier tests left behind
    with django_db_blocker.unblock(), transaction.atomic():
        said = io.StringIO()
        call_command("seed_demo", "--list", str(listed), stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


def statuses(model):
    return set(model.objects.values_list("status", flat=True))


def test_it_is_as_large_as_it_promises(demonstration):
    assert demonstration.splitlines()[-1] == "30 packages, 40 needs. Sign in at /demo/."
    counts = {model: model.objects.count() for model in (Consortium, Package, Buyer, Need)}
    assert counts == {Consortium: 12, Package: 30, Buyer: 25, Need: 40}
    assert Organization.objects.exclude(buyer=None).aggregate(n=Count("country", distinct=True))["n"] == 16
    assert Match.objects.count() > 100


def test_every_state_is_there_to_be_seen(demonstration):
    assert statuses(VettingCase) == set(CaseStatus) - {CaseStatus.REPLACED, CaseStatus.EXPIRED}  # of other days
    assert statuses(Introduction) == set(IntroductionStatus)
    assert statuses(Need) == set(NeedStatus)
    assert statuses(Package) >= {PackageStatus.DRAFT, PackageStatus.PUBLISHED}


def test_nothing_is_left_to_do(demonstration):
    assert OutboxMessage.objects.filter(done_at=None).count() == 0
    assert statuses_of_mail() == {"SENT"}


def statuses_of_mail():
    return set(Mail.objects.values_list("delivery", flat=True))


def test_one_buyer_is_stopped_by_the_list(demonstration, now):
    case = VettingCase.objects.get(buyer__organization__legal_name="Golden Star Trading")
    assert "GOLDEN STAR TRADING LLC" in [hit.listed_name for hit in case.buyer.organization.hits.all()]
    officer = signed_in(User.objects.get_by_natural_key("officer@demo.example"))
    page = officer.get(reverse("admin:buyers_vettingcase_change", args=[case.pk]))
    assert "GOLDEN STAR TRADING LLC" in page.text


def test_on_the_real_list_that_buyer_alone_stops(demonstration):
    """Any other hit, a review too, would leave the first start of `make run` without its demonstration."""
    with gzip.open(BUNDLED, "rt", encoding="utf-8", newline="") as stream:
        rows = enumerate(csl.read(stream, csl.Report()))
        matcher = Matcher([name for number, row in rows for name in csl.listed_names(row, number)])
    names = [
        *(Query(name, "organization") for name in Organization.objects.values_list("legal_name", flat=True)),
        *(Query(name, "organization") for name in OrganizationName.objects.values_list("name", flat=True)),
        *(
            Query(party.name, "person" if party.kind == PartyKind.PERSON else "organization")
            for party in AssociatedParty.objects.all()
        ),
    ]
    found = {names[hit.query].name for hit in matcher.screen(names)}
    assert found == {"Golden Star Trading", "Golden Star Trading Holding"}


@pytest.mark.parametrize("member", CAST, ids=lambda member: member.key)
def test_one_click_signs_in_and_every_page_opens(demonstration, member):
    browser = Client()
    entered = browser.post(reverse("demo"), {"email": member.email}, follow=True)
    assert entered.status_code == 200
    for name in pages_of(member):
        assert browser.get(reverse(name)).status_code == 200, name


def pages_of(member):
    if member.role:
        return PAGES["officer"] if member.role in ("OFFICER", "MANAGER") else ["dashboard"]
    return BUYER_PAGES if "buyer" in member.key or "untrusted" in member.key else COMPANY_PAGES


def test_a_second_time_is_refused(demonstration):
    with pytest.raises(CommandError, match="consortia already"):
        call_command("seed_demo")


def test_the_page_of_the_cast_names_everybody(demonstration, client):
    page = client.get(reverse("demo")).text
    assert sorted(re.findall(r'name="email" value="([^"]+)"', page)) == sorted(member.email for member in CAST)
