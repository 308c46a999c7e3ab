from django import forms


class SignupForm(forms.Form):
    name = forms.CharField(max_length=150)

    def signup(self, request, user):
        pass
