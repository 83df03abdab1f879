"""Streams are taken while the server runs."""

from huiyin.server.foundation.live import hub

ORDER = 90


def start() -> None:
    """Take streams."""
    hub.reopen()


def stop() -> None:
    """End them."""
    hub.close()
