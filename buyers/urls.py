from django.urls import path

from buyers.views import needs, profile

urlpatterns = [
    path("buyers/", profile.buyer_list, name="buyer_list"),
    path("buyers/register/", profile.buyer_register, name="buyer_register"),
    path("buyers/register/<int:organization>/", profile.buyer_add_profile, name="buyer_add_profile"),
    path("buyers/<int:pk>/", profile.buyer_detail, name="buyer_detail"),
    path("buyers/<int:pk>/edit/", profile.buyer_edit, name="buyer_edit"),
    path("buyers/<int:pk>/check/", profile.buyer_submit, name="buyer_submit"),
    path("buyers/<int:pk>/question/", profile.question_answer, name="question_answer"),
    path("buyers/<int:pk>/withdraw/", profile.case_withdraw, name="case_withdraw"),
    path("buyers/<int:pk>/parties/<int:party>/remove/", profile.buyer_party_remove, name="buyer_party_remove"),
    path("buyers/<int:pk>/<slug:kind>/", profile.buyer_parties, name="buyer_parties"),
    path("needs/", needs.need_list, name="need_list"),
    path("needs/new/", needs.need_create, name="need_create"),
    path("needs/<int:pk>/", needs.need_detail, name="need_detail"),
    path("needs/<int:pk>/edit/", needs.need_edit, name="need_edit"),
    path("needs/<int:pk>/post/", needs.need_post, name="need_post"),
    path("needs/<int:pk>/close/", needs.need_close, name="need_close"),
]
