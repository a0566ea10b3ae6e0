"""The verifiable log: bytes in, bytes out. It knows no purpose, no person and no clock.

Formats are fixed in ``docs/reference/formats.md``; hashing is RFC 6962 with SHA-256,
notes and checkpoints are C2SP's.
"""
