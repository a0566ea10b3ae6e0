"""Runs the pages of one lender under granian, in WSGI mode, until it is told to stop."""

from __future__ import annotations

import os
from pathlib import Path

THREADS = 4
"""Requests that may wait for the disk at once; SQLite has one writer, so more would only queue."""


def run(data_dir: Path, *, host: str, port: int, application: str = "shouxin.site.wsgi:application") -> None:
    """Serve `data_dir` on `host:port`; comes back when the process is asked to end."""
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["SHOUXIN_DATA_DIR"] = str(data_dir.absolute())
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        websockets=False,
        log_enabled=False,
    ).serve()
