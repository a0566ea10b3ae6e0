"""Addresses of signing in and of the account."""

from django.urls import path

from shouxin.web.portal.account import phone, security, signing_in

app_name = "account"
urlpatterns = [
    path("sign-in", signing_in.number, name="sign_in"),
    path("sign-in/code", signing_in.code, name="code"),
    path("sign-in/again", signing_in.again, name="again"),
    path("sign-in/id", signing_in.id_number, name="id_number"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("account", security.account, name="account"),
    path("account/end", security.end, name="end"),
    path("account/end-others", security.end_others, name="end_others"),
    path("account/forget", security.forget, name="forget"),
    path("account/phone", phone.old, name="phone"),
    path("account/phone/code", phone.old_code, name="phone_code"),
    path("account/phone/new", phone.new, name="phone_new"),
    path("account/phone/confirm", phone.new_code, name="phone_confirm"),
    path("account/phone/done", phone.done, name="phone_done"),
]
