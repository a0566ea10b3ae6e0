"""Addresses of the public pages."""

from django.urls import path

from shouxin.web.public import books, check, contact, contact_rights, cost, home, log, safety

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("how", check.how, name="how"),
    path("check", check.check, name="check"),
    path("log", log.log, name="log"),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
    path("tlog/<path:name>", log.published, name="published"),
    path("log/trust.json", log.trust, name="trust"),
    path("verify.js", log.verify_js, name="verify_js"),
    path("example/<str:name>", log.example, name="example"),
    path("partners", books.partners, name="partners"),
    path("rules", books.rules, name="rules"),
    path("terms", books.terms, name="terms"),
    path("terms/<slug:key>", books.notice, name="notice"),
    path("cost", cost.cost, name="cost"),
    path("help", safety.help_page, name="help"),
    path("contact", contact.door, name="contact"),
    path("contact/again", contact.again, name="contact_again"),
    path("contact/mine", contact.mine, name="contact_mine"),
    path("contact/refuse", contact.refuse, name="contact_refuse"),
    path("contact/bundle.json", contact.bundle, name="contact_bundle"),
    path("contact/person.key", contact.person_key, name="contact_key"),
    path("contact/copy", contact_rights.copy, name="contact_copy"),
    path("contact/erase", contact_rights.erase, name="contact_erase"),
    path("contact/erased", contact_rights.erased, name="contact_erased"),
    path("contact/last-file", contact_rights.last, name="contact_last"),
    path("contact/destroy", contact_rights.destroy, name="contact_destroy"),
    path("contact/gone", contact_rights.gone, name="contact_gone"),
    path("contact/leave", contact.leave, name="contact_leave"),
]
