"""Addresses of the shell itself."""

from django.urls import path

from shouxin.web.shell.kept import kept
from shouxin.web.shell.look import look

app_name = "shell"
urlpatterns = [path("look", look, name="look"), path("kept", kept, name="kept")]
