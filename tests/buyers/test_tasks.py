"""What news of screening does, and what the daily look at trust that ends tells: each once, however often it comes."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buyers import actions, selectors
from buyers.models import CaseLetter
from buyers.rules import EXPIRY, SCREENING
from core import jobs, outbox
from core.ledger import entries_for
from core.models import OutboxMessage
from organizations.actions import set_names
from screening.actions import countersign_dismissal, dismiss_hit
from tests.buyers.conftest import mails_to, told
from tests.factories import buyers as make
from tests.factories import screening
from tests.factories.accounts import person
from tests.factories.organizations import organization
from tests.scenes import scene

pytestmark = pytest.mark.django_db


@scene
def trusted(buyer, cleared, now):
    """With everything that registration published delivered."""
    make.case_at("TRUSTED", buyer, now=now)
    outbox.drain(now)
    return buyer


def listed(now, tmp_path, *names: str) -> None:
    screening.imported(screening.list_file(tmp_path / f"{len(names)}.csv", *names), now=now)
    outbox.drain(now)


def run_job(now, day: int) -> None:
    """The daily job of a day, asked for twice and delivered."""
    at = now + timedelta(days=day)
    for _ring in range(2):
        jobs.ask_for("buyers.expiry", at.replace(hour=0), now=at)
    for message in outbox.due(at).filter(topic="job:buyers.expiry"):
        outbox._subscribers[message.topic][message.subscriber].handle(message, now=at)


def test_a_hit_suspends_and_tells(trusted, now, tmp_path, news):
    officer = make.officer(now)
    before = len(news("buyers.trust_changed"))
    listed(now, tmp_path, "County Holdings")
    case = trusted.cases.get()
    assert case.status == "SUSPENDED"
    last = entries_for(case).filter(action="suspend_trust").get()
    assert (last.actor, last.from_state, last.to_state) == ("system:screening", "TRUSTED", "SUSPENDED")
    assert told(officer)[-1] == "buyers.hits_opened"
    letter = CaseLetter.objects.latest("pk")
    assert (letter.kind, letter.sent_by) == ("SUSPENDED", None)
    assert selectors.disclosed(case, letter.body) == []
    assert mails_to(person("buyer"))[-1] == "Your status as a trusted buyer is suspended"
    assert len(news("buyers.trust_changed")) == before + 1


def test_the_same_hits_again_are_told_once(trusted, now, tmp_path):
    officer = make.officer(now)
    listed(now, tmp_path, "County Holdings")
    set_names(trusted.organization, by=person("buyer"), now=now, names=[{"name": "UGC", "kind": "ACRONYM"}])
    outbox.drain(now)
    assert told(officer).count("buyers.hits_opened") == 1
    assert CaseLetter.objects.filter(kind="SUSPENDED").count() == 1


def test_another_hit_is_told_again(trusted, now, tmp_path):
    officer = make.officer(now)
    listed(now, tmp_path, "County Holdings")
    listed(now, tmp_path, "County Holdings", "Umeme Grid Company")
    assert told(officer).count("buyers.hits_opened") == 2


def test_hits_on_a_case_under_review_are_told_and_change_nothing(buyer, now, tmp_path):
    officer = make.officer(now)
    make.clear(now, tmp_path)
    case = make.case_at("OPEN", buyer, now=now)
    listed(now, tmp_path, "Umeme Grid Company")
    case.refresh_from_db()
    assert (case.status, told(officer)[-1]) == ("OPEN", "buyers.hits_opened")


@pytest.mark.parametrize("state", [None, "REFUSED", "WITHDRAWN", "REVOKED"])
def test_hits_on_a_buyer_that_nobody_looks_at_are_told_to_nobody(state, buyer, now, tmp_path):
    officer = make.officer(now)
    make.clear(now, tmp_path)
    if state:
        make.case_at(state, buyer, now=now)
    listed(now, tmp_path, "Umeme Grid Company")
    assert "buyers.hits_opened" not in told(officer)


def test_a_suspension_stays_when_the_hit_is_dismissed_until_an_officer_restores(trusted, now, tmp_path, news):
    listed(now, tmp_path, "County Holdings")
    hit = trusted.organization.hits.get()
    dismiss_hit(hit, by=make.officer(now), now=now, reason="Another country.")
    countersign_dismissal(hit, by=make.second_officer(now), now=now)
    outbox.drain(now)
    case = trusted.cases.get()
    assert (hit.status, case.status, selectors.trust_of(trusted, now)) == ("NOT_A_MATCH", "SUSPENDED", None)
    actions.restore_trust(case, by=make.officer(now), now=now, reason="RESOLVED")
    assert selectors.trust_of(trusted, now) == case


def test_a_trusted_buyer_that_is_clear_again_is_news_for_matching(trusted, now, news):
    before = len(news("buyers.trust_changed"))
    set_names(trusted.organization, by=person("buyer"), now=now, names=[{"name": "Kivu Power", "kind": "TRADE"}])
    assert selectors.trust_of(trusted, now) is None
    outbox.drain(now)
    assert selectors.trust_of(trusted, now) is not None
    # Compared with what trust was given on, and clear: whichever of the two is last.
    assert news("buyers.trust_changed")[before:] == [{"buyer": trusted.pk}] * 2


def test_a_nightly_run_that_finds_nothing_new_is_no_news(trusted, now, news):
    before = len(news("buyers.trust_changed"))
    jobs.ask_for("screening.rescreen_all", now, now=now)
    outbox.drain(now)
    assert trusted.organization.screening_runs.count() > 1
    assert len(news("buyers.trust_changed")) == before


def test_a_changed_profile_is_told_to_the_officers_of_a_trusted_buyer(trusted, now):
    officer = make.officer(now)
    later = now + timedelta(days=1)
    set_names(trusted.organization, by=person("buyer"), now=later, names=[{"name": "Kivu Power", "kind": "TRADE"}])
    outbox.drain(later)
    assert told(officer).count("buyers.profile_changed") == 1


def test_the_profile_as_submitted_is_no_change(buyer, now):
    officer = make.officer(now)
    make.case_at("OPEN", buyer, now=now)
    outbox.drain(now)
    assert told(officer) == ["buyers.case_opened"]


def test_organizations_that_are_no_buyers_are_left(now, tmp_path):
    organization("Some Supplier", now=now)
    make.clear(now, tmp_path, "Some Supplier")
    assert OutboxMessage.objects.filter(done_at=None).count() == 0


# --- the daily look -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "count"), [(269, 0), (270, 1), (299, 1)])
def test_the_end_is_told_thirty_days_ahead(day, count, trusted, now):
    officer = make.officer(now)
    run_job(now, day)  # trust ends 300 days from now, at the end of the day
    run_job(now, day + 1) if day == 270 else None
    assert told(person("buyer")).count("buyers.trust_ends_soon") == count
    assert told(officer).count("buyers.trust_ending") == count
    assert trusted.cases.get(kind="FIRST").status == "TRUSTED"


def test_the_end_is_told_once_when_it_has_come(trusted, now, news):
    before = len(news("buyers.trust_changed"))
    for day in (301, 302, 310):
        run_job(now, day)
    assert told(person("buyer")).count("buyers.trust_ended") == 1
    assert news("buyers.trust_changed")[before:] == [{"buyer": trusted.pk}]


def test_a_job_that_slept_makes_up_for_it(trusted, now):
    run_job(now, 320)
    assert told(person("buyer"))[-1] == "buyers.trust_ended"


@pytest.mark.parametrize("state", ["SUSPENDED", "REVOKED", "REFUSED"])
def test_only_a_given_trust_is_reminded_of(state, buyer, cleared, now):
    make.case_at(state, buyer, now=now)
    run_job(now, 290)
    assert "buyers.trust_ends_soon" not in told(person("buyer"))


@pytest.mark.parametrize(
    ("act", "arguments"),
    [
        ("answer_screening", {"news": "run:1"}),
        ("answer_profile_change", {"profile_version": 2}),
    ],
)
def test_only_the_jobs_themselves_may(act, arguments, trusted, now):
    for nobody in (person("buyer"), make.manager(now), EXPIRY):
        with pytest.raises(PermissionDenied):
            getattr(actions, act)(trusted, by=nobody, now=now, **arguments)
    for act_of_expiry in (actions.remind_of_end, actions.expire_trust):
        with pytest.raises(PermissionDenied):
            act_of_expiry(trusted.cases.get(), by=SCREENING, now=now)
