"""A connection to a broker (AMQP 0-9-1, RabbitMQ). Goes to the address that was checked, under the name that was asked for."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from amqp import exceptions as amqp
from kombu import Connection
from kombu.exceptions import OperationalError

from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.outgoing import TIMEOUT, checked_address

HEARTBEAT = 20
PORTS = {"tls": 5671, "none": 5672}
BROKEN: tuple[type[Exception], ...] = (amqp.AMQPError, OperationalError, OSError)
"""What a broken connection raises."""


@contextmanager
def open_broker(config: Mapping[str, Any], password: str) -> Iterator[Connection]:
    """A connection that is made.

    Raises:
        SourceRefused: not reachable, not let in, no such queue. No password stands in the messages.
    """
    host, port = str(config["host"]), int(config["port"])
    # An encrypted way is checked against the name; the connection itself goes to the address that was looked at.
    context = {"server_hostname": host, "context": ssl.create_default_context()} if config["tls"] == "tls" else False
    connection = Connection(
        hostname=checked_address(host, port),
        port=port,
        userid=str(config["user"]),
        password=password,
        virtual_host=str(config["vhost"]),
        transport="pyamqp",
        ssl=context,
        heartbeat=HEARTBEAT,
        connect_timeout=TIMEOUT,
        # By itself it would try without end.
        transport_options={"max_retries": 0},
    )
    try:
        with refusals(config):
            connection.connect()
            yield connection
    finally:
        with suppress(Exception):
            connection.release()


@contextmanager
def refusals(config: Mapping[str, Any]) -> Iterator[None]:
    """What a broker says, in words."""
    host = str(config["host"])
    try:
        yield
    except amqp.AccessRefused as error:
        if error.code == 403 and "queue" in str(error).lower():
            raise SourceRefused("这个用户不许读这个队列", "The user may not read this queue", "user") from None
        raise SourceRefused("登不进去：检查用户名和密码", "Sign-in was refused: check user and password", "user") from None
    except amqp.NotAllowed:
        raise SourceRefused(f"没有虚拟主机「{config['vhost']}」，或不许进", f"No virtual host '{config['vhost']}', or no access", "vhost") from None
    except amqp.NotFound:
        raise SourceRefused(f"没有队列「{config['queue']}」", f"There is no queue '{config['queue']}'", "queue") from None
    except amqp.ResourceLocked:
        raise SourceRefused("别的连接独占着这个队列", "Another connection holds this queue for itself", "queue", passing=True) from None
    except ssl.SSLError as error:
        raise SourceRefused(f"{host} 的证书不可信：{error.reason}", f"The certificate of {host} is not trusted: {error.reason}", "host") from None
    except BROKEN as error:
        kind = type(error).__name__
        raise SourceRefused(f"{host} 没有应答（{kind}）", f"{host} does not answer ({kind})", "host", passing=True) from None
