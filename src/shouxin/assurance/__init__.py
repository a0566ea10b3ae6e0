"""Drives the whole product from outside: forgeries, worlds, drills."""
