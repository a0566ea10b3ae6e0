"""Where the tests have their files: in memory, where there is room.

No test is about a power cut, and a disk's syncs are most of the time that the suite takes. A killed process leaves the
same files behind in memory as on a disk.
"""

import os
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes that must be free, as files and as memory."""


def choose() -> None:
    """From now on temporary files of this process and its children are in memory, unless somebody chose a place."""
    if "TMPDIR" in os.environ or not _has_room():
        return
    os.environ["TMPDIR"] = str(MEMORY)
    tempfile.tempdir = None  # what is asked next looks again


def _has_room() -> bool:
    """Some machines mount it small, or so that no program in it can be started."""
    try:
        place, memory = os.statvfs(MEMORY), Path("/proc/meminfo").read_text("ascii")
    except OSError:
        return False
    (available,) = [int(line.split()[1]) << 10 for line in memory.splitlines() if line.startswith("MemAvailable:")]
    free = place.f_bavail * place.f_frsize
    return os.access(MEMORY, os.W_OK) and not place.f_flag & os.ST_NOEXEC and min(free, available) >= ROOM
