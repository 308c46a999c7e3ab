"""Home, dashboard and status as the people of the demonstration see them."""

import pytest
from django.urls import reverse

from accounts.demo import create_cast
from aiexports.demo import demand, introductions, supply
from buyers.models import Buyer, Need, VettingCase
from buyers.states import CaseStatus
from consortia.models import Consortium
from core import outbox
from matching.models import Introduction, Match
from matching.states import IntroductionStatus
from packages.models import Package
from tests.factories import screening

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "status", "catalogue", "notice_list", "healthz"])
def test_public_pages_answer_on_an_empty_database(client, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.long
def test_the_demonstration_holds_what_it_promises_and_its_pages_open(client, tmp_path):
    from django.utils import timezone

    now = timezone.now()
    screening.rules()
    screening.imported(screening.list_file(tmp_path / "list.csv", "GOLDEN STAR TRADING LLC"), now=now)
    cast = create_cast(now)
    supply.build(cast, now)
    demand.build(cast, now)
    introductions.build(now)
    outbox.drain(now)

    assert Consortium.objects.count() == 12
    assert Package.objects.count() == 30
    assert Buyer.objects.count() == 25
    assert Buyer.objects.values("organization__country").distinct().count() == 15
    assert Need.objects.count() == 40
    assert Match.objects.count() > 0
    assert set(VettingCase.objects.values_list("status", flat=True)) == set(CaseStatus) - {CaseStatus.REPLACED}
    assert set(Introduction.objects.values_list("status", flat=True)) == set(IntroductionStatus)
    for key in ("anchor", "member", "rival", "buyer", "untrusted", "officer"):
        client.force_login(cast[key])
        for name in ("dashboard", "match_list", "introduction_list", "notification_list", "home"):
            assert client.get(reverse(name)).status_code == 200, (key, name)
