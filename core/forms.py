"""How every form of the portal looks: one field template for every widget."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Renders forms and fields through templates/forms/."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
