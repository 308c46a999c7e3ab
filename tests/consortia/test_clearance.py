"""An officer's clearance of a company: what it asks for, what it holds for, and how it ends; at read, without any queue."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consortia import actions, eligibility
from consortia.models import Clearance, Company, Consortium
from consortia.selectors import eligibility_of, fit_members, members_of
from core import outbox
from core.errors import UnableTo
from core.models import DatedRule, LedgerEntry, Notification
from organizations import actions as organization_actions
from screening.selectors import screening_state
from tests.browsers import key, said, signed_in
from tests.factories import buyers, organizations, screening
from tests.factories import consortia as make
from tests.factories.accounts import person
from tests.scenes import scene


@pytest.fixture(scope="module")
def moment():
    """Pages read the real clock."""
    return timezone.now()


@pytest.fixture
def now(moment):
    return moment


@scene
def alliance(now, tmp_path) -> Consortium:
    """`anchor@` and `member@`, both clear in screening; nobody is cleared."""
    subject = make.complete(now=now)
    screening.screened(now, tmp_path)
    return subject


@scene
def cleared(alliance, now) -> Consortium:
    return make.cleared(alliance, now=now)


def company_of(consortium, name="Beacon Data LLC") -> Company:
    return Company.objects.select_related("organization").get(organization__legal_name=name)


def fit(now) -> set[str]:
    return {str(member.company) for member in fit_members(now).select_related("company__organization")}


BOTH = {"Meridian Compute Inc", "Beacon Data LLC"}


def test_nobody_supplies_before_an_officer_cleared_them_and_each_does_after(alliance, now):
    assert fit(now) == set()
    make.clearance(company_of(alliance), now=now)
    assert fit(now) == {"Beacon Data LLC"}
    make.cleared(alliance, now=now)
    assert fit(now) == BOTH
    assert Clearance.objects.count() == 2


def test_clearing_tells_the_company_and_the_rooms_above(alliance, now):
    company = company_of(alliance)
    given = make.clearance(company, now=now)
    assert (given.status, given.representative, given.given_by) == ("HOLDS", person("member"), person("officer"))
    letter = Notification.objects.get(kind="consortia.company_cleared")
    assert (letter.recipient, letter.subject) == (person("member"), "Beacon Data LLC is cleared to supply packages")
    entry = LedgerEntry.objects.filter(action="clear_company").latest("pk")
    assert (entry.actor, entry.detail) == (person("officer").ledger_name, f'{{"company": {company.pk}}}')


def test_clearing_again_replaces_the_one_before(cleared, now):
    again = make.clearance(company_of(cleared), now=now)
    rows = Clearance.objects.filter(company=again.company).order_by("pk").values_list("status", flat=True)
    assert (list(rows), fit(now)) == (["REPLACED", "HOLDS"], BOTH)


def test_withdrawn_it_supplies_nothing_at_once_and_is_not_told_why(cleared, now):
    given = company_of(cleared).clearances.get()
    actions.withdraw_clearance(given, by=buyers.officer(now), now=now, reason="The extract was forged.")
    assert fit(now) == {"Meridian Compute Inc"}
    letter = Notification.objects.get(kind="consortia.clearance_withdrawn")
    assert "forged" not in letter.subject + letter.body
    assert "forged" not in LedgerEntry.objects.filter(action="withdraw_clearance").latest("pk").detail
    with pytest.raises(UnableTo, match="Withdrawn"):
        actions.withdraw_clearance(given, by=buyers.officer(now), now=now, reason="Again.")


def clear(company, now, **more):
    values = {"by": buyers.officer(now), "representative": person("member"), "identity_basis": "Seen."}
    return actions.clear_company(company, now=now, **values | {"authority_basis": "Seen."} | more)


def test_what_stands_against_it_is_said(alliance, now):
    company = company_of(alliance)
    with pytest.raises(UnableTo, match="must be an administrator or signer"):
        clear(company, now, representative=person("anchor"))
    organizations.member(company.organization, "colleague", "EDITOR", now=now)
    with pytest.raises(UnableTo, match="must be an administrator or signer"):
        clear(company, now, representative=person("colleague"))
    lonely = make.company("Lonely Works Inc", now=now, by=person("lonely"))
    outbox.drain(now)
    with pytest.raises(UnableTo, match="no standing consortium"):
        clear(lonely, now, representative=person("lonely"))
    organization_actions.edit_organization(
        company.organization, by=person("member"), now=now, legal_name="Beacon Data Inc"
    )
    with pytest.raises(UnableTo, match="it is being screened again"):
        clear(company, now)
    assert Clearance.objects.count() == 0


def test_an_officer_never_clears_an_organization_of_their_own(alliance, now):
    company = company_of(alliance)
    organizations.member(company.organization, "officer", "VIEWER", now=now)
    with pytest.raises(PermissionDenied):
        clear(company, now)


def test_an_answer_that_is_no_or_cannot_tell_stops_it(alliance, now):
    company = company_of(alliance)
    DatedRule.objects.filter(code=eligibility.CONCERN).update(value=["CN", "US"])
    with pytest.raises(UnableTo, match=r"“Meridian Alliance”\. Is it located outside of the countries of concern"):
        clear(company, now)
    DatedRule.objects.filter(code=eligibility.CONCERN).update(value=["CN"])
    DatedRule.objects.filter(code=eligibility.COMPONENT_BAR).delete()
    with pytest.raises(UnableTo, match="No rule is loaded for this day"):
        clear(company, now)


def test_a_clearance_holds_for_what_was_looked_at(cleared, now):
    """Each change ends it although the company passes screening anew: the clearance is what is missing."""
    company = company_of(cleared)
    organization, by = company.organization, person("member")
    organization_actions.edit_organization(organization, by=by, now=now, headquarters_country="AE")
    outbox.drain(now)
    assert screening_state(company_of(cleared).organization, now).is_clear
    assert fit(now) == {"Meridian Compute Inc"}
    make.clearance(company_of(cleared), now=now)
    assert fit(now) == BOTH
    organizations.owner(company_of(cleared).organization, by=by, now=now, share_percent=None, country="NO")
    outbox.drain(now)
    assert screening_state(company_of(cleared).organization, now).is_clear
    assert fit(now) == {"Meridian Compute Inc"}


def test_another_address_or_contact_is_no_reason_to_look_again_and_another_name_is(cleared, now):
    organization, by = company_of(cleared).organization, person("member")
    organization_actions.edit_organization(organization, by=by, now=now, address="2 Main Street")
    assert fit(now) == {"Meridian Compute Inc"}  # until it is screened with its address
    outbox.drain(now)
    assert fit(now) == BOTH
    contact = {"role": "CONTACT", "kind": "PERSON", "name": "Grace Ito", "email": "grace@beacon.example"}
    organization_actions.add_party(organization, by=by, now=now, **contact)
    assert fit(now) == {"Meridian Compute Inc"}  # until the contact is screened
    outbox.drain(now)
    assert fit(now) == BOTH
    organization_actions.edit_organization(organization, by=by, now=now, legal_name="Beacon Data Inc")
    outbox.drain(now)
    assert screening_state(company_of(cleared, "Beacon Data Inc").organization, now).is_clear
    assert fit(now) == {"Meridian Compute Inc"}


def replace_rule(code: str, value: object, now) -> None:
    """A later version from today on."""
    old = DatedRule.objects.get(code=code, effective_to=None)
    DatedRule.objects.filter(pk=old.pk).update(effective_to=now.date())
    DatedRule.objects.create(
        code=code, version=old.version + 1, value=value, effective_from=now.date(), authority="Later.", certainty="S"
    )


@pytest.mark.parametrize("change", [{"role": "EDITOR"}, {"ended_at": timezone.now()}])
def test_it_ends_when_the_representative_no_longer_speaks_for_the_company(cleared, now, change):
    clearance = Clearance.objects.get(company=company_of(cleared))
    clearance.company.organization.memberships.filter(user=clearance.representative).update(**change)
    assert fit(now) == BOTH - {"Beacon Data LLC"}


@pytest.mark.parametrize(
    ("code", "value", "left"),
    [
        (eligibility.CONCERN, ["CN"], {"Meridian Compute Inc", "Beacon Data LLC", "Fjord Models AS"}),
        (eligibility.CONCERN, ["CN", "NO"], {"Meridian Compute Inc", "Beacon Data LLC"}),
        (eligibility.CONCERN, ["CN", "US"], set()),
        (eligibility.COMPONENT_BAR, {"components": ["C"], "countries": ["NO"]}, BOTH),
        (eligibility.COMPONENT_BAR, {"components": ["D"], "countries": ["NO"]}, BOTH | {"Fjord Models AS"}),
        (eligibility.US_ANCHOR, {"incorporated_in": ["NO"]}, {"Beacon Data LLC", "Fjord Models AS"}),
        (eligibility.OWNED, {"percent": "25"}, set()),  # the line for all owners moved: everybody is asked anew
    ],
)
def test_a_later_rule_ends_exactly_the_clearances_that_it_touches(cleared, now, code, value, left):
    norse = make.joined(cleared, now=now, by=person("norse"), name="Fjord Models AS", components=["C"])
    organization_actions.edit_organization(
        norse.company.organization, by=person("norse"), now=now, country="NO", headquarters_country="NO"
    )
    outbox.drain(now)
    make.cleared(cleared, now=now)
    assert fit(now) == BOTH | {"Fjord Models AS"}
    replace_rule(code, value, now)
    assert fit(now) == left


@pytest.mark.parametrize("code", eligibility.RULES)
def test_nobody_supplies_on_a_day_without_a_rule(cleared, now, code):
    DatedRule.objects.filter(code=code).delete()
    assert fit(now) == set()


def test_it_ends_on_the_day_on_which_an_ownership_fact_does(alliance, now):
    company, officer = company_of(alliance), buyers.officer(now)
    until = now.date() + timedelta(days=2)
    organizations.settled(company.organization, by=officer, now=now, valid_until=until)
    outbox.drain(now)
    given = make.clearance(company_of(alliance), now=now)
    assert given.holds_until == until + timedelta(days=1)
    found = [
        given in Clearance.objects.filter(company__memberships__in=fit_members(now + timedelta(days=d)))
        for d in range(4)
    ]
    assert found[:3] == [True, True, True]
    assert not found[3]


def test_what_the_pages_say_is_what_the_query_finds(cleared, now):
    """Eligibility by rows and eligibility in SQL agree, rule by rule."""
    for code, value in [
        (eligibility.CONCERN, ["US"]),
        (eligibility.COMPONENT_BAR, {"components": ["D"], "countries": ["US"]}),
    ]:
        with transaction.atomic():
            DatedRule.objects.filter(code=code).update(value=value)
            said = {
                str(m.company)
                for m, found in eligibility_of(members_of(cleared), now)
                if eligibility.is_eligible(found)
            }
            assert said == fit(now)
            transaction.set_rollback(True)


def test_a_company_has_one_clearance_that_holds_and_each_says_what_it_rests_on(cleared, now):
    given = company_of(cleared).clearances.get()
    with pytest.raises(IntegrityError, match="a company has one clearance that holds"), transaction.atomic():
        _copy(given)
    given = company_of(cleared).clearances.get()
    with pytest.raises(IntegrityError, match="a clearance says what it rests on"), transaction.atomic():
        Clearance.objects.filter(pk=given.pk).update(identity_basis="")


def _copy(given: Clearance) -> None:
    given.pk = None
    given.save(force_insert=True)


# --- pages ------------------------------------------------------------------------------------------------------------


def admin(name: str, *arguments: object) -> str:
    return reverse(f"admin:consortia_company_{name}", args=arguments)


def test_an_officer_clears_a_company_from_the_list(alliance, now):
    browser = signed_in(buyers.officer(now))
    company = company_of(alliance)
    assert "2 companies in consortia wait for clearance" in browser.get(reverse("dashboard")).text
    queue = browser.get(admin("changelist") + "?clearance=waits").text
    assert ("Meridian Compute Inc" in queue, "Beacon Data LLC" in queue) == (True, True)
    page = browser.get(admin("change", company.pk)).text
    for words in ("Screened without an open hit.", "cfp_country_of_concern", "Not cleared", "member@example.com"):
        assert words in page, words
    data = {"representative": person("member").pk, "identity_basis": "Extract.", "authority_basis": "Director."} | key()
    first, second = (browser.post(admin("clear", company.pk), data) for _click in range(2))
    assert first.url == second.url == admin("change", company.pk)
    assert said(browser.get(first.url)) == ["The company is cleared. Its people are told."]
    assert (Clearance.objects.count(), fit(now)) == (1, {"Beacon Data LLC"})
    assert "Beacon" not in browser.get(admin("changelist") + "?clearance=waits").text.partition("result_list")[2]
    answer = browser.post(admin("withdraw", company.pk), {"reason": "Forged."} | key(), follow=True)
    assert said(answer) == ["Withdrawn. Nothing that the company supplies is offered any more."]
    assert ("Forged." in answer.text, fit(now)) == (True, set())
    assert browser.get(admin("withdraw", company.pk)).status_code == 404


def test_a_refusal_is_said_on_the_form_and_what_was_typed_stays(alliance, now):
    company, browser = company_of(alliance), signed_in(buyers.officer(now))
    DatedRule.objects.filter(code=eligibility.CONCERN).update(value=["US"])
    data = {"representative": person("member").pk, "identity_basis": "Extract.", "authority_basis": "Director."}
    answer = browser.post(admin("clear", company.pk), data)
    assert answer.status_code == 422
    assert "The company cannot be cleared" in answer.context["form"].non_field_errors()[0]
    assert "Extract." in answer.text


def test_who_opens_the_pages(alliance, now):
    company = company_of(alliance)
    people = {"officer": buyers.officer(now), "manager": buyers.manager(now)}
    people["evaluator"] = buyers.federal("evaluator", "EVALUATOR", now=now)
    pages = [admin("changelist"), admin("change", company.pk), admin("clear", company.pk)]
    found = {who: [signed_in(user).get(page).status_code for page in pages] for who, user in people.items()}
    assert found == {"officer": [200, 200, 200], "manager": [200, 200, 403], "evaluator": [403, 403, 404]}
    organizations.member(company.organization, "officer", "VIEWER", now=now)
    assert [signed_in(person("officer")).get(page).status_code for page in pages[1:]] == [404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(db, rows, now, django_assert_num_queries):
    for number in range(rows):
        make.company(f"Company {number}", now=now, by=person(f"founder{number}"))
    browser = signed_in(buyers.officer(now))
    browser.get(admin("changelist"))
    with django_assert_num_queries(6):
        page = browser.get(admin("changelist"))
    assert page.text.count("In no consortium") == rows


def test_the_company_and_its_consortium_read_how_it_stands(alliance, now):
    browser = signed_in(person("member"))
    company = reverse("company_detail", args=[company_of(alliance).pk])
    consortium = reverse("consortium_detail", args=[alliance.slug])
    assert "Not cleared yet." in browser.get(company).text
    text = browser.get(consortium).text
    assert (text.count("waits for clearance"), text.count("may supply"), text.count("cfp_component_bar")) == (2, 0, 2)
    make.cleared(alliance, now=now)
    assert "Cleared." in browser.get(company).text
    assert browser.get(consortium).text.count("may supply") == 2
