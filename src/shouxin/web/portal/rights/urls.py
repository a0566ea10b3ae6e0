"""Addresses of my rights. No address names a value or tells what was asked."""

from django.urls import path

from shouxin.web.portal.rights import asking, copying, ending, overview

app_name = "rights"
urlpatterns = [
    path("me/rights", overview.overview, name="overview"),
    path("me/rights/field", asking.field, name="field"),
    path("me/rights/delete", asking.delete, name="delete"),
    path("me/rights/correct", asking.correction, name="correct"),
    path("me/rights/review", asking.review, name="review"),
    path("me/rights/take-back", asking.take_back, name="take_back"),
    path("me/rights/copy", copying.ask, name="copy"),
    path("me/rights/copy/code", copying.code, name="copy_code"),
    path("me/rights/copy/page", copying.page_of, name="copy_page"),
    path("me/rights/copy/file", copying.file_of, name="copy_file"),
    path("me/rights/erase", ending.ask, name="erase"),
    path("me/rights/erase/code", ending.code, name="erase_code"),
    path("me/rights/erased", ending.erased, name="erased"),
    path("me/rights/last-file", ending.last, name="last_file"),
    path("me/rights/trust", ending.trust, name="trust"),
    path("me/rights/destroy", ending.destroy, name="destroy"),
]
