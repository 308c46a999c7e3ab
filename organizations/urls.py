from django.urls import path

from organizations.views import entity, owners

urlpatterns = [
    path("organizations/<int:pk>/", entity.organization_detail, name="organization_detail"),
    path("organizations/<int:pk>/edit/", entity.organization_edit, name="organization_edit"),
    path("organizations/<int:pk>/parties/add/<slug:role>/", entity.party_add, name="party_add"),
    path("organizations/<int:pk>/parties/<int:party>/", entity.party_edit, name="party_edit"),
    path("organizations/<int:pk>/parties/<int:party>/remove/", entity.party_remove, name="party_remove"),
    path("organizations/<int:pk>/ownership/", owners.organization_ownership, name="organization_ownership"),
    path("organizations/<int:pk>/ownership/<int:owned>/stake/", owners.stake_add, name="stake_add"),
    path("organizations/<int:pk>/ownership/<int:owned>/control/", owners.control_add, name="control_add"),
    path("organizations/<int:pk>/stakes/<int:stake>/", owners.stake_edit, name="stake_edit"),
    path("organizations/<int:pk>/<slug:kind>/<int:holding>/end/", owners.holding_end, name="holding_end"),
    path("organizations/<int:pk>/<slug:kind>/<int:holding>/remove/", owners.holding_remove, name="holding_remove"),
    path("organizations/<int:pk>/people/", entity.organization_people, name="organization_people"),
    path("organizations/<int:pk>/people/<int:membership>/", entity.membership_change, name="membership_change"),
    path(
        "organizations/<int:pk>/invitations/<int:invitation>/withdraw/",
        entity.invitation_withdraw,
        name="colleague_invitation_withdraw",
    ),
    path("organizations/<int:pk>/documents/add/", entity.document_add, name="document_add"),
    path("organizations/documents/<uuid:file>/", entity.document_download, name="document_download"),
    path("organizations/invitations/<slug:token>/", entity.organization_invitation, name="organization_invitation"),
]
