"""The outsider's verifier: is this history whole, and did every use have what it needed?

It stands on ``shouxin.core`` alone and needs ``cryptography`` only.
"""

from shouxin.verify.check import verify
from shouxin.verify.verdict import NotVerified, Reason, Verified

__all__ = ["NotVerified", "Reason", "Verified", "verify"]
