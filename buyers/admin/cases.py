"""Vetting in the workbench: the queue, one page a case, and one page a step, each of which calls one action."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from buyers import actions, rules, selectors
from buyers.admin.steps import STEPS, Step, refusal_of
from buyers.filters import CaseFilter
from buyers.forms import vetting as forms
from buyers.links import links_of
from buyers.models import AdverseReport, VettingCase
from buyers.selectors import facts, queue
from buyers.states import CaseStatus, ReportStatus
from core import doors, idempotency
from core.admin import RecordAdmin
from core.http import PortalRequest
from core.paging import ordered_page_of
from core.permissions import require
from organizations.picture import view
from organizations.selectors import decisive_percent, documents_of, other_parties, owners_of
from screening.casework import grouped
from screening.selectors import list_banner, listed_nodes, listed_owner_hits, screening_state

PAGE = 50


def _without(request: PortalRequest, name: str) -> str:
    """The query string without one parameter."""
    query = request.GET.copy()
    query.pop(name, None)
    return query.urlencode()


@admin.register(VettingCase)
class VettingCaseAdmin(RecordAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("next/", view(require_POST(self.take_next)), name="buyers_vettingcase_next"),
            path("second/", view(require_POST(self.take_second)), name="buyers_vettingcase_second"),
            path("<int:pk>/take/", view(require_POST(self.take)), name="buyers_vettingcase_take"),
            path("<int:pk>/findings/", view(self.findings), name="buyers_vettingcase_findings"),
            path("report/<int:report>/", view(self.settle_report), name="buyers_vettingcase_report"),
            path("<int:pk>/step/<slug:name>/", view(self.step), name="buyers_vettingcase_step"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return selectors.cases_for(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_cases(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_cases(request.user)

    def _case(self, request: PortalRequest, pk: int) -> VettingCase:
        return get_object_or_404(selectors.cases_for(request.user), pk=pk)

    def _render(self, request: PortalRequest, template: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
        status = doors.status_of(form) if form is not None else 200
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "banner": list_banner(request.now)}
        return render(request, f"admin/buyers/{template}.html", shared | context, status=status)

    # --- looking --------------------------------------------------------------------------------------------------------

    def changelist_view(self, request: Any, extra_context: Any = None) -> HttpResponse:
        """The queue: what is to be decided, the longest due first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        filtered = CaseFilter(request.GET, queryset=queue.queue(request.user), user=request.user, now=request.now)
        page = ordered_page_of(filtered.qs, request, by="due_at", size=PAGE)
        context = {
            "title": _("Vetting queue"),
            "filter": filtered,
            "page": page,
            "first_query": _without(request, "after"),
            "rows": queue.rows(page.rows, request.now),
            "counts": queue.counts(selectors.cases_for(request.user), request.now).items(),
            "can_take_next": rules.can_take_next_case(request.user),
        }
        return self._render(request, "case_queue", context)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Everything about one case on one page, and the steps that this officer can take now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        case = self._case(request, int(object_id))
        form = forms.FindingsForm(case=case, now=request.now)
        return self._render(request, "case", self._evidence(request, case, form))

    def _evidence(self, request: PortalRequest, case: VettingCase, form: forms.FindingsForm) -> dict[str, Any]:
        organization = case.buyer.organization
        needs = list(case.buyer.needs.order_by("-pk"))
        destinations = [organization.country, organization.headquarters_country, *(need.destination for need in needs)]
        may_review = rules.can_review_case(request.user, case)
        is_open = case.status in CaseStatus.under_review()
        day = request.now.date()
        owners = owners_of(organization, day)
        return {
            "title": str(case.buyer),
            "case": case,
            "buyer": case.buyer,
            "organization": organization,
            "row": queue.rows([case], request.now)[0],
            "names": organization.names.order_by("pk"),
            "identifiers": organization.identifiers.order_by("kind"),
            "parties": other_parties(organization),
            "view": view(owners, decisive_percent(day), listed=listed_nodes(owners, listed_owner_hits(organization))),
            "documents": documents_of(organization),
            "needs": needs,
            "groups": selectors.country_groups(destinations, day),
            "screening": (state := screening_state(organization, request.now)),
            "hit_groups": grouped(state.hits),
            "links": links_of(case.buyer, request.user),
            "decisions": case.decisions.defer("content").order_by("pk"),
            "findings_form": form,
            "questions": selectors.questions_of(case),
            "changes": facts.changes_since_trust(case, request.now),
            "reports": self._reports(request, case),
            "letters": case.letters.select_related("sent_by").order_by("pk"),
            "notes": case.notes.select_related("written_by").order_by("pk"),
            "other_cases": case.buyer.cases.exclude(pk=case.pk).order_by("-pk"),
            "ledger": selectors.ledger_with_names(case),
            "steps": self._steps(request, case),
            "stamp": selectors.stamp_of(case),
            "can_take": may_review and case.status in CaseStatus.unfinished() and case.assigned_to != request.user,
            "can_record": may_review and is_open,
        }

    def _reports(self, request: PortalRequest, case: VettingCase) -> list[tuple[AdverseReport, bool]]:
        """Each with whether this person may settle it."""
        return [
            (report, report.status == ReportStatus.FILED and rules.can_settle_report(request.user, report))
            for report in selectors.reports_of(case.buyer)
        ]

    def _steps(self, request: PortalRequest, case: VettingCase) -> list[tuple[str, Any]]:
        """Name and title of each step that state and person allow."""
        return [
            (name, step.title)
            for name, step in STEPS.items()
            if not refusal_of(name, case, request.now) and step.may(request.user, case)
        ]

    # --- doing ----------------------------------------------------------------------------------------------------------

    def _queue(self) -> str:
        return reverse("admin:buyers_vettingcase_changelist")

    def _back(self, case: VettingCase) -> str:
        return reverse("admin:buyers_vettingcase_change", args=[case.pk])

    def take_next(self, request: PortalRequest) -> HttpResponse:
        require(rules.can_take_next_case(request.user))
        case = actions.take_next_case(by=request.user, now=request.now)
        if case is None:
            messages.info(request, _("No case of your posts waits for an officer."))
            return HttpResponseRedirect(self._queue())
        messages.success(request, _("The case is yours."))
        return HttpResponseRedirect(self._back(case))

    def take_second(self, request: PortalRequest) -> HttpResponse:
        require(rules.can_take_next_countersignature(request.user))
        case = actions.take_next_countersignature(by=request.user, now=request.now)
        if case is None:
            messages.info(request, _("No recommendation of a colleague waits for a second officer."))
            return HttpResponseRedirect(self._queue())
        messages.success(request, _("You look at this case second."))
        return HttpResponseRedirect(self._back(case))

    def take(self, request: PortalRequest, pk: int) -> HttpResponse:
        case = self._case(request, pk)
        with doors.told(request):
            actions.take_case(case, by=request.user, now=request.now)
            messages.success(request, _("The case is yours."))
        return HttpResponseRedirect(self._back(case))

    def findings(self, request: PortalRequest, pk: int) -> HttpResponse:
        case = self._case(request, pk)
        if request.method != "POST":
            return HttpResponseRedirect(self._back(case))
        form = forms.FindingsForm(request.POST, case=case, now=request.now)
        if form.is_valid():
            with doors.shown_on(form):
                actions.record_findings(case, by=request.user, now=request.now, findings=form.findings())
                messages.success(request, _("The findings are recorded."))
                return HttpResponseRedirect(self._back(case))
        return self._render(request, "case", self._evidence(request, self._case(request, pk), form), form)

    def step(self, request: PortalRequest, pk: int, name: str) -> HttpResponse:
        case, step = self._case(request, pk), STEPS.get(name)
        if step is None:
            raise Http404
        require(step.may(request.user, case))
        if refusal := refusal_of(name, case, request.now):
            messages.error(request, refusal)
            return HttpResponseRedirect(self._back(case))
        if name == "refuse_trust" and request.method != "POST" and not self._reason(request, case).is_valid():
            return self._render(request, "case_reason", self._page(case, step, self._reason(request, case)))
        return self._take_step(request, case, step)

    def _take_step(self, request: PortalRequest, case: VettingCase, step: Step) -> HttpResponse:
        initial = {name: request.GET.get(name, "") for name in ("reason", "seen")}
        form = step.form(doors.sent(request), case=case, now=request.now, initial=initial)
        if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
            if step.has_letter and "send" not in request.POST:
                return self._render(request, "case_preview", self._page(case, step, form))
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._perform(request, case, step, form))
        return self._render(request, "case_step", self._page(case, step, form), form)

    def settle_report(self, request: PortalRequest, report: int) -> HttpResponse:
        found = get_object_or_404(selectors.reports_for(request.user), pk=report)
        require(rules.can_settle_report(request.user, found))
        form = forms.SettleForm(doors.sent(request), case=found.case, now=request.now)
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._settle(request, found, form))
        context = {"title": _("Settle a report"), "case": found.case, "report": found, "form": form}
        return self._render(request, "report", context, form)

    def _settle(self, request: PortalRequest, report: AdverseReport, form: Any) -> str:
        settle = actions.uphold_report if form.cleaned_data["is_upheld"] else actions.dismiss_report
        settle(report, by=request.user, now=request.now, note=form.cleaned_data["note"])
        messages.success(request, _("The report is settled. Whoever filed it was told."))
        return self._back(report.case)

    def _perform(self, request: PortalRequest, case: VettingCase, step: Step, form: Any) -> str:
        step.perform(case, by=request.user, now=request.now, **form.arguments())
        messages.success(request, str(step.done))
        return self._queue() if step.leads_on else self._back(case)

    def _reason(self, request: PortalRequest, case: VettingCase) -> Form:
        data = request.GET if "reason" in request.GET else None
        return forms.ReasonForm(data, case=case, now=request.now)

    def _page(self, case: VettingCase, step: Step, form: Form) -> dict[str, Any]:
        return {"title": step.title, "step": step, "case": case, "form": form}
