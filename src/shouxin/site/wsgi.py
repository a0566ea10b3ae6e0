"""The WSGI application of one lender, the one in SHOUXIN_DATA_DIR: what granian, or any other server, is pointed at."""

from __future__ import annotations

import os
from pathlib import Path

from shouxin.site import wiring

lender = wiring.open_lender(Path(os.environ["SHOUXIN_DATA_DIR"]))

from django.core.handlers.wsgi import WSGIHandler

from shouxin.site import serving

serving.serve(lender)
application = WSGIHandler()
