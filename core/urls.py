from django.urls import path

from core import views

urlpatterns = [
    path("inbox/", views.notification_list, name="notification_list"),
    path("inbox/read/", views.notification_read, name="notification_read"),
    path("receipts/<slug:number>/", views.receipt_detail, name="receipt_detail"),
]
