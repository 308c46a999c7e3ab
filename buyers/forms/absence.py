"""When an officer is away, and who covers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.selectors import has_role, people_with_role
from accounts.states import Role
from core.forms import DateInput


class AbsenceForm(forms.Form):
    """`user` enters their own days; a manager chooses whose."""

    who = forms.ModelChoiceField(label=_("Officer"), queryset=User.objects.none())
    first_day = forms.DateField(label=_("First day"), widget=DateInput)
    last_day = forms.DateField(label=_("Last day"), widget=DateInput)
    cover = forms.ModelChoiceField(
        label=_("Cover"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: cases fall to the queue of the post"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        officers = people_with_role(Role.OFFICER).order_by("name", "pk")
        for name in ("who", "cover"):
            self.fields[name].queryset = officers  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = lambda person: person.name  # type: ignore[attr-defined]
        if not has_role(user, Role.MANAGER):
            del self.fields["who"]
            self.fields["cover"].queryset = officers.exclude(pk=user.pk)  # type: ignore[attr-defined]

    @property
    def officer(self) -> User:
        found: User = self.cleaned_data.get("who", self.user)
        return found

    def days(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("first_day", "last_day", "cover")}
