"""Sign-up, sign-in's counted forms, a person's profile, and the manager's forms about access."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import lockouts
from accounts.models import FederalOffice, OverseasPost, User
from accounts.states import Role
from core import countries


@cache  # the names are read from some hundred files
def time_zone_choices() -> list[tuple[str, str]]:
    """Places that people know, by region; not the technical names of the time zone database."""
    names = {name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "US/"))}
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(names))]


class PersonForm(forms.Form):
    """How the portal addresses a person and shows them times."""

    name = forms.CharField(label=_("Full name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("Times and deadlines are shown in this zone.")
    )

    def clean_name(self) -> str:
        """One line, as a name is written: lines of its own would look like the portal's in mails."""
        return " ".join(self.cleaned_data["name"].split())


class ProfileForm(PersonForm):
    pass


class PlainLabels:
    """allauth's fields under the words that the portal's own pages use."""

    LABELS = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "oldpassword": _("Current password"),
        "password2": _("The same password again"),
    }
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & self.LABELS.keys():
            self.fields[name].label = self.LABELS[name]


class LoginForm(PlainLabels, account_forms.LoginForm):
    pass


class AddEmailForm(PlainLabels, account_forms.AddEmailForm):
    pass


class ResetPasswordForm(PlainLabels, account_forms.ResetPasswordForm):
    pass


class NewPasswordForm(PlainLabels):
    LABELS = PlainLabels.LABELS | {"password1": _("New password")}


class ResetPasswordKeyForm(NewPasswordForm, account_forms.ResetPasswordKeyForm):
    pass


class SetPasswordForm(NewPasswordForm, account_forms.SetPasswordForm):
    pass


class SignupForm(PlainLabels, PersonForm, account_forms.SignupForm):
    field_order = ["name", "email", "password1", "language", "time_zone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = get_language()
        self.fields["time_zone"].initial = "America/New_York"

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes the time that storing a new person's takes
        return super().try_save(request)


class ChangePasswordForm(NewPasswordForm, account_forms.ChangePasswordForm):
    def clean_oldpassword(self) -> str:
        """Counted like a sign-in: whoever found an open session must not try passwords here."""
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class CountedCode:
    """A form that asks for a code of the second step, counted by person."""

    user: User

    def clean_code(self) -> str:
        try:
            attempt = lockouts.begin_attempt(lockouts.by_person(self.user.pk), now=timezone.now())
        except lockouts.LockedOut:
            raise get_adapter().validation_error("too_many_login_attempts") from None
        code = super().clean_code()  # type: ignore[misc]
        attempt.succeeded()
        return code


class SecondStepForm(CountedCode, mfa_forms.AuthenticateForm):
    pass


class SecondStepAgainForm(CountedCode, mfa_forms.ReauthenticateForm):
    pass


class GrantRoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    office = forms.ModelChoiceField(label=_("Office"), queryset=FederalOffice.objects.order_by("agency", "name"))
    post = forms.ModelChoiceField(
        label=_("Overseas post"),
        queryset=OverseasPost.objects.order_by("name"),
        required=False,
        help_text=_("Only for officers and support officers abroad. Leave it empty for Washington."),
    )


class OverseasPostForm(forms.ModelForm):
    countries = forms.MultipleChoiceField(
        label=_("Countries"),
        choices=countries.choices,
        widget=forms.SelectMultiple(attrs={"size": 12}),
        help_text=_("The countries whose cases this post takes. Hold Ctrl or ⌘ to choose several."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("Whose working hours the cases' clocks follow.")
    )

    class Meta:
        model = OverseasPost
        fields = ["name", "city", "time_zone", "countries"]
