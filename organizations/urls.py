from django.urls import path

from organizations import views

urlpatterns = [
    path("organizations/<int:pk>/", views.organization_detail, name="organization_detail"),
    path("organizations/<int:pk>/edit/", views.organization_edit, name="organization_edit"),
    path("organizations/<int:pk>/parties/add/<slug:role>/", views.party_add, name="party_add"),
    path("organizations/<int:pk>/parties/<int:party>/", views.party_edit, name="party_edit"),
    path("organizations/<int:pk>/parties/<int:party>/remove/", views.party_remove, name="party_remove"),
    path("organizations/<int:pk>/people/", views.organization_people, name="organization_people"),
    path("organizations/<int:pk>/people/<int:membership>/", views.membership_change, name="membership_change"),
    path(
        "organizations/<int:pk>/invitations/<int:invitation>/withdraw/",
        views.invitation_withdraw,
        name="colleague_invitation_withdraw",
    ),
    path("organizations/<int:pk>/documents/add/", views.document_add, name="document_add"),
    path("organizations/documents/<uuid:file>/", views.document_download, name="document_download"),
    path("organizations/invitations/<slug:token>/", views.organization_invitation, name="organization_invitation"),
]
