from django.urls import path

from matching import views

urlpatterns = [
    path("matches/", views.match_list, name="match_list"),
    path("matches/<int:pk>/", views.match_detail, name="match_detail"),
    path("introductions/", views.introduction_list, name="introduction_list"),
    path("introductions/new/", views.introduction_new, name="introduction_new"),
    path("introductions/<int:pk>/", views.introduction_detail, name="introduction_detail"),
    path("introductions/<int:pk>/accept/", views.introduction_accept, name="introduction_accept"),
    path("introductions/<int:pk>/decline/", views.introduction_decline, name="introduction_decline"),
    path("introductions/<int:pk>/withdraw/", views.introduction_withdraw, name="introduction_withdraw"),
    path("introductions/<int:pk>/close/", views.introduction_close, name="introduction_close"),
]
