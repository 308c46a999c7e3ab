from django.contrib import admin
from django.urls import include, path

from aiexports import views

urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("healthz", views.healthz, name="healthz"),
    path("status/", views.status, name="status"),
    path("metrics", views.metrics, name="metrics"),
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("organizations.urls")),
    path("", include("consortia.urls")),
    path("", include("packages.urls")),
    path("", include("buyers.urls")),
    path("", include("matching.urls")),
    path("", include("calls.urls")),
    path("admin/", admin.site.urls),
]
