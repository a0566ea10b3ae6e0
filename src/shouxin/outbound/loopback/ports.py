"""Whether a port of this machine is free."""

import socket


def is_free(host: str, port: int) -> bool:
    """Can somebody listen there now? A server that shares a port silently would answer for two lenders in turn."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            return False
    return True
