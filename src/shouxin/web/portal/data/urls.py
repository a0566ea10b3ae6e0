"""Who used my data, and what I allowed."""

from django.urls import path

from shouxin.web.portal.data import consents, entry, files, history, key

app_name = "data"
urlpatterns = [
    path("data", history.history, name="history"),
    path("data/entry/<int:number>", entry.entry, name="entry"),
    path("data/consents", consents.consents, name="consents"),
    path("data/key", key.ask, name="key"),
    path("data/key/code", key.code, name="key_code"),
    path("data/bundle.json", files.bundle, name="bundle"),
    path("data/consents.json", files.receipt, name="receipt"),
    path("data/trust.json", files.trust, name="trust"),
    path("data/person.key", files.person_key, name="person_key"),
    path("data/offline.html", files.offline, name="offline"),
]
