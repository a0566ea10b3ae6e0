"""Good and bad lines for the lint that sees what import walls cannot."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from scripts.ast_lint import MAX_LINES, check, main


def _rules(source: str, path: str = "usecases/loan/draw.py") -> list[str]:
    return [finding.rule for finding in check(source, PurePosixPath(path))]


BAD = [
    ("model-by-name", "usecases/loan/draw.py", 'apps.get_model("vault", "Sealed")'),
    ("model-by-name", "web/portal/views.py", 'get_model("vault.Sealed")'),
    ("raw-sql", "usecases/loan/draw.py", 'Loan.objects.raw("select 1")'),
    ("raw-sql", "outbound/outbox.py", 'rows.extra(where=["1=1"])'),
    ("raw-sql", "usecases/loan/draw.py", "with connection.cursor() as cursor: pass"),
    ("raw-sql", "outbound/outbox.py", 'rows.annotate(x=RawSQL("select 1", ()))'),
    ("raw-sql", "policy/load.py", "with connection.cursor() as cursor: pass"),
    ("one-way-out", "cli/loan.py", "import urllib.request"),
    ("one-way-out", "cli/loan.py", "from urllib import request"),
    ("one-way-out", "cli/loan.py", "from urllib.request import urlopen"),
    ("one-way-out", "vault/use.py", "import http.client as door"),
    ("one-way-out", "verify/__init__.py", "import ftplib"),
    ("one-way-out", "check/calls.py", "import telnetlib"),
    ("one-way-out", "cli/vault.py", "import socket"),
    ("one-way-out", "usecases/lender.py", "from socket import create_connection"),
    ("clock", "usecases/loan/draw.py", "from datetime import datetime\nat = datetime.now(UTC)"),
    ("clock", "usecases/loan/draw.py", "import datetime as dt\nat = dt.datetime.utcnow()"),
    ("clock", "core/loan/account.py", "from datetime import date\ntoday = date.today()"),
    ("clock", "verify/history.py", "from datetime import datetime\nat = datetime.now(UTC)"),
    ("clock", "vault/use.py", "import time\nat = time.time()"),
    ("clock", "vault/log/append.py", "from time import monotonic"),
    ("clock", "records/loan/models.py", "from django.utils import timezone\nat = F(default=timezone.now)"),
    ("clock", "records/loan/models.py", "opened = DateField(auto_now_add=True)"),
    ("clock", "outbound/channels/email.py", "from email.utils import make_msgid"),
    ("chance", "vault/seal.py", "import os\nnonce = os.urandom(12)"),
    ("chance", "vault/seal.py", "from secrets import token_bytes"),
    ("chance", "assurance/demo.py", "import random"),
    ("chance", "records/loan/models.py", "from uuid import uuid4\nid = F(default=uuid4)"),
    ("chance", "records/loan/models.py", "import uuid\nid = F(default=uuid.uuid4)"),
    ("chance", "vault/opening.py", "key = Ed25519PrivateKey.generate()"),
    ("chance", "vault/opening.py", "key = ed25519.Ed25519PrivateKey.generate()"),
    ("chance", "vault/seal.py", "key = AESGCM.generate_key(256)"),
    ("float", "core/money/amount.py", "half = 0.5"),
    ("float", "core/money/amount.py", "amount = float(text)"),
    ("float", "core/loan/cost.py", "amount = round(rate)"),
    ("hidden-import", "usecases/loan/draw.py", "import importlib\nimportlib.import_module('shouxin.vault.seal')"),
    ("hidden-import", "web/public/views.py", "from django.utils.module_loading import import_string"),
    ("hidden-import", "usecases/loan/draw.py", "__import__('shouxin.vault.seal')"),
    ("unfinished", "core/loan/cost.py", "x = 1  # " + "TODO: later"),
    ("unfinished", "core/loan/cost.py", '"""' + "FIXME" + '"""'),
    ("vague-name", "core/loan/utils.py", "x = 1"),
    ("vague-name", "outbound/helpers/email.py", "x = 1"),
    ("vague-name", "records/loan/managers.py", "x = 1"),
    ("length", "core/loan/account.py", "x = 1\n" * (MAX_LINES + 1)),
]

GOOD = [
    ("vault/log/append.py", "with connections['vault'].cursor() as cursor: pass"),
    ("records/loan/models.py", "Loan.objects.raw('select 1')"),
    ("outbound/channels/sms.py", "import socket\nimport http.client"),
    ("usecases/loan/draw.py", "from urllib.parse import quote"),
    ("usecases/loan/draw.py", "from http import HTTPStatus"),
    ("adapters/clock.py", "from datetime import datetime\nat = datetime.now(UTC)"),
    ("verify/__main__.py", "from datetime import datetime\nat = datetime.now(UTC)"),
    ("policy/table.py", "title = table.raw('title')"),
    ("site/databases.py", "with connection.cursor() as cursor: pass"),
    ("adapters/chance.py", "import secrets\nimport os\nx = os.urandom(8)"),
    ("adapters/chance.py", "key = Ed25519PrivateKey.generate()"),
    ("usecases/loan/draw.py", "at = lender.clock.now()"),
    ("usecases/loan/draw.py", "from datetime import datetime\nat = datetime.fromisoformat(text)"),
    ("vault/use.py", "import time\ntime.sleep(1)"),
    ("vault/use.py", "from uuid import UUID"),
    ("core/merkle/note.py", "signer = Signer.generate(name, seed)"),
    ("core/money/amount.py", "half = Fraction(1, 2) / 3"),
    ("core/money/amount.py", "amount = money.round(rate)"),
    ("book/close.py", "half = 0.5"),
    ("site/wiring.py", "import importlib\nimportlib.import_module(name)"),
    ("usecases/loan/draw.py", "from importlib.resources import files"),
    ("core/loan/cost.py", "METHOD_TO_DO = 'mastodon'"),
    ("records/loan/migrations/0001_initial.py", "x = 1\n" * (MAX_LINES + 1)),
    ("core/loan/account.py", "x = 1\n" * MAX_LINES),
]


@pytest.mark.parametrize(("rule", "path", "line"), BAD)
def test_it_finds_a_bad_line(rule, path, line):
    assert rule in _rules(line, path)


@pytest.mark.parametrize(("path", "line"), GOOD)
def test_it_leaves_a_good_line_alone(path, line):
    assert _rules(line, path) == []


def test_it_says_where_and_fails(tmp_path, capsys):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "rate.py").write_text("x = 1\nhalf = 0.5\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.startswith("core/rate.py:2: float: `0.5`")


def test_it_finds_nothing_in_this_project(capsys):
    assert (main([]), capsys.readouterr().out) == (0, "")
