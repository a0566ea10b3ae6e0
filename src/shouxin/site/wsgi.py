"""The WSGI application of one lender, the one in SHOUXIN_DATA_DIR: what granian, or any other server, is pointed at."""

from __future__ import annotations

import gc
import os
from pathlib import Path

from shouxin.site import wiring

OBJECTS_BETWEEN_LOOKS = 20_000
lender = wiring.open_lender(Path(os.environ["SHOUXIN_DATA_DIR"]))

from django.core.handlers.wsgi import WSGIHandler

from shouxin.site import serving

serving.serve(lender)
application = WSGIHandler()

# What was loaded until now stays: the collector need not go through it again with every few requests. And a page makes
# thousands of objects that end with it, in no cycle: looking for cycles several times a page took a tenth of its time.
gc.collect()
gc.freeze()
gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
