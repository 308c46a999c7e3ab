"""Packages in the workbench: officers take one out of the catalogue and put it back; designations are recorded."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core import doors, idempotency
from core.admin import StatefulAdmin, StatusFilter
from core.http import PortalRequest
from core.permissions import require
from packages import actions, rules, selectors
from packages.forms import DesignateForm, EndDesignationForm, LookForm, SuspendForm
from packages.models import Designation, Package
from packages.states import PACKAGE


class LookFilter(admin.SimpleListFilter):
    title = gettext_lazy("an officer's look")
    parameter_name = "look"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("waits", _("Waits for it"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return selectors.waiting_packages(queryset) if self.value() == "waits" else queryset


@admin.register(Package)
class PackageAdmin(StatefulAdmin):
    list_display = ["title", "consortium", "state", "updated_at"]
    list_filter = [StatusFilter, LookFilter]
    search_fields = ["title", "consortium__name"]
    fields = ["state", "consortium", "current_version", "suspension_reason", "updated_at"]
    change_form_template = "admin/packages/package.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/suspend/", view(self.suspend), name="packages_package_suspend"),
            path("<int:pk>/reinstate/", view(require_POST(self.reinstate)), name="packages_package_reinstate"),
            path("<int:pk>/look/", view(self.look), name="packages_package_look"),
            path("<int:pk>/designate/", view(self.designate), name="packages_package_designate"),
            path("<int:pk>/end-designation/", view(self.end_designation), name="packages_package_end_designation"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Drafts are their consortium's own."""
        return selectors.once_published()

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, obj: Any = None, **kwargs: Any) -> Any:
        context["offered_acts"] = (
            PACKAGE.available(obj, request.now) if rules.can_suspend_package(request.user, obj) else []
        )
        context["is_offered"] = selectors.offered(request.now).filter(pk=obj.pk).exists()
        waits = selectors.waits_for_look(obj)
        context["can_look"] = waits and rules.can_accept_version(request.user, obj.current_version)
        context["designation"] = selectors.designation_of(obj)
        context["can_designate"] = rules.can_designate_package(request.user, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def _step(
        self, request: PortalRequest, package: Package, form: Form, perform: Callable[[], str], **words: Any
    ) -> HttpResponse:
        """A page with one form; `words` are its title, what it says and the button."""
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                return idempotency.once(request, perform)
        context = {**self.admin_site.each_context(request), "package": package, "form": form, **words}
        return render(request, "admin/packages/step.html", context, status=doors.status_of(form))

    def suspend(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        require(rules.can_suspend_package(request.user, package))
        form = SuspendForm(doors.sent(request))
        return self._step(
            request,
            package,
            form,
            lambda: self._suspend(request, package, form),
            title=_("Suspend the package"),
            text=_("It leaves the catalogue and every list of matches at once."),
            button=_("Suspend"),
        )

    def _suspend(self, request: PortalRequest, package: Package, form: SuspendForm) -> str:
        actions.suspend_package(package, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The package is out of the catalogue. Its members are told."))
        return _address_of(package)

    def reinstate(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        with doors.told(request):
            actions.reinstate_package(package, by=request.user, now=request.now)
            messages.success(request, _("The package is offered again, as it was last published."))
        return HttpResponseRedirect(_address_of(package))

    def look(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        version = package.current_version
        if request.method != "POST" and not selectors.waits_for_look(package):
            raise Http404
        require(version is not None and rules.can_accept_version(request.user, version))
        form = LookForm(doors.sent(request))
        return self._step(
            request,
            package,
            form,
            lambda: self._look(request, package, form),
            title=_("Look at what changed"),
            text=_("It is not offered until an officer found nothing against the changes that matter."),
            button=_("Nothing stands against it"),
            changes=selectors.changes_to_look_at(version) if version else [],
        )

    def _look(self, request: PortalRequest, package: Package, form: Form) -> str:
        if package.current_version:
            actions.accept_version(package.current_version, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The version is offered. The members are told."))
        return _address_of(package)

    def designate(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        require(rules.can_designate_package(request.user, package))
        form = DesignateForm(doors.sent(request), package=package)
        return self._step(
            request,
            package,
            form,
            lambda: self._designate(request, package, form),
            title=_("Record a designation"),
            text=_(
                "The Secretary of Commerce designated it as a priority AI export package. The catalogue shows it so."
            ),
            button=_("Record the designation"),
        )

    def _designate(self, request: PortalRequest, package: Package, form: Form) -> str:
        actions.designate_package(package, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The designation is recorded. The members are told."))
        return _address_of(package)

    def end_designation(self, request: PortalRequest, pk: int) -> HttpResponse:
        package = get_object_or_404(selectors.once_published(), pk=pk)
        require(rules.can_designate_package(request.user, package))
        made = package.designations.order_by("-pk")
        in_force = made if request.method == "POST" else made.filter(status="IN_FORCE")  # a second click comes after
        designation = get_object_or_404(in_force[:1])
        form = EndDesignationForm(doors.sent(request))
        return self._step(
            request,
            package,
            form,
            lambda: self._end_designation(request, designation, form),
            title=_("End the designation"),
            text=_("The catalogue no longer shows it as designated."),
            button=_("End the designation"),
        )

    def _end_designation(self, request: PortalRequest, designation: Designation, form: Form) -> str:
        actions.end_designation(designation, by=request.user, now=request.now, **form.cleaned_data)
        messages.success(request, _("The designation has ended. The members are told."))
        return _address_of(designation.package)


def _address_of(package: Package) -> str:
    return reverse("admin:packages_package_change", args=[package.pk])
