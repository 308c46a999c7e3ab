from django import forms

from calls.models import Notice


class NoticeForm(forms.ModelForm):
    class Meta:
        model = Notice
        fields = ["kind", "title", "slug", "summary", "body", "citation", "certainty", "issued_date"]
        widgets = {"issued_date": forms.DateInput(attrs={"type": "date"})}
