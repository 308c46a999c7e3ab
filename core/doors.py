"""What every view does with an answer: a refusal becomes an error on the form, and the status tells a machine so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from core.errors import UnableTo


def sent(request: HttpRequest) -> QueryDict | None:
    """A form's data: what was posted, even if that is nothing; None for a first look."""
    return request.POST if request.method == "POST" else None


@contextmanager
def shown_on(form: forms.BaseForm) -> Iterator[None]:
    """Put an action's refusal on the form instead of raising it; what was typed stays."""
    try:
        yield
    except UnableTo as refusal:
        form.add_error(None, refusal.message)
    except ValidationError as error:
        form.add_error(None, error)


def status_of(form: forms.BaseForm) -> int:
    """422 for a form with errors, else 200."""
    return 422 if form.is_bound and form.errors else 200


@contextmanager
def told(request: HttpRequest) -> Iterator[None]:
    """For a button without a form: an action's refusal becomes an error message on the next page."""
    try:
        yield
    except UnableTo as refusal:
        messages.error(request, refusal.message)
