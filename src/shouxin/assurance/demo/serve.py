"""The command `shouxin serve`: the pages of a lender, or of the demo's when there is none."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import DEFAULT_DATA_DIR, Answer, Call, Done, command
from shouxin.cli.output import NO, YES, Form, print_document, print_text

HOST = "127.0.0.1"
MARK = "demo.json"
"""A file of the data directory by which a demo lender is known again. It names folders beside it, and nobody."""
NOTES = {
    "messages": "(text messages arrive here: the codes for signing in)",
    "bank": "(where the demo's payments are made)",
}


@dataclass(frozen=True)
class Shop:
    """A demo lender that is open for visitors: where it is, and who may sign in how."""

    data_dir: Path
    signs_in: tuple[dict[str, str], ...]


@command(app, "serve", lender=False)
def serve(
    call: Call,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where the pages are.")] = 8000,
) -> Any:
    """Serve the pages, with a worker: of the lender in --data-dir, or of a demo lender whose story has just ended."""
    from shouxin.outbound.loopback.ports import is_free
    from shouxin.site import config as configuration
    from shouxin.site import serve as server
    from shouxin.site import worker
    from shouxin.site.doctor import examine
    from shouxin.site.wiring import set_up_django
    from shouxin.usecases.lender import BadInput, CannotNow

    if call.at:
        raise BadInput("pages are served in real time", where="--at")
    set_up_django()
    if not is_free(HOST, port):
        raise CannotNow("somebody listens there already; choose another with --port", where=str(port), code="port")
    with ExitStack() as open_for_now:
        if (call.data_dir / configuration.FILE).exists() and not (call.data_dir / MARK).exists():
            shop, addresses = Shop(call.data_dir, ()), dict[str, str]()
        else:
            shop, addresses = _demo(call, port, open_for_now)
        checks = examine(shop.data_dir)
        if not all(check["ok"] for check in checks):
            return Answer({"checks": checks}, NO)
        _announce(call, shop, {"pages": f"http://{HOST}:{port}/", "desk": f"http://{HOST}:{port}/desk", **addresses})
        open_for_now.enter_context(worker.beside(shop.data_dir))
        server.run(shop.data_dir, host=HOST, port=port)
    return Done(YES)


def _demo(call: Call, port: int, open_for_now: ExitStack) -> tuple[Shop, dict[str, str]]:
    """Tell the story in silence, unless it was told here, and open the other ends of its roads on this machine."""
    from shouxin.assurance.demo import opening

    url = f"http://{HOST}:{port}"
    if (call.data_dir / MARK).exists():
        return opening.reopen_shop(call.data_dir, url=url, open_for_now=open_for_now)
    data_dir = None if call.data_dir is DEFAULT_DATA_DIR else call.data_dir
    return opening.open_shop(data_dir, url=url, open_for_now=open_for_now)


def _announce(call: Call, shop: Shop, addresses: dict[str, str]) -> None:
    """Where to look and how to sign in: made-up people on this machine, so their secrets may be shown."""
    document = {"data_dir": str(shop.data_dir), "addresses": addresses, "sign_ins": list(shop.signs_in)}
    if call.form is not Form.PEOPLE:
        print_document(document, Form.JSON)
        return
    lines = [f"  {name:<10} {address}  {NOTES.get(name, '')}".rstrip() for name, address in addresses.items()]
    for one in shop.signs_in:
        lines += ["", f"  {one['who']}", *(f"    {key:<12} {value}" for key, value in one.items() if key != "who")]
    print_text("\n".join(["", *lines, "", f"  The lender is in {shop.data_dir}. Ctrl-C ends it.", ""]))
