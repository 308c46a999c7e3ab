"""A buyer's own pages: profile, owners, vetting."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from buyers import actions, released, rules, selectors
from buyers.forms.own import AnswerForm, BuyerForm, ConfirmForm, RegisterForm
from buyers.models import Buyer, CaseQuestion, VettingCase
from buyers.selectors.expected import expected_decision
from buyers.states import CASE
from core import doors, idempotency
from core.http import PortalRequest
from core.permissions import require
from organizations.actions import add_party, remove_party
from organizations.forms import PartyForm
from organizations.models import AssociatedParty, Organization
from organizations.picture import view
from organizations.selectors import (
    decisive_percent,
    direct_owners,
    documents_of,
    other_parties,
    owners_of,
    parties_of,
    similar_names,
)
from organizations.states import PartyRole

form_page = require_http_methods(["GET", "HEAD", "POST"])

PARTY_PAGES = {
    "owners": (PartyRole.OWNER, gettext_lazy("Owners")),
    "contacts": (PartyRole.CONTACT, gettext_lazy("Contacts")),
    "end-users": (PartyRole.END_USER, gettext_lazy("End users")),
}


def _buyer(request: PortalRequest, pk: int) -> Buyer:
    return get_object_or_404(selectors.buyers_for(request.user), pk=pk)


def _home(buyer: Buyer) -> str:
    return reverse("buyer_detail", args=[buyer.pk])


@login_required
@require_safe
def buyer_list(request: PortalRequest) -> HttpResponse:
    buyers = list(selectors.buyers_for(request.user).order_by("organization__legal_name"))
    trusted = set(selectors.trusted(request.now).filter(pk__in=[b.pk for b in buyers]).values_list("pk", flat=True))
    cases = selectors.current_cases(buyers)
    context = {
        "rows": [
            (buyer, released.standing(cases.get(buyer.pk), request.now, is_trusted=buyer.pk in trusted))
            for buyer in buyers
        ],
        "organizations": selectors.organizations_without_buyer(request.user),
    }
    return render(request, "buyers/buyer_list.html", context)


@login_required
@form_page
def buyer_register(request: PortalRequest) -> HttpResponse:
    """Register a new organization as a buyer. A name like one that is registered is asked about first."""
    require(rules.can_register_buyer(request.user))
    form = RegisterForm(doors.sent(request))
    similar: list[Organization] = []
    if request.method == "POST" and form.is_valid():
        try:
            with doors.shown_on(form):
                return idempotency.once(request, lambda: _register(request, form))
        except NamesakesFound as found:
            similar = found.organizations
    context = {
        "form": form,
        "similar": similar,
        "organizations": selectors.organizations_without_buyer(request.user),
    }
    return render(request, "buyers/buyer_register.html", context, status=doors.status_of(form))


class NamesakesFound(Exception):
    """Organizations of nearly the same name are registered. Asked inside of `once`, so that a double click is not."""

    def __init__(self, organizations: list[Organization]) -> None:
        self.organizations = organizations


def _register(request: PortalRequest, form: RegisterForm) -> str:
    similar = list(similar_names(form.cleaned_data["legal_name"]))
    if similar and "confirmed" not in request.POST:
        raise NamesakesFound(similar)
    buyer = actions.register_buyer(
        by=request.user,
        now=request.now,
        names=form.names(),
        identifiers=form.identifiers(),
        **form.buyer_fields(),
        **form.organization_fields(),
    )
    return reverse("buyer_parties", args=[buyer.pk, "owners"])


@login_required
@form_page
def buyer_add_profile(request: PortalRequest, organization: int) -> HttpResponse:
    """Register an organization that is here already (a company, for instance) as a buyer too."""
    entity = get_object_or_404(selectors.organizations_without_buyer(request.user), pk=organization)
    require(rules.can_register_organization_as_buyer(request.user, entity))
    form = BuyerForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _add_profile(request, entity, form))
    context = {"form": form, "organization": entity}
    return render(request, "buyers/buyer_add_profile.html", context, status=doors.status_of(form))


def _add_profile(request: PortalRequest, organization: Organization, form: BuyerForm) -> str:
    buyer = actions.register_buyer(by=request.user, now=request.now, organization=organization, **form.cleaned_data)
    return reverse("buyer_parties", args=[buyer.pk, "owners"])


@login_required
@require_safe
def buyer_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """Where the vetting stands in released words, whose move it is, and what there is to do."""
    buyer = _buyer(request, pk)
    case = selectors.current_case(buyer)
    trust = selectors.trust_of(buyer, request.now)
    context = {
        "buyer": buyer,
        "standing": released.standing(case, request.now, is_trusted=case is not None and trust == case),
        "trust": trust,
        "letters": selectors.letters_to(buyer),
        "documents": documents_of(buyer.organization),
        "today": request.now.date(),
        "needs": buyer.needs.order_by("-pk")[:5],
        **(_progress(case, request.now) if case else {"timeline": [], "questions": []}),
        **_what_can_be_done(request, buyer, case),
    }
    return render(request, "buyers/buyer_detail.html", context)


def _progress(case: VettingCase, now: datetime) -> dict[str, Any]:
    """What was done, what is awaited from whom since when, and until when."""
    entries = list(selectors.released_entries(case))
    questions = list(selectors.open_questions(case)) if released.is_buyers_move(case) else []
    return {
        "timeline": released.timeline(case, entries, now),
        "questions": questions,
        "since": released.waiting_since(case, entries, questions),
        "expected": expected_decision(case, now) if released.is_under_review(case) else None,
    }


def _what_can_be_done(request: PortalRequest, buyer: Buyer, case: VettingCase | None) -> dict[str, bool]:
    is_unfinished = case is not None and released.is_under_review(case)
    may_submit = rules.can_submit_for_vetting(request.user, buyer)
    return {
        "is_unfinished": is_unfinished,
        "is_in_force": case is not None and released.is_in_force(case, request.now),
        "can_edit": rules.can_edit_buyer(request.user, buyer),
        "can_submit": may_submit and not is_unfinished,
        "can_withdraw": may_submit and case is not None and not CASE.refusal(case, "withdraw_case", request.now),
    }


@login_required
@form_page
def buyer_edit(request: PortalRequest, pk: int) -> HttpResponse:
    buyer = _buyer(request, pk)
    require(rules.can_edit_buyer(request.user, buyer))
    form = BuyerForm(doors.sent(request), instance=buyer)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            fresh = _buyer(request, pk)  # read anew: the form's validation changed its own instance
            actions.edit_buyer(fresh, by=request.user, now=request.now, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_home(buyer))
    context = {"form": form, "buyer": buyer, "step": "profile"}
    return render(request, "buyers/buyer_edit.html", context, status=doors.status_of(form))


@login_required
@form_page
def buyer_parties(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    """The owners, contacts or end users that are named, and a form to add one."""
    buyer = _buyer(request, pk)
    if kind not in PARTY_PAGES:
        raise Http404
    require(rules.can_edit_buyer(request.user, buyer))
    role, title = PARTY_PAGES[kind]
    form = PartyForm(doors.sent(request), role=role)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _add_party(request, buyer, form))
    kinds = [*PARTY_PAGES, "check"]
    context = {
        "buyer": buyer,
        "form": form,
        "step": kind,
        "title": title,
        "parties": _named(buyer, role, request.now.date()),
        "ownership": selectors.owned(buyer.organization, request.now.date()) if role == PartyRole.OWNER else None,
        "next_step": kinds[kinds.index(kind) + 1],
    }
    return render(request, "buyers/buyer_parties.html", context, status=doors.status_of(form))


def _named(buyer: Buyer, role: str, day: date) -> QuerySet[AssociatedParty]:
    """Of owners those with a stake in the buyer itself; theirs are on the organization's page of owners."""
    if role == PartyRole.OWNER:
        return direct_owners(buyer.organization, day)
    return parties_of(buyer.organization).filter(role=role)


