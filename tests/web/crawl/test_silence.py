"""What a served lender says on stderr under hostile requests: nothing that came with them."""

from __future__ import annotations

import logging


def test_it_logs_no_path_host_or_traceback_of_djangos(site, lender, capfd):
    for path, more in (
        ("/13812345678", {}),
        ("/contact/abcd-2345-efgh", {}),
        ("/", {"HTTP_HOST": "evil.example"}),
        ("/look", {"HTTP_HOST": "13812345678.example"}),
    ):
        assert site().get(path, **more).status_code in (400, 404, 405)
    assert site().post("/look", {"text": "x" * 100_000}).status_code == 400
    said = "".join(capfd.readouterr())
    assert said == ""
    assert not logging.getLogger("django").propagate
