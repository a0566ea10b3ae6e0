"""Offers, loans and their events."""
