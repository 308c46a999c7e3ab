"""Hits in the workbench: the queue of hits, one page a hit with the listed party beside ours, and one page a step, each
of which calls one action."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import doors, idempotency
from core.admin import RecordAdmin
from core.http import PortalRequest
from core.permissions import require
from screening import actions, admin_lists, admin_search, casework, rules, selectors, wording  # noqa: F401  (register their pages)
from screening.forms import NothingToSayForm, ReasonForm
from screening.models import Hit
from screening.states import HIT, HitStatus, Tier


@dataclass(frozen=True)
class Step:
    """A decision with a page of its own; `moves` are the transitions that it may be, of which one has to be possible."""

    title: Any
    form: type[Form]
    perform: Callable[..., Any]
    may: Callable[[Any, Hit], bool]
    done: Any
    moves: Callable[[Hit], str]


STEPS = {
    "dismiss": Step(
        gettext_lazy("Not the listed party"),
        ReasonForm,
        actions.dismiss_hit,
        rules.can_adjudicate_hit,
        gettext_lazy("Recorded. An alert is dismissed when a second officer agrees."),
        lambda hit: "propose_dismissal" if hit.tier == Tier.ALERT else "dismiss_review",
    ),
    "countersign": Step(
        gettext_lazy("Agree to the dismissal"),
        NothingToSayForm,
        actions.countersign_dismissal,
        rules.can_countersign_dismissal,
        gettext_lazy("The hit is dismissed."),
        lambda hit: "countersign_dismissal",
    ),
    "return": Step(
        gettext_lazy("Return the dismissal"),
        NothingToSayForm,
        actions.return_dismissal,
        rules.can_countersign_dismissal,
        gettext_lazy("Returned: the hit is open again."),
        lambda hit: "return_dismissal",
    ),
    "confirm": Step(
        gettext_lazy("The listed party"),
        ReasonForm,
        actions.confirm_hit,
        rules.can_adjudicate_hit,
        gettext_lazy("Recorded. The organization is blocked."),
        lambda hit: "confirm_hit",
    ),
    "escalate": Step(
        gettext_lazy("Escalate"),
        ReasonForm,
        actions.escalate_hit,
        rules.can_adjudicate_hit,
        gettext_lazy("Escalated."),
        lambda hit: "escalate_hit",
    ),
    "reopen": Step(
        gettext_lazy("Reopen"),
        ReasonForm,
        actions.reopen_hit,
        rules.can_adjudicate_hit,
        gettext_lazy("The hit is open again."),
        lambda hit: "reopen_hit",
    ),
}


class StateFilter(admin.SimpleListFilter):
    """The queue shows what waits; the rest has to be asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"
    STATES = {
        "decided": (HitStatus.NOT_A_MATCH, HitStatus.TRUE_MATCH),
        "gone": (HitStatus.GONE,),
        "all": tuple(HitStatus),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("decided", _("Decided")), ("gone", _("No longer found")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Waiting for a decision")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Hit]) -> QuerySet[Hit]:
        return queryset.filter(status__in=self.STATES.get(self.value(), HitStatus.undecided()))


@admin.register(Hit)
class HitAdmin(RecordAdmin):
    list_display = ["party_name", "party_role", "organization", "listed_name", "entry", "score", "tier", "status"]
    list_filter = [StateFilter, "tier"]
    search_fields = ["party_name", "listed_name"]

    def get_urls(self) -> list[Any]:
        step = self.admin_site.admin_view(self.step)
        return [path("<int:pk>/step/<slug:name>/", step, name="screening_hit_step"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hit]:
        return selectors.hits_for(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return rules.can_view_hits(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rules.can_view_hits(request.user)

    def _render(
        self, request: PortalRequest, template: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        banner = selectors.list_banner(request.now)
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "banner": banner}
        return render(request, f"admin/screening/{template}.html", shared | context, status=status)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Both sides of one hit and how they were found alike, and the steps that this officer can take now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal() or len(object_id) > 18:
            raise Http404
        hit = get_object_or_404(selectors.hits_for(request.user), pk=object_id)
        context = {
            "title": str(hit),
            "hit": hit,
            "entry": hit.entry,
            "fields": hit.entry.fields.items(),
            "explanation": hit.explanation,
            "pairs": wording.pairs(hit.explanation),
            "contributions": wording.contributions(hit.explanation),
            "total": hit.explanation["points"] / 1000,
            "theirs": wording.marked(hit.party_name, hit.explanation, "query"),
            "listed": wording.marked(hit.listed_name, hit.explanation, "listed"),
            "shared": wording.shared(hit.explanation),
            "beside": wording.beside(hit.explanation),
            "together": [other for other in casework.group_of(hit) if other.pk != hit.pk],
            "adjudications": casework.adjudications_of(hit),
            "ledger": selectors.ledger_with_names(hit),
            "steps": self._steps(request, hit),
        }
        return self._render(request, "hit", context)

    def _steps(self, request: PortalRequest, hit: Hit) -> list[tuple[str, Any]]:
        """Name and title of each step that state and person allow."""
        possible = {name: step for name, step in STEPS.items() if not HIT.refusal(hit, step.moves(hit), request.now)}
        return [(name, step.title) for name, step in possible.items() if step.may(request.user, hit)]

    def step(self, request: PortalRequest, pk: int, name: str) -> HttpResponse:
        hit, step = get_object_or_404(selectors.hits_for(request.user), pk=pk), STEPS.get(name)
        if step is None:
            raise Http404
        require(step.may(request.user, hit))
        if refusal := HIT.refusal(hit, step.moves(hit), request.now):
            messages.error(request, refusal)
            return HttpResponseRedirect(_page_of(hit))
        form = step.form(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, lambda: self._perform(request, hit, step, form))
        together = [other for other in casework.group_of(hit) if other.pk != hit.pk]
        context = {"title": step.title, "hit": hit, "form": form, "together": together}
        return self._render(request, "hit_step", context, doors.status_of(form))

    def _perform(self, request: PortalRequest, hit: Hit, step: Step, form: Form) -> str:
        step.perform(hit, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, str(step.done))
        return _page_of(hit)


def _page_of(hit: Hit) -> str:
    return reverse("admin:screening_hit_change", args=[hit.pk])
