"""The public pages of notices, and the workbench's, where managers draft, publish and withdraw."""

import pytest
from django.urls import reverse

from calls.models import Notice
from tests.browsers import HOSTILE, said, signed_in
from tests.factories import buyers
from tests.factories import calls as make

pytestmark = pytest.mark.django_db

DRAFT = {**make.NOTICE, "slug": "new", "certainty": "P", "issued_date": "2026-04-01", "citation": ""}


@pytest.fixture
def manager(now):
    return signed_in(buyers.manager(now))


@pytest.fixture
def officer(now):
    return signed_in(buyers.officer(now))


def bench(name: str, *more: object) -> str:
    return reverse(f"admin:calls_notice_{name}", args=more)


# --- the public's pages ----------------------------------------------------------------------------------------------


def test_the_list_and_the_notice(client, now):
    notice = make.notice_at("PUBLISHED", now=now, citation="90 FR 48726", certainty="S")
    for path in (reverse("notice_list"), reverse("notice_detail", args=[notice.slug])):
        text = client.get(path).text
        for words in ("The catalog opens", "Packages can be offered.", "April 1, 2026", "90 FR 48726", "Announcement"):
            assert words in text, words
    assert "From today." in text
    assert "How certain this is: Secondary source" in text


def test_without_a_citation_none_is_shown(client, now):
    make.notice_at("PUBLISHED", now=now)
    for path in (reverse("notice_list"), reverse("notice_detail", args=["the-catalog-opens"])):
        assert "April 1, 2026</p>" in client.get(path).text


def test_an_empty_list_says_so(client):
    assert "No notice has been published yet." in client.get(reverse("notice_list")).text


@pytest.mark.parametrize("state", ["DRAFT", "WITHDRAWN"])
def test_what_is_not_published_is_not_there(client, manager, now, state):
    notice = make.notice_at(state, now=now)
    for browser in (client, manager):
        assert browser.get(reverse("notice_detail", args=[notice.slug])).status_code == 404
        assert "The catalog opens" not in browser.get(reverse("notice_list")).text
    assert client.get(reverse("notice_detail", args=["no-such"])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, now, rows, django_assert_num_queries):
    for number in range(rows):
        make.notice_at("PUBLISHED", now=now, slug=f"notice-{number}")
    with django_assert_num_queries(1):
        text = client.get(reverse("notice_list")).text
    assert text.count('href="/notices/notice-') == rows


def test_pages_follow_each_other(client, now):
    for number in range(21):
        make.notice_at("PUBLISHED", now=now, slug=f"notice-{number}")
    first = client.get(reverse("notice_list"))
    second = client.get(f"{reverse('notice_list')}?{first.context['page'].next_query}")
    assert len(first.context["page"].rows) == 20
    assert [notice.slug for notice in second.context["page"].rows] == ["notice-0"]
    for value in HOSTILE.values():
        assert client.get(reverse("notice_list"), {"after": value[:2000]}).context["page"].is_first


def test_the_pages_take_no_post(client, now):
    make.notice_at("PUBLISHED", now=now)
    for path in (reverse("notice_list"), reverse("notice_detail", args=["the-catalog-opens"])):
        assert client.post(path).status_code == 405


# --- the workbench ---------------------------------------------------------------------------------------------------


def test_a_manager_drafts_publishes_and_withdraws(manager):
    assert bench("draft") in manager.get(bench("changelist")).text
    assert "Store the draft" in manager.get(bench("draft")).text
    drafted = manager.post(bench("draft"), DRAFT)
    notice = Notice.objects.get()
    assert (drafted.url, notice.status) == (bench("change", notice.pk), "DRAFT")
    for name, status, other in [("publish", "PUBLISHED", "withdraw"), ("withdraw", "WITHDRAWN", "publish")]:
        page = manager.get(bench("change", notice.pk)).text
        assert (bench(name, notice.pk) in page, bench(other, notice.pk) in page) == (True, False)
        assert manager.post(bench(name, notice.pk)).url == bench("change", notice.pk)
        notice.refresh_from_db()
        assert notice.status == status
    page = manager.get(bench("change", notice.pk)).text
    assert [name for name in ("publish", "withdraw") if bench(name, notice.pk) in page] == []


def test_what_the_state_forbids_is_told(manager, now):
    notice = make.notice_at("WITHDRAWN", now=now)
    for name in ("publish", "withdraw"):
        answer = manager.post(bench(name, notice.pk), follow=True)
        assert said(answer) == ["This is not possible while the status is “Withdrawn”."]


def test_an_officer_reads_notices_and_moves_none(officer, now):
    draft = make.notice_at("DRAFT", now=now)
    shown = make.notice_at("PUBLISHED", now=now, slug="shown")
    assert bench("draft") not in officer.get(bench("changelist")).text
    page = officer.get(bench("draft")).text
    assert ("Program managers draft notices." in page, "Store the draft" in page) == (True, False)
    for notice, name in [(draft, "publish"), (shown, "withdraw")]:
        assert bench(name, notice.pk) not in officer.get(bench("change", notice.pk)).text
        assert officer.post(bench(name, notice.pk)).status_code == 403
    assert officer.post(bench("draft"), DRAFT).status_code == 403
    assert sorted(Notice.objects.values_list("status", flat=True)) == ["DRAFT", "PUBLISHED"]


def test_a_notice_that_is_none_is_not_moved(manager):
    for name in ("publish", "withdraw"):
        assert manager.post(bench(name, 0)).status_code == 404
        assert manager.get(bench(name, 0)).status_code == 405


def test_a_draft_sent_twice_is_stored_once(manager):
    manager.post(bench("draft"), DRAFT)
    again = manager.post(bench("draft"), DRAFT)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["slug"])
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "SONG"}, ["kind"]),
        ({"title": "", "body": ""}, ["title", "body"]),
        ({"slug": "no slug"}, ["slug"]),
        ({"summary": "x" * 501}, ["summary"]),
        ({"certainty": "SURE"}, ["certainty"]),
        ({"issued_date": "2026-99-99"}, ["issued_date"]),
        (dict.fromkeys(DRAFT, "a\x00b"), list(DRAFT)),
    ],
)
def test_a_mistake_is_shown_and_nothing_is_stored(manager, changes, fields):
    answer = manager.post(bench("draft"), DRAFT | changes)
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, sorted(fields))
    assert Notice.objects.count() == 0
