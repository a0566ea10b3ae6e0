"""Collects the sentences of the pages' furniture into each app's `django.po`, and compiles them.

`python scripts/messages.py` writes; what is new stands there untranslated, and a test fails until it is written.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "src" / "shouxin" / "web"
LOCALE = "zh_Hans"
OPTIONS = ("--no-location", "--no-wrap", "--no-obsolete", "-v", "0")


def main() -> int:
    """Each app that has a folder `locale`."""
    admin = Path(sys.executable).with_name("django-admin")
    for folder in sorted(WEB.rglob("locale")):
        app = folder.parent
        subprocess.run([admin, "makemessages", "-l", LOCALE, *OPTIONS], cwd=app, check=True)
        messages = folder / LOCALE / "LC_MESSAGES"
        po, mo = messages / "django.po", messages / "django.mo"
        subprocess.run(["msgfmt", "--check", "-o", mo, po], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
