"""What ties a wrapped epoch key to its lender and number, for the roots that can check it."""

from hashlib import sha256


def bound(origin: str, epoch: int) -> bytes:
    """Associated data of an epoch's key."""
    return f"shouxin-epoch/v1|{origin}|{epoch}".encode()


def tag(origin: str) -> str:
    """Eight hex digits by which two lenders tell their keys apart where both keep them."""
    return sha256(origin.encode()).hexdigest()[:8]
