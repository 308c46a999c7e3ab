from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Renders every field through our one field template."""
