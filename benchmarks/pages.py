"""How many pages a second one server gives, beside a bare view of the same server in the same run.

A book of 200 loans; a borrower who is signed in and has a history of 100 entries. Asked for over connections that
stay open: a view that answers "ok" behind the same middleware, the borrower's home, and "who used my data". Prints
one JSON document; read the ratios. `verify_ms` is what Chromium takes to verify those entries with verify.js.
"""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from shouxin.adapters.chance import SystemChance
from shouxin.adapters.clock import FixedClock, SystemClock
from shouxin.site.wiring import create_lender, default_config, open_lender, set_up_django

set_up_django()  # use cases hold tables

from django.test import Client  # noqa: E402  only now
from playwright.sync_api import sync_playwright  # noqa: E402

from shouxin.records.access.models import User  # noqa: E402
from shouxin.site import databases, serving  # noqa: E402
from shouxin.usecases.lender import Lender  # noqa: E402
from shouxin.usecases.privacy import sessions  # noqa: E402
from shouxin.vault.opening import UseRequest  # noqa: E402

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.usecases import story  # noqa: E402

LOANS, ENTRIES, CALLERS, SECONDS = 200, 100, 4, 6.0
MONTHS = timedelta(days=170)
ROOT = Path(__file__).resolve().parents[1]
SERVER = """
from pathlib import Path
from shouxin.site import serve
serve.run(Path({folder!r}), host="127.0.0.1", port={port}, application="benchmarks.bare:application")
"""


def main() -> int:
    """Make the lender, serve it, ask."""
    folder = Path(tempfile.mkdtemp()) / "lender"
    clock = FixedClock(SystemClock().now() - MONTHS)
    create_lender(folder, default_config(chance=SystemChance()), clock=clock)
    lender = open_lender(folder)
    subject, loan = _people(lender)
    cookie = _signed_in(lender, subject)
    key = lender.vault.issue_key(subject)
    assert isinstance(key, bytes)
    databases.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER.format(folder=str(folder), port=port)], cwd=ROOT)
    try:
        _wait(port)
        rows = {path: _asked(port, path, cookie) for path in ("/bare", "/me", f"/loan/{loan}", "/data")}
        verify_ms = _verified(port, cookie, key.decode())
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder.parent)
    bare = rows.pop("/bare")
    names = ("home", "schedule", "who_used_my_data")
    figures = {name: row | {"of_bare": round(row["per_second"] / bare["per_second"], 3)}
               for name, row in zip(names, rows.values(), strict=True)}  # fmt: skip
    document = {"loans": LOANS, "entries": ENTRIES, "callers": CALLERS, "bare": bare, **figures, "verify_ms": verify_ms}
    sys.stdout.write(json.dumps(document) + "\n")
    return 0


def _people(lender: Lender) -> tuple[str, str]:
    """200 borrowers with a loan each; of the first one also a history of 100 entries."""
    subjects, began = [], lender.clock.now() - MONTHS
    then = lender.at(began)
    for number in range(LOANS):
        identity = f"{110101199003070000 + number:018d}"
        subject = story.enrolled(then, id_number=identity, phone=f"138{number:08d}", email=f"p{number}@mail.example")
        loan = story.borrowed(then, subject)
        subjects.append((subject, loan))
    first, loan = subjects[0]
    history = lender.vault.history(first)
    assert history is not None
    left = ENTRIES - len(history.entries) - 1
    for number in range(left):  # about four a week
        then = lender.at(began + number * (lender.clock.now() - began) / left)
        then.vault.use(UseRequest(first, "system:reminder", "reminder", ("name", "email")))
    _paid(lender, loan, first)
    return first, loan


def _paid(lender: Lender, loan: str, subject: str) -> None:
    """Every instalment so far came on its day: what most homes look like."""
    rows = story.must(story.statement(lender, loan, subject))["instalments"]
    for row in rows:
        due = date.fromisoformat(row["due_on"])
        if due <= lender.today():
            planned = story.must(story.statement(lender, loan, subject, as_of=due))["instalments"][row["number"] - 1]
            story.must(story.pay(lender, loan, planned["outstanding"], f"due-{row['number']}", paid_on=due))


def _signed_in(lender: Lender, subject: str) -> str:
    serving.serve(lender)
    user = User.objects.create(id=lender.ids.new(), kind="borrower", login=subject, subject_id=subject)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    session = client.session
    session["sign_in"] = sessions.begin(lender, user)
    session.save()
    return f"session={client.cookies['session'].value}; lang=zh"


def _wait(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server doesn't come up")


def _asked(port: int, path: str, cookie: str) -> dict[str, float]:
    """Pages a second and the 99th percentile, with a few callers at once."""
    times: list[float] = []
    until = time.monotonic() + SECONDS

    def call() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            began = time.perf_counter()
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            times.append(time.perf_counter() - began)

    callers = [threading.Thread(target=call) for _ in range(CALLERS)]
    began = time.perf_counter()
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    elapsed = time.perf_counter() - began
    p99 = statistics.quantiles(times, n=100)[98]
    return {"per_second": round(len(times) / elapsed, 1), "p99_ms": round(p99 * 1000, 1)}


def _verified(port: int, cookie: str, key: str) -> float | None:
    """Milliseconds of one verification in Chromium, the best of five; None where there is no Chromium."""
    path = shutil.which("chromium")
    if path is None:
        return None
    script = """async text => {
      const get = async path => new Uint8Array(await (await fetch(path)).arrayBuffer());
      const bundle = await get('/data/bundle.json'), trust = await get('/data/trust.json');
      const key = new TextEncoder().encode(text);
      let best = Infinity;
      for (let i = 0; i < 5; i++) {
        const began = performance.now();
        const verdict = await shouxinVerify.verify(bundle, trust, key, Date.now());
        if (!verdict.ok) return verdict.reason + ' ' + verdict.where;
        best = Math.min(best, performance.now() - began);
      }
      return best;
    }"""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(base_url=f"http://127.0.0.1:{port}")
        name, value = cookie.split(";", maxsplit=1)[0].split("=", 1)
        context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
        page = context.new_page()
        page.goto("/data")
        found: Any = page.evaluate(script, key)
        browser.close()
    assert isinstance(found, int | float), found
    return round(float(found), 1)


if __name__ == "__main__":
    sys.exit(main())
