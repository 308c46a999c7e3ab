from django.urls import path

from consortia import views

urlpatterns = [
    path("companies/", views.company_list, name="company_list"),
    path("companies/register/", views.company_register, name="company_register"),
    path("companies/<int:pk>/", views.company_detail, name="company_detail"),
    path("companies/<int:pk>/edit/", views.company_edit, name="company_edit"),
    path("companies/<int:pk>/form-consortium/", views.consortium_form, name="consortium_form"),
    path("consortia/invitations/<slug:token>/", views.consortium_invitation, name="consortium_invitation"),
    path("consortia/<slug:slug>/", views.consortium_detail, name="consortium_detail"),
    path("consortia/<slug:slug>/invite/", views.company_invite, name="company_invite"),
    path(
        "consortia/<slug:slug>/invitations/<int:invitation>/withdraw/",
        views.company_invitation_withdraw,
        name="company_invitation_withdraw",
    ),
    path("consortia/<slug:slug>/members/<int:member>/", views.member_components, name="member_components"),
    path("consortia/<slug:slug>/members/<int:member>/end/", views.member_end, name="member_end"),
    path("consortia/<slug:slug>/dissolve/", views.consortium_dissolve, name="consortium_dissolve"),
]
