"""Addresses shared by all ledgers; each ledger's own page stands under its app."""

from django.urls import path

from huyuan.ledgers.views import columns, imports, pages

app_name = "ledgers"
urlpatterns = [
    path("<slug:key>/export/<slug:columns>/", pages.export, name="export"),
    path("<slug:key>/print/", pages.print_ledger, name="print"),
    path("<slug:key>/views/", pages.save_view, name="save_view"),
    path("views/<uuid:code>/remove/", pages.remove_view, name="remove_view"),
    path("<slug:key>/columns/", columns.column_sets, name="column_sets"),
    path("columns/<uuid:code>/", columns.column_set, name="column_set"),
    path("columns/<uuid:code>/remove/", columns.remove_column_set, name="remove_column_set"),
    path("imports/<uuid:code>/", imports.import_run, name="import_run"),
    path("imports/<uuid:code>/problems/", imports.error_sheet, name="error_sheet"),
    path("imports/<uuid:code>/apply/", imports.apply, name="apply"),
    path("imports/<uuid:code>/drop/", imports.drop, name="drop"),
    path("<slug:key>/import/", imports.give, name="give"),
    path("<slug:key>/import/template/", imports.template, name="template"),
]
