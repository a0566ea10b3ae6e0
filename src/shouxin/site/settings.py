"""Django's settings.  No database is named here: opening a lender points both aliases at its own (`site.wiring`),
and fills in the secret key and the hosts.

`default` is the book of loans, `vault` the sealed data, the chains and the log.  `ATOMIC_REQUESTS` stays off for good:
a use case asks the vault first and opens its business transaction afterwards.
"""

from pathlib import Path
from typing import Any

_HERE = Path(__file__).resolve().parents[1]
FACES = (
    "shouxin.web.shell",
    "shouxin.web.public",
    "shouxin.web.portal.account",
    "shouxin.web.portal.applying",
    "shouxin.web.portal.loan",
    "shouxin.web.portal.data",
    "shouxin.web.portal.rights",
    "shouxin.web.desk",
)

SECRET_KEY = ""  # a lender's own, set when it is opened; Django refuses loudly when something signs before that
DEBUG = False
ALLOWED_HOSTS: list[str] = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "shouxin.site.urls"
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",  # its widgets, which the shell's form templates include
    "shouxin.vault",
    "shouxin.records.access",
    "shouxin.records.loan",
    "shouxin.records.credit",
    "shouxin.records.outreach",
    "shouxin.records.privacy",
    "shouxin.web.charts",
    *FACES,
]

_UNNAMED: dict[str, Any] = {"ENGINE": "django.db.backends.dummy", "ATOMIC_REQUESTS": False}
DATABASES: dict[str, dict[str, Any]] = {"default": dict(_UNNAMED), "vault": dict(_UNNAMED)}
DATABASE_ROUTERS = ["shouxin.site.router.TwoDatabases"]

MIDDLEWARE = [
    "shouxin.web.shell.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shouxin.site.serving.the_lender",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shouxin.web.shell.middleware.reader",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shouxin.web.shell.session.SessionLife",
    "shouxin.site.serving.Troubles",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "shouxin.web.shell.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Who is signed in
AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SESSION_COOKIE_NAME = "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would sign a borrower out who comes back from the bank's page
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "shouxin.web.shell.page.forged"

# What a form may send: names and amounts, nothing larger
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
FILE_UPLOAD_HANDLERS: list[str] = []
APPEND_SLASH = False
SECURE_REFERRER_POLICY = None  # the shell sets its own headers
SECURE_CONTENT_TYPE_NOSNIFF = False
SECURE_CROSS_ORIGIN_OPENER_POLICY = None

STATIC_URL = "/static/"
STATICFILES_DIRS = [_HERE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300

# The lines that we log are our own (`site.serving`): Django's would quote paths, hosts and SQL parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"nowhere": {"class": "logging.NullHandler"}},
    "loggers": {name: {"handlers": ["nowhere"], "propagate": False} for name in ("django", "py.warnings")},
}
