"""A page of the public shell, with the log's health in its footer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse

from shouxin.usecases.oversight.published_log import published_log
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit


def show(
    request: Visit, name: str, context: Mapping[str, Any] | None = None, *, here: str = "", status: int = 200
) -> HttpResponse:
    """`public/<name>.html`; `here` marks its link in the navigation."""
    log = published_log(request.lender)
    return render(request, f"public/{name}.html", {"log": log, "here": here or name, **(context or {})}, status=status)
