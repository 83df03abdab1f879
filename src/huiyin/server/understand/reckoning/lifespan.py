"""The thread that renews answers, started and stopped with the server."""

from collections.abc import Callable

from huiyin.server.foundation.live.events import subscribe
from huiyin.server.understand.reckoning import keeping

ORDER = 30
"""After the facts are open."""
_left: list[Callable[[], None]] = []


def start() -> None:
    """Renew in the background from now on; an erased customer's words leave what is kept at once."""
    keeping.KEPT.start()
    _left.append(subscribe("privacy", lambda _topic, _data: keeping.KEPT.forget()))


def stop() -> None:
    """Finish what is being renewed and forget everything."""
    while _left:
        _left.pop()()
    keeping.KEPT.stop()
