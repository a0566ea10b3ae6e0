"""Django's settings.  No database is named here: opening a lender points both aliases at its own (`site.wiring`).

`default` is the book of loans, `vault` the sealed data, the chains and the log.  `ATOMIC_REQUESTS` stays off for good:
a use case asks the vault first and opens its business transaction afterwards.
"""

from typing import Any

SECRET_KEY = ""  # nothing signs cookies yet; Django refuses loudly when something tries to
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "shouxin.vault",
    "shouxin.records.loan",
    "shouxin.records.credit",
    "shouxin.records.outreach",
]

_UNNAMED: dict[str, Any] = {"ENGINE": "django.db.backends.dummy", "ATOMIC_REQUESTS": False}
DATABASES: dict[str, dict[str, Any]] = {"default": dict(_UNNAMED), "vault": dict(_UNNAMED)}
DATABASE_ROUTERS = ["shouxin.site.router.TwoDatabases"]

LOGGING_CONFIG = None  # the lines that we log are our own; Django's would quote SQL parameters
