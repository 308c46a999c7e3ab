"""The widget inside the field template: USWDS classes and the ids that its hint and error have."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "usa-textarea"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "usa-file-input"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.widgets.Input, "usa-input"),
]
LONG_LIST = 15


@register.filter
def is_group(field: BoundField) -> bool:
    """Checkbox and radio lists: a fieldset with a legend instead of a label."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_radio(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect)


@register.filter
def is_long(field: BoundField) -> bool:
    return len(list(field.field.widget.choices)) > LONG_LIST


@register.filter
def describing(field: BoundField) -> str:
    """The ids that describe the control: its hint, then its error."""
    ids = [f"{field.auto_id}_hint"] if field.help_text else []
    return " ".join(ids + ([f"{field.auto_id}_error"] if field.errors else []))


@register.filter
def control(field: BoundField) -> SafeString:
    widget_class = next((name for kind, name in CLASSES if isinstance(field.field.widget, kind)), "usa-input")
    attrs: dict[str, str | bool] = {"class": widget_class + (" usa-input--error" if field.errors else "")}
    if field.errors:
        attrs["aria-invalid"] = "true"
    attrs["aria-describedby"] = describing(field)
    if not attrs["aria-describedby"]:
        del attrs["aria-describedby"]
    return field.as_widget(attrs=attrs)
