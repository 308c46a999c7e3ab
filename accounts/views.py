"""A person's profile, and the demonstration's door."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import actions, assurance, selectors
from accounts.demo import CAST
from accounts.forms import ProfileForm
from accounts.models import User
from core import doors
from core.http import PortalRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PortalRequest) -> HttpResponse:
    person = request.user
    initial = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with doors.shown_on(form):
            actions.update_profile(person, by=person, now=request.now, **form.cleaned_data)
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    return render(request, "accounts/profile.html", {"form": form}, status=doors.status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: PortalRequest) -> HttpResponse:
    """The cast; a click signs in as one of them. Its address exists only while settings.DEMO is on."""
    people = {person.email: person for person in selectors.demo_people()}
    if request.method == "POST":
        person = people.get(request.POST.get("email", ""))
        if person is None:
            raise Http404
        return _sign_in(request, person)
    cast = [member for member in CAST if member.email in people]
    groups = [
        (_("Companies and buyers"), [member for member in cast if not member.role]),
        (_("Federal staff"), [member for member in cast if member.role]),
    ]
    return render(request, "accounts/demo.html", {"groups": groups, "is_empty": not cast})


def _sign_in(request: PortalRequest, person: User) -> HttpResponse:
    get_adapter().login(request, person)
    assurance.vouch_for_demo(request, person)
    return redirect("admin:index" if person.is_staff else settings.LOGIN_REDIRECT_URL)
