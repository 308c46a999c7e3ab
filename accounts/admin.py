"""The manager's pages: people and their roles, offices, and posts with their countries and officers."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions, rules, selectors
from accounts.assurance import step_up_required
from accounts.forms import GrantRoleForm, OverseasPostForm
from accounts.models import FederalOffice, OverseasPost, User
from core import doors
from core.admin import RecordAdmin
from core.http import PortalRequest


def _portal(request: HttpRequest) -> PortalRequest:
    """What every request of ours is, for the methods whose signature is Django's."""
    return cast("PortalRequest", request)


class PeopleAdmin(RecordAdmin):
    """Pages that only a manager sees."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rules.can_view_people(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(User)
class UserAdmin(PeopleAdmin):
    list_display = ["name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "role_grants__role"]
    search_fields = ["name", "email"]
    ordering = ["name", "pk"]
    fields = ["name", "email", "language", "time_zone", "is_active", "date_joined", "last_login"]
    change_form_template = "admin/accounts/user_change.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return selectors.people_for(request.user).order_by(*self.ordering)

    @admin.display(description=_("Federal roles"))
    def roles(self, person: Any) -> str:
        return "; ".join(f"{grant.get_role_display()}, {grant.place}" for grant in person.current_grants)

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<int:pk>/grant/", self._door(self.grant_role), name="accounts_user_grant"),
            path("<int:pk>/revoke/<int:grant_pk>/", self._door(self.revoke_role), name="accounts_user_revoke"),
            path("<int:pk>/suspend/", self._door(self.suspend), name="accounts_user_suspend"),
            path("<int:pk>/restore/", self._door(self.restore), name="accounts_user_restore"),
            *super().get_urls(),
        ]

    def _door(self, view: Any) -> Any:
        return self.admin_site.admin_view(step_up_required(view))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pk = int(object_id) if object_id and object_id.isdecimal() and len(object_id) < 19 else 0
        person = selectors.people_for(request.user).filter(pk=pk).first()
        context = {
            **(extra_context or {}),
            "grants": selectors.role_grants_of(person) if person else [],
            "may_change": person is not None and rules.can_grant_role(request.user, person),
        }
        return super().changeform_view(request, object_id, form_url, context)

    def grant_role(self, request: PortalRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(selectors.people_for(request.user), pk=pk)
        form = GrantRoleForm(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                actions.grant_role(person, by=request.user, now=request.now, **form.cleaned_data)
                return self._back(request, person, gettext("The role is given. They were signed out and told by mail."))
        return self._ask(request, person, form, gettext("Give a federal role"), gettext("Give the role"))

    def revoke_role(self, request: PortalRequest, pk: int, grant_pk: int) -> HttpResponse:
        person = get_object_or_404(selectors.people_for(request.user), pk=pk)
        grant = get_object_or_404(selectors.role_grants_of(person), pk=grant_pk)
        form = Form(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                actions.revoke_role(grant, by=request.user, now=request.now)
                return self._back(
                    request, person, gettext("The role has ended. They were signed out and told by mail.")
                )
        title = gettext("End the role “%(role)s”, %(place)s") % {"role": grant.get_role_display(), "place": grant.place}
        return self._ask(request, person, form, title, gettext("End the role"))

    def suspend(self, request: PortalRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(selectors.people_for(request.user), pk=pk)
        form = Form(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                actions.suspend_person(person, by=request.user, now=request.now)
                return self._back(request, person, gettext("They were signed out and can no longer sign in."))
        return self._ask(request, person, form, gettext("Keep this person out"), gettext("Keep out"))

    def restore(self, request: PortalRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(selectors.people_for(request.user), pk=pk)
        form = Form(doors.sent(request))
        if request.method == "POST" and form.is_valid():
            with doors.shown_on(form):
                actions.restore_person(person, by=request.user, now=request.now)
                return self._back(request, person, gettext("They can sign in again and were told by mail."))
        return self._ask(request, person, form, gettext("Let this person in again"), gettext("Let in"))

    def _ask(self, request: PortalRequest, person: User, form: Form, title: str, button: str) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "person": person,
            "form": form,
            "title": title,
            "button": button,
        }
        return render(request, "admin/accounts/access_change.html", context, status=doors.status_of(form))

    def _back(self, request: PortalRequest, person: User, message: str) -> HttpResponse:
        self.message_user(request, message, messages.SUCCESS)
        return redirect("admin:accounts_user_change", person.pk)


class KeptAdmin(RecordAdmin):
    """Everybody in the workbench may look; a manager adds and changes, by the room's action."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rules.can_save_office(request.user, None)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rules.can_save_office(request.user, obj)


@admin.register(FederalOffice)
class FederalOfficeAdmin(KeptAdmin):
    list_display = ["name", "agency"]
    list_filter = ["agency"]
    search_fields = ["name"]

    def save_model(self, request: HttpRequest, obj: FederalOffice, form: Any, change: bool) -> None:
        actions.save_office(obj, by=_portal(request).user, now=_portal(request).now)


@admin.register(OverseasPost)
class OverseasPostAdmin(KeptAdmin):
    form = OverseasPostForm
    list_display = ("name", "city", "country_codes")
    search_fields = ["name", "city"]
    fields = ["name", "city", "time_zone", "countries", "officers"]
    readonly_fields = ["officers"]

    @admin.display(description=_("Countries"))
    def country_codes(self, post: OverseasPost) -> str:
        return " ".join(post.countries)

    @admin.display(description=_("Officers at this post"))
    def officers(self, post: OverseasPost) -> str:
        """Roles are given on the person's page."""
        return "; ".join(f"{grant.user.name}, {grant.get_role_display()}" for grant in selectors.grants_at(post))

    def save_model(self, request: HttpRequest, obj: OverseasPost, form: Any, change: bool) -> None:
        actions.save_post(obj, by=_portal(request).user, now=_portal(request).now)
