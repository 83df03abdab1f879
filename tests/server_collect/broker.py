"""A real broker (Debian's RabbitMQ) on free ports of 127.0.0.1, a node that is thrown away, with a folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from kombu import Connection

from tests.ports import free_ports

_PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"
_UP_WITHIN = 120


class Broker:
    """A node that can be stopped and started again; its queues outlive that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self._between, self._names = free_ports(3)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run it until it lets somebody in."""
        own = {
            "HOME": str(self.folder),
            "PATH": "/usr/lib/rabbitmq/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "RABBITMQ_NODENAME": f"huiyin-{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self._between),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            # Its own list of names, so that a broker of this machine is not disturbed.
            "ERL_EPMD_PORT": str(self._names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "LANG": "C.UTF-8",
        }
        # The Erlang machine does its work under the user of the package where we are root.
        user: dict[str, Any] = {"user": "rabbitmq", "group": "rabbitmq", "extra_groups": []} if os.getuid() == 0 else {}
        with open(self.folder / "out", "ab") as out:
            self._process = subprocess.Popen([_PROGRAM], env=own, cwd=self.folder, stdout=out, stderr=out, start_new_session=True, **user)
        end = monotonic() + _UP_WITHIN
        while monotonic() < end:
            assert self._process.poll() is None, (self.folder / "out").read_text()[-2000:]
            with suppress(OSError), self.connection() as connection:
                connection.connect()
                return
            sleep(0.2)
        raise AssertionError((self.folder / "out").read_text()[-2000:])

    def stop(self) -> None:
        """End it, with everything it started."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(60)
            self._process = None

    def end_names(self) -> None:
        """End the list of names, which outlives the node."""
        subprocess.run(["epmd", "-kill"], env={**os.environ, "ERL_EPMD_PORT": str(self._names)}, capture_output=True, check=False, timeout=30)

    def connection(self) -> Connection:
        """As an administrator; what is sent is confirmed, so that it can be counted at once."""
        return Connection(
            f"amqp://guest:guest@127.0.0.1:{self.port}//", connect_timeout=5, transport_options={"max_retries": 0, "confirm_publish": True}
        )

    def declare(self, queue: str) -> None:
        """A queue that outlives restarts."""
        with self.connection() as connection, connection.channel() as channel:
            channel.queue_declare(queue, durable=True, auto_delete=False)

    def delete(self, queue: str) -> None:
        """Do away with a queue."""
        with self.connection() as connection, connection.channel() as channel:
            channel.queue_delete(queue)

    def put(self, queue: str, messages: Sequence[Any], **properties: Any) -> None:
        """Messages, as JSON unless they are bytes; they outlive restarts."""
        with self.connection() as connection:
            producer = connection.Producer()
            for one in messages:
                body = one if isinstance(one, bytes) else json.dumps(one, ensure_ascii=False).encode()
                producer.publish(body, routing_key=queue, content_type="application/json", content_encoding="binary", delivery_mode=2, **properties)

    def waiting(self, queue: str) -> int:
        """How many messages the queue holds that nobody has taken."""
        with self.connection() as connection, connection.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)


@contextmanager
def broker() -> Iterator[Broker]:
    """A broker while the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="huiyin-mq-"))
    (folder / "plugins").write_text("[].")
    if os.getuid() == 0:
        for path in (folder, folder / "plugins"):
            shutil.chown(path, "rabbitmq", "rabbitmq")
    running = Broker(folder)
    try:
        running.start()
        yield running
    finally:
        running.stop()
        running.end_names()
        shutil.rmtree(folder, ignore_errors=True)
