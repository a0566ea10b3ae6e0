"""The one way out: whatever leaves the house is rendered, handed over and written down here."""