def _add_party(request: PortalRequest, buyer: Buyer, form: PartyForm) -> str:
    party = add_party(buyer.organization, by=request.user, now=request.now, **form.party_fields())
    messages.success(request, _("%(name)s was added.") % {"name": party.name})
    return request.path


@login_required
@require_POST
def buyer_party_remove(request: PortalRequest, pk: int, party: int) -> HttpResponse:
    buyer = _buyer(request, pk)
    row = get_object_or_404(parties_of(buyer.organization), pk=party)
    remove_party(buyer.organization, by=request.user, now=request.now, party=row)
    messages.success(request, _("%(name)s was removed.") % {"name": row.name})
    kind = next((kind for kind, (role, _title) in PARTY_PAGES.items() if role == row.role), "owners")
    return HttpResponseRedirect(reverse("buyer_parties", args=[buyer.pk, kind]))


@login_required
@form_page
def buyer_submit(request: PortalRequest, pk: int) -> HttpResponse:
    """Check your answers, then submit for vetting; the receipt follows."""
    buyer = _buyer(request, pk)
    require(rules.can_submit_for_vetting(request.user, buyer))
    form = ConfirmForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _submit(request, buyer))
    organization, day = buyer.organization, request.now.date()
    context = {
        "buyer": buyer,
        "form": form,
        "step": "check",
        "names": organization.names.order_by("id"),
        "identifiers": organization.identifiers.order_by("kind"),
        "parties": other_parties(organization),
        "view": view(owners_of(organization, day, follow=False), decisive_percent(day)),
        "documents": documents_of(organization),
        "missing": selectors.missing_for_vetting(buyer),
        "is_unfinished": selectors.unfinished_case(buyer) is not None,
    }
    return render(request, "buyers/buyer_submit.html", context, status=doors.status_of(form))


