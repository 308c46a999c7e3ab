"""What templates/forms/field.html asks of a field: which shape it has, and its widget with USWDS classes.

The ids of hint and error are Django's own (`<id>_helptext`, `<id>_error`): Django points aria-describedby at them.
"""

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "usa-textarea"),
    (forms.SelectMultiple, "portal-select-multiple"),
    (forms.Select, "usa-select"),
    (forms.FileInput, "portal-file"),
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.Widget, "usa-input"),
]
LONG_LIST = 15


@register.filter
def shape(field: BoundField) -> str:
    """choices (a list of checkboxes or radio buttons), checkbox, parts (several controls), file, unit, or control."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect):  # also the checkbox list, its subclass
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if widget.use_fieldset:
        return "parts"
    return "unit" if hasattr(widget, "before") else "control"


@register.filter
def is_long(field: BoundField) -> bool:
    return len(field) > LONG_LIST


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """The choices; those chosen come first in a long list, where they would be out of sight."""
    found = list(field)
    return sorted(found, key=lambda option: not option.data["selected"]) if is_long(field) else found


@register.filter
def control(field: BoundField) -> SafeString:
    """The widget with its own classes and those of its kind.

    No placeholder: it vanishes when one starts to type. The controls of a widget in parts have no labels of their own.
    """
    widget = field.field.widget
    kind = next(name for widget_class, name in CLASSES if isinstance(widget, widget_class))
    names = [widget.attrs.get("class", ""), kind, "usa-input--error" if field.errors else ""]
    attrs: dict[str, str | bool] = {"class": " ".join(filter(None, names)), "placeholder": False}
    if widget.use_fieldset:
        attrs["aria-label"] = str(field.label)
    return field.as_widget(attrs=attrs)
