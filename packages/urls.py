from django.urls import path

from packages import views

urlpatterns = [
    path("catalogue/", views.catalogue, name="catalogue"),
    path("catalogue/<slug:slug>/", views.package_detail, name="package_detail"),
    path("packages/", views.package_list, name="package_list"),
    path("packages/new/", views.package_create, name="package_create"),
    path("packages/<slug:slug>/", views.package_edit, name="package_edit"),
    path("packages/<slug:slug>/publish/", views.package_publish, name="package_publish"),
    path("packages/<slug:slug>/withdraw/", views.package_withdraw, name="package_withdraw"),
    path("packages/<slug:slug>/versions/<int:number>/", views.package_version, name="package_version"),
    path("packages/<slug:slug>/steps/<slug:step>/", views.package_step, name="package_step"),
    path("packages/<slug:slug>/components/<slug:letter>/", views.package_component, name="package_component"),
    path("packages/<slug:slug>/components/<slug:letter>/items/add/", views.item_edit, name="item_add"),
    path("packages/<slug:slug>/components/<slug:letter>/items/<int:pk>/", views.item_edit, name="item_edit"),
    path("packages/<slug:slug>/components/<slug:letter>/items/<int:pk>/remove/", views.item_remove, name="item_remove"),
]
