"""Addresses of the public pages."""

from django.urls import path

from shouxin.web.public import books, check, contact, cost, home, log, safety

app_name = "public"
urlpatterns = [
    path("", home.home, name="home"),
    path("how", check.how, name="how"),
    path("check", check.check, name="check"),
    path("log", log.log, name="log"),
    path("log/checkpoint", log.checkpoint, name="checkpoint"),
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
    path("contact/mine", contact.mine, name="contact_mine"),
    path("contact/refuse", contact.refuse, name="contact_refuse"),
    path("contact/bundle.json", contact.bundle, name="contact_bundle"),
    path("contact/person.key", contact.person_key, name="contact_key"),
    path("contact/leave", contact.leave, name="contact_leave"),
]
