"""Pages of matches and introductions: who gets which answer, what each says, and how a form goes through."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import assurance
from accounts.models import User
from buyers import actions as buyers_actions
from buyers.states import CaseStatus, NeedStatus
from core.models import Receipt
from matching import actions
from matching.models import Introduction, Match, ThreadMessage
from matching.states import IntroductionStatus
from packages import actions as packages_actions
from tests.factories import buyers, consortia, matching, packages
from tests.factories.accounts import person
from tests.scenes import scene as shared

REQUESTED, ACCEPTED = IntroductionStatus.REQUESTED, IntroductionStatus.ACCEPTED
CAST = ["buyer", "anchor", "member", "rival", "stranger", "untrusted", "officer", None]


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@shared
def cast(scored, now):
    """Beside those of the scene: a rival company, a buyer that nobody trusts yet, a stranger and an officer."""
    consortia.company("Rival Systems Inc", now=now, by=person("rival"))
    untrusted = buyers.buyer("Doubtful Trading", now=now, by=person("untrusted"))
    buyers.need_at(NeedStatus.POSTED, untrusted, now=now, by=person("untrusted"))
    buyers.officer(now)
    matching.settle(now)
    return scored


@shared
def made(cast, now):
    return matching.introduction(cast, now=now)


@shared
def accepted(made, now):
    return actions.accept_introduction(made, by=person("anchor"), now=now)


@pytest.fixture
def page(client):
    """Ask for a page as a person: `page("buyer", "match_list")`; with `data`, post to it."""

    def ask(name, view, *args, query="", data=None, follow=False):
        client.logout()
        if name:
            sign_in(client, person(name))
        path = reverse(view, args=args) + query
        if data is None:
            return client.get(path, follow=follow)
        return client.post(path, data, follow=follow)

    return ask


def sign_in(client, user):
    """With the second step that federal staff need."""
    client.force_login(user)
    request = HttpRequest()
    request.session, request.user = client.session, user
    assurance.vouch_for_demo(request, user)
    request.session.save()


def text(response) -> str:
    return response.content.decode()


# --- who gets which answer -------------------------------------------------------------------------------------------

SEEN = {
    "match_list": {"buyer": 200, "anchor": 200, "member": 200, "rival": 200, "stranger": 200, "untrusted": 200},
    "match_detail": {"buyer": 200, "anchor": 200, "member": 200},
    "introduction_list": {"buyer": 200, "anchor": 200, "member": 200, "rival": 200, "stranger": 200, "untrusted": 200},
    "introduction_detail": {"buyer": 200, "anchor": 200},
    "introduction_accept": {"buyer": 403, "anchor": 200},
    "introduction_decline": {"buyer": 403, "anchor": 200},
    "introduction_new": {
        "buyer": 200,
        "anchor": 403,
        "member": 403,
        "rival": 403,
        "stranger": 403,
        "untrusted": 403,
        "officer": 403,
    },
}


def address(view, cast, made):
    if view == "match_detail":
        return (view, Match.objects.get().pk)
    if view.startswith("introduction_") and view not in ("introduction_new", "introduction_list"):
        return (view, made.pk)
    return (view,)


@pytest.mark.parametrize("view", SEEN)
def test_who_gets_which_page(cast, made, page, view):
    query = f"?package={cast.package.pk}" if view == "introduction_new" else ""
    answers = {name: page(name, *address(view, cast, made), query=query).status_code for name in CAST}
    lists = {"match_list": 200, "introduction_list": 200}
    assert answers == {None: 302, **{name: SEEN[view].get(name, lists.get(view, 404)) for name in CAST if name}}


POSTS = ["introduction_accept", "introduction_decline", "introduction_withdraw", "introduction_close"]
MAY_POST = {
    "introduction_accept": "anchor",
    "introduction_decline": "anchor",
    "introduction_withdraw": "buyer",
    "introduction_close": None,
}


@pytest.mark.parametrize("view", POSTS)
def test_who_may_post(made, page, view):
    for name in CAST:
        if name == MAY_POST[view] or (view == "introduction_close" and name in ("buyer", "anchor")):
            continue
        answer = page(name, view, made.pk, data={"reason": "FIT"})
        sees = name in ("buyer", "anchor")
        assert answer.status_code == (302 if name is None else 403 if sees else 404), name
    made.refresh_from_db()
    assert made.status == REQUESTED


def test_a_revoked_trust_is_gone_from_every_page_with_a_stopped_queue(cast, now, page):
    match, made = Match.objects.get(), matching.introduction_at(ACCEPTED, cast, now=now)
    case = cast.buyer.cases.get(status=CaseStatus.TRUSTED)
    buyers_actions.revoke_trust(case, by=buyers.officer(now), now=now, note="The end use changed.")
    for name in ("buyer", "anchor", "member"):
        assert page(name, "match_detail", match.pk).status_code == 404
        assert reverse("match_detail", args=[match.pk]) not in text(page(name, "match_list"))
    detail = text(page("anchor", "introduction_detail", made.pk))
    assert "This introduction is paused." in detail
    assert "buyer@example.com" not in detail
    assert page("buyer", "introduction_new", query=f"?package={cast.package.pk}").status_code == 403


# --- matches ---------------------------------------------------------------------------------------------------------


def test_the_buyer_reads_of_packages_and_the_consortium_of_needs(cast, page):
    match = Match.objects.get()
    link = f'href="{reverse("match_detail", args=[match.pk])}"'
    for name in ("buyer", "anchor", "member"):
        assert text(page(name, "match_list")).count(link) == 1
    for name in ("rival", "stranger", "untrusted"):
        answer = text(page(name, "match_list"))
        assert link not in answer
        assert "Grid" not in answer


def test_the_explanation_names_reasons_and_the_package(cast, page):
    answer = text(page("buyer", "match_detail", Match.objects.get().pk))
    for words in (
        "Grid stack",
        "Covered: Energy.",
        "The package names Kenya as a target.",
        "This is no license decision.",
        "Start weights of the operator; no published rule",
        f"?package={Match.objects.get().package_id}&amp;need={Match.objects.get().need_id}",
    ):
        assert words in answer, words


def test_what_is_unknown_and_what_would_improve_it_are_said(cast, now, page):
    need = buyers.need_at(NeedStatus.POSTED, cast.buyer, now=now, wants_financing=True, languages=["en", "ar"])
    matching.settle(now)
    match = Match.objects.get(need=need)
    answer = text(page("anchor", "match_detail", match.pk))
    assert "What is unknown" in answer
    assert "Only EXIM, DFC or USTDA can say whether they help." in answer
    assert "Offer these languages too: Arabic." in answer
    assert "Offer these languages too" not in text(page("buyer", "match_detail", match.pk))


def test_the_consortium_reads_the_need_without_the_buyers_name_or_numbers(cast, page):
    match = Match.objects.get()
    answers = [
        text(page(name, "match_list")) + text(page(name, "match_detail", match.pk)) for name in ("anchor", "member")
    ]
    for answer in answers:
        assert "Grid forecasting" in answer
        assert "$10 million to $100 million" in answer
        for secret in ("Umeme", "12000000", "12,000,000", "4.50", "buyer@example.com", "Wanjiru"):
            assert secret not in answer, secret


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(scored, now, page, client, rows):
    for number in range(rows - 1):
        matching.offered(scored.consortium, now=now, title=f"Grid stack {number}")
        buyers.need_at(NeedStatus.POSTED, scored.buyer, now=now, title=f"Need {number}")
    matching.settle(now)
    for name in ("buyer", "anchor"):
        page(name, "match_list")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("match_list"))
        assert text(answer).count('href="/matches/') == rows * rows + 1  # and the one in the header
        assert len(queries) == 10, [query["sql"][:90] for query in queries]


def test_an_empty_list_says_what_it_is_for(scene, page):
    answer = text(page("stranger", "match_list"))
    assert "Matches appear here when a need of your organization is posted" in answer
    assert "Only a buyer can ask for an introduction." in answer


# --- asking for an introduction --------------------------------------------------------------------------------------


def ask(page, cast, *, query=None, **data):
    query = query or f"?package={cast.package.pk}"
    return page("buyer", "introduction_new", query=query, data={"need": cast.need.pk, "message": "Hello."} | data)


def test_from_a_match_the_need_is_chosen_already(cast, page):
    query = f"?package={cast.package.pk}&need={cast.need.pk}"
    assert f'<option value="{cast.need.pk}" selected>' in text(page("buyer", "introduction_new", query=query))


def test_a_request_is_checked_then_sent_then_receipted(cast, page):
    checked = ask(page, cast)
    assert "Check your request" in text(checked)
    assert Introduction.objects.count() == 0
    sent = ask(page, cast, confirmed="")
    receipt = Receipt.objects.get(act="request_introduction")
    assert (sent.status_code, sent.url) == (302, f"/receipts/{receipt.number}/")
    assert Introduction.objects.get().message == "Hello."


def test_from_the_check_one_can_go_back_and_change(cast, page):
    answer = ask(page, cast, change="")
    assert answer.status_code == 200
    assert "Hello." in text(answer)
    assert "Continue" in text(answer)
    assert Introduction.objects.count() == 0


def test_a_form_that_is_sent_twice_asks_once(cast, page):
    key = "6b2f3c1e-5c0c-4b3f-9d2e-0a1b2c3d4e5f"
    first = ask(page, cast, confirmed="", submission_key=key)
    second = ask(page, cast, confirmed="", submission_key=key)
    assert first.url == second.url
    assert Introduction.objects.count() == 1


def test_a_second_request_is_refused_on_the_form(cast, now, page):
    matching.introduction(cast, now=now)
    answer = ask(page, cast, confirmed="")
    assert answer.status_code == 422
    assert "There is already an introduction about this need" in text(answer)


@pytest.mark.parametrize("data", [{"message": ""}, {"need": ""}, {"need": "0"}, {"message": "x" * 4001}])
def test_an_incomplete_request_is_shown_again(cast, page, data):
    answer = ask(page, cast, **data)
    assert answer.status_code == 422
    assert "Please correct this" in text(answer)


def test_a_need_of_somebody_else_cannot_be_chosen(cast, page):
    other = person("untrusted").memberships.get().organization.buyer.needs.get()
    assert ask(page, cast, need=other.pk, confirmed="").status_code == 422
    assert Introduction.objects.count() == 0


@pytest.mark.parametrize("key", ["", "0", "nothing", "9" * 30, "%00"])
def test_an_unknown_package_is_not_found(cast, page, key):
    assert page("buyer", "introduction_new", query=f"?package={key}").status_code == 404


def test_a_package_is_found_by_its_slug_and_only_while_it_is_offered(cast, now, page):
    query = f"?package={cast.package.slug}"
    assert page("buyer", "introduction_new", query=query).status_code == 200
    packages_actions.withdraw_package(cast.package, by=person("anchor"), now=now)
    assert page("buyer", "introduction_new", query=query).status_code == 404


def test_a_draft_is_not_found(cast, now, page):
    draft = packages.draft(cast.consortium, now=now, title="Secret draft")
    assert page("buyer", "introduction_new", query=f"?package={draft.pk}").status_code == 404


@pytest.mark.parametrize(
    ("name", "words", "way"),
    [
        ("untrusted", "officers have found your organization to be a trusted buyer", "dashboard"),
        ("anchor", "Only a buyer can ask for an introduction.", "buyer_register"),
        ("stranger", "Only a buyer can ask for an introduction.", "buyer_register"),
    ],
)
def test_who_cannot_ask_is_told_why_and_how_to_go_on(cast, page, name, words, way):
    answer = page(name, "introduction_new", query=f"?package={cast.package.pk}")
    assert answer.status_code == 403
    assert words in text(answer)
    assert f'<a class="usa-button" href="{reverse(way)}">' in text(answer)


def test_a_trusted_buyer_without_a_need_is_told_to_post_one(cast, now, page):
    buyers_actions.close_need(cast.need, by=person("buyer"), now=now)
    answer = page("buyer", "introduction_new", query=f"?package={cast.package.pk}")
    assert answer.status_code == 403
    assert "Post a need first" in text(answer)


# --- the thread ------------------------------------------------------------------------------------------------------


def test_before_acceptance_neither_side_sees_a_contact(made, page):
    for name in ("buyer", "anchor"):
        answer = text(page(name, "introduction_detail", made.pk))
        for secret in ("@example.com", "grace@meridian.test", "Wanjiru", "Grace Ito", "12,000,000", "12000000"):
            assert secret not in answer, (name, secret)


def test_the_check_before_acceptance_shows_nothing_to_the_buyer(made, page):
    for view in ("introduction_accept", "introduction_decline"):
        assert "grace@meridian.test" not in text(page("buyer", view, made.pk))


def test_times_are_the_readers_own(made, page):
    User.objects.filter(pk=person("buyer").pk).update(time_zone="Africa/Nairobi")
    assert "EAT" in text(page("buyer", "introduction_detail", made.pk))
    assert "UTC" in text(page("anchor", "introduction_detail", made.pk))


def test_accepting_shows_first_what_opens_and_then_opens_it_to_both(made, page):
    check = text(page("anchor", "introduction_accept", made.pk))
    assert "grace@meridian.test" in check
    assert "Wanjiru" not in check
    done = page("anchor", "introduction_accept", made.pk, data={}, follow=True)
    assert "You are introduced." in text(done)
    for name in ("buyer", "anchor"):
        answer = text(page(name, "introduction_detail", made.pk))
        for contact in ("buyer@example.com", "Wanjiru", "grace@meridian.test", "anchor@example.com"):
            assert contact in answer, (name, contact)


def test_accepting_a_paused_request_is_refused_in_words(cast, made, now, page):
    packages_actions.withdraw_package(cast.package, by=person("anchor"), now=now)
    answer = text(page("anchor", "introduction_accept", made.pk, data={}, follow=True))
    assert "This introduction is paused. Try again later" in answer


def test_declining_wants_a_reason_and_tells_it(made, page):
    assert page("anchor", "introduction_decline", made.pk, data={"note": "x"}).status_code == 422
    page("anchor", "introduction_decline", made.pk, data={"reason": "MARKET", "note": "Next year."})
    answer = text(page("buyer", "introduction_detail", made.pk))
    assert "The consortium does not serve this market now" in answer
    assert "Next year." in answer


def test_what_is_over_is_refused_in_words(cast, now, page):
    made = matching.introduction_at(IntroductionStatus.WITHDRAWN, cast, now=now)
    for view, name in (
        ("introduction_accept", "anchor"),
        ("introduction_withdraw", "buyer"),
        ("introduction_close", "buyer"),
    ):
        answer = text(page(name, view, made.pk, data={}, follow=True))
        assert "This is not possible while the status is “Withdrawn”." in answer, view
    assert page("anchor", "introduction_decline", made.pk, data={"reason": "FIT"}).status_code == 422


def test_withdrawing_and_closing(cast, made, now, page):
    assert "Withdrawn" in text(page("buyer", "introduction_withdraw", made.pk, data={}, follow=True))
    again = matching.introduction_at(ACCEPTED, cast, now=now)
    assert "Closed" in text(page("anchor", "introduction_close", again.pk, data={}, follow=True))


def test_messages_follow_the_acceptance(accepted, page):
    answer = page("buyer", "introduction_detail", accepted.pk, data={"body": "When can we meet?"}, follow=True)
    assert "Your message was sent." in text(answer)
    assert "When can we meet?" in text(page("anchor", "introduction_detail", accepted.pk))


@pytest.mark.parametrize("status", [REQUESTED, IntroductionStatus.CLOSED])
def test_no_message_before_or_after(cast, now, page, status):
    made = matching.introduction_at(status, cast, now=now)
    answer = page("buyer", "introduction_detail", made.pk, data={"body": "Hello."})
    assert answer.status_code == 422
    assert "Messages can be sent only after the introduction was accepted" in text(answer)
    assert ThreadMessage.objects.count() == 0


def test_a_viewer_reads_and_does_not_write(cast, accepted, now, page):
    matching.viewer(cast.buyer.organization, "looker", now=now)
    answer = page("looker", "introduction_detail", accepted.pk)
    assert 'name="body"' not in text(answer)
    assert page("looker", "introduction_detail", accepted.pk, data={"body": "Hello."}).status_code == 403


@pytest.mark.parametrize("rows", [1, 3])
def test_the_introductions_cost_the_same_for_one_and_three(cast, now, page, client, rows):
    for number in range(rows):
        need = buyers.need_at(NeedStatus.POSTED, cast.buyer, now=now, title=f"Need {number}")
        actions.request_introduction(need, by=person("buyer"), now=now, package=cast.package, message="Hello.")
    for name in ("buyer", "anchor"):
        page(name, "introduction_list")
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(reverse("introduction_list"))
        assert text(answer).count("<tr>") == rows + 1
        assert len(queries) == 8, [query["sql"][:90] for query in queries]


# --- doors of officers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["match", "introduction", "modelversion"])
def test_officers_read_the_records_and_change_nothing(made, now, client, model):
    pk = {"match": Match.objects.get().pk, "introduction": made.pk, "modelversion": 1}[model]
    sign_in(client, buyers.officer(now))
    assert client.get(reverse(f"admin:matching_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:matching_{model}_change", args=[pk])).status_code == 200
    assert client.get(reverse(f"admin:matching_{model}_add")).status_code == 403
    assert client.post(reverse(f"admin:matching_{model}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_the_command_explains_a_match(cast, capsys):
    call_command("explain_match", cast.need.pk, cast.package.pk)
    printed = capsys.readouterr().out
    assert "The buyer is trusted now: Yes." in printed
    assert "No match: a gate is closed." not in printed
    assert "Model v1: Start weights of the operator; no published rule" in printed


def test_the_command_says_why_not(cast, now, capsys):
    other = person("untrusted").memberships.get().organization.buyer.needs.get()
    packages_actions.withdraw_package(cast.package, by=person("anchor"), now=now)
    call_command("explain_match", other.pk, cast.package.pk)
    printed = capsys.readouterr().out
    for words in (
        "The buyer is trusted now: No.",
        "The need is within what the buyer is trusted for: No.",
        "The package is offered now: No.",
        "No match: a gate is closed.",
    ):
        assert words in printed


def test_the_command_names_what_it_cannot_find(cast, now):
    draft = packages.draft(cast.consortium, now=now)
    for need, package, words in (
        (0, cast.package.pk, "Need matching query does not exist"),
        (cast.need.pk, draft.pk, "never published"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("explain_match", need, package)
