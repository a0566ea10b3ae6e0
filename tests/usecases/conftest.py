"""Use cases import tables, so Django must be set up before they are."""

from shouxin.site.wiring import set_up_django

set_up_django()
