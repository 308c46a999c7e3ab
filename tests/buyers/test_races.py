"""Two people at the same moment: one act, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from buyers import actions
from buyers.models import Buyer, CaseLetter, VettingCase
from core.errors import UnableTo
from core.models import Receipt
from tests.factories import buyers as make
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run them in threads that start together; what became of each, sorted."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=10)
            act()
            return "done"
        except UnableTo:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_submissions_open_one_case(now):
    buyer = make.buyer(now=now)
    found = at_once(
        *[
            lambda: actions.submit_for_vetting(Buyer.objects.get(pk=buyer.pk), by=person("buyer"), now=now)
            for _person in range(4)
        ]
    )
    assert found == ["done", "told", "told", "told"]
    assert (VettingCase.objects.count(), Receipt.objects.count()) == (1, 1)


def test_two_second_officers_countersign_once(now, tmp_path):
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("RECOMMENDED", buyer, now=now)
    officers = [make.second_officer(now), make.federal("third", now=now)]
    found = at_once(
        *[
            lambda officer=officer: actions.countersign_trust(VettingCase.objects.get(pk=case.pk), by=officer, now=now)
            for officer in officers
        ]
    )
    assert found == ["done", "told"]
    assert (CaseLetter.objects.count(), VettingCase.objects.get().status) == (1, "TRUSTED")


def test_a_withdrawal_and_a_countersignature_leave_one_of_both(now, tmp_path):
    buyer = make.buyer(now=now)
    make.clear(now, tmp_path)
    case = make.case_at("RECOMMENDED", buyer, now=now)
    second = make.second_officer(now)
    found = at_once(
        lambda: actions.withdraw_case(VettingCase.objects.get(pk=case.pk), by=person("buyer"), now=now),
        lambda: actions.countersign_trust(VettingCase.objects.get(pk=case.pk), by=second, now=now),
    )
    assert found == ["done", "told"]
    status = VettingCase.objects.get().status
    assert (status in ("WITHDRAWN", "TRUSTED"), CaseLetter.objects.count()) == (True, int(status == "TRUSTED"))