def _submit(request: PortalRequest, buyer: Buyer) -> str:
    _case, receipt = actions.submit_for_vetting(buyer, by=request.user, now=request.now)
    return reverse("receipt_detail", args=[receipt.number])


@login_required
@form_page
def question_answer(request: PortalRequest, pk: int) -> HttpResponse:
    """The question that is asked for (`?question=`), or the one that waits longest; after its answer comes the next."""
    buyer = _buyer(request, pk)
    waiting = selectors.open_questions_of(buyer)
    asked = request.POST.get("question") or request.GET.get("question", "")
    chosen = waiting.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 18 else None
    question = chosen or waiting.first()
    if request.method == "POST" and asked and chosen is None:
        messages.info(request, _("This question was answered or taken back already."))
        return HttpResponseRedirect(_home(buyer))
    if question is None:
        messages.info(request, _("There is no question to answer."))
        return HttpResponseRedirect(_home(buyer))
    require(rules.can_answer_question(request.user, question.case))
    form = AnswerForm(doors.sent(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _answer(request, question, form))
    context = {"buyer": buyer, "question": question, "form": form, "count": waiting.count()}
    return render(request, "buyers/question_answer.html", context, status=doors.status_of(form))


def _answer(request: PortalRequest, question: CaseQuestion, form: AnswerForm) -> str:
    case = question.case
    actions.answer_question(case, by=request.user, now=request.now, question=question, **form.cleaned_data)
    if selectors.open_questions(case).exists():
        messages.success(request, _("Your answer is with the officer. This is the next question."))
        return reverse("question_answer", args=[case.buyer_id])
    messages.success(request, _("Your answer is with the officer. The next move is ours."))
    return _home(case.buyer)


@login_required
@form_page
def case_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    buyer = _buyer(request, pk)
    case = get_object_or_404(selectors.unfinished_cases(buyer))
    require(rules.can_withdraw_case(request.user, case))
    form = ConfirmForm(doors.sent(request))
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            return idempotency.once(request, lambda: _withdraw(request, case))
    context = {"buyer": buyer, "form": form}
    return render(request, "buyers/case_withdraw.html", context, status=doors.status_of(form))


def _withdraw(request: PortalRequest, case: VettingCase) -> str:
    actions.withdraw_case(case, by=request.user, now=request.now)
    messages.success(request, _("Your submission is withdrawn. You can submit again at any time."))
    return _home(case.buyer)
