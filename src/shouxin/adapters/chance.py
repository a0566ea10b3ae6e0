"""Where unpredictable bytes come from, and their replayable stand-in."""

import hashlib
import os
import threading


class SystemChance:
    """The operating system's source: nobody can guess what it gives."""

    def token_bytes(self, count: int) -> bytes:
        """`count` unpredictable bytes."""
        return os.urandom(count)


class PredictableChance:
    """The same bytes for the same seed, in call order: for replay, demo and tests, never for real people.

    The stream is SHA-256(seed ‖ block number), block after block. Safe to share between threads,
    though the order in which threads ask then decides who gets which bytes.
    """

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._block = 0
        self._rest = b""
        self._lock = threading.Lock()

    def token_bytes(self, count: int) -> bytes:
        """The next `count` bytes of the stream."""
        with self._lock:
            while len(self._rest) < count:
                self._rest += hashlib.sha256(self._seed + self._block.to_bytes(8, "big")).digest()
                self._block += 1
            taken, self._rest = self._rest[:count], self._rest[count:]
            return taken
