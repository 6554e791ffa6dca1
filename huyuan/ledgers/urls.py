"""Addresses shared by all ledgers; each ledger's own page stands under its app."""

from django.urls import path

from huyuan.ledgers import views

app_name = "ledgers"
urlpatterns = [
    path("<slug:key>/export/<slug:columns>/", views.export, name="export"),
    path("<slug:key>/print/", views.print_ledger, name="print"),
    path("<slug:key>/views/", views.save_view, name="save_view"),
    path("views/<uuid:code>/remove/", views.remove_view, name="remove_view"),
]
