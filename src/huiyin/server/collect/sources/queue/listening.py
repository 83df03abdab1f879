"""Reading queues without end: take a handful, keep it, and only then tell the broker that it may forget it.

Killed between keeping and telling, the broker sends the handful again and the inbox knows it. A message that cannot be used is kept among
the rejects and confirmed, so that it never blocks those behind it. A broken connection is made again after 1, 2, 4 … 60 seconds.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from time import monotonic
from typing import Any, Protocol

from django.db import DatabaseError, DataError, close_old_connections, connection
from django.db.models import F, Q
from django.utils import timezone
from kombu import Consumer
from kombu import Queue as BrokerQueue

from huiyin.server.collect.feedback.services import Entry, Receipt, take
from huiyin.server.collect.sources.adapter import SourceRefused
from huiyin.server.collect.sources.entries import rejected
from huiyin.server.collect.sources.models import Source, SourceRun
from huiyin.server.collect.sources.queue.adapter import entries_of, password_of
from huiyin.server.collect.sources.queue.broker import open_broker
from huiyin.server.foundation.live.events import publish, subscribe
from huiyin.server.foundation.writing import state_write

_LOG = logging.getLogger(__name__)
_COMPANY = 0.05
"""Seconds that a message waits for others to be kept with it."""
_PATIENCE = 0.5
_FAREWELL = 5.0
_LONGEST_WAIT = 60.0
_SWEEP = 5.0
_SIGN = 60.0
_DEAD_AFTER = timedelta(minutes=3)
"""A session on another server that gave no sign for so long is over."""


class Stopping(Protocol):
    """What says that it is over: an event."""

    def is_set(self) -> bool:
        """Whether it is over."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait so long, unless it is over before."""
        ...


def listen(number: int, stopping: Stopping) -> None:
    """Read the queue of a source until told to stop, through broken connections and restarts of the broker."""
    wait = 1.0
    while not stopping.is_set():
        source = Source.objects.filter(pk=number, kind="queue", enabled=True).first()
        if source is None:
            return
        session = Session(source)
        try:
            session.read(stopping)
        except SourceRefused as refused:
            session.end(SourceRun.State.FAILED, {"zh": f"{refused.message_zh}；会自动再连", "en": f"{refused.message_en}; it reconnects by itself"})
        except DatabaseError:
            # Ours is away: the thread ends, and whoever keeps the threads begins anew with a fresh connection.
            raise
        except Exception as error:
            _LOG.exception("queue of source %s", number)
            said = type(error).__name__
            session.end(SourceRun.State.FAILED, {"zh": f"出错了：{said}", "en": f"It failed: {said}"})
        else:
            session.end(SourceRun.State.DONE)
            return
        wait = 1.0 if session.kept else min(wait * 2, _LONGEST_WAIT)
        stopping.wait(wait)


class Session:
    """One connection, and the run that tells of it."""

    def __init__(self, source: Source) -> None:
        self.source, self.run, self.kept = source, _run_of(source), 0
        self._signed = 0.0

    def read(self, stopping: Stopping) -> None:
        """Take messages until told to stop.

        Raises:
            SourceRefused: the connection could not be made, or broke.
        """
        config = self.source.config
        with open_broker(config, password_of(self.source)) as broker, broker.channel() as channel:
            # Passive: a queue that is not there is not made by us.
            channel.queue_declare(config["queue"], passive=True)
            self._begun()
            handful: list[Any] = []
            queue = BrokerQueue(config["queue"], no_declare=True, channel=channel)
            consumer = Consumer(channel, [queue], on_message=handful.append, prefetch_count=config["prefetch"], auto_declare=False)
            with consumer:
                while not stopping.is_set():
                    self._sign()
                    try:
                        broker.drain_events(timeout=_COMPANY if handful else _PATIENCE)
                        full = len(handful) >= config["prefetch"]
                    except TimeoutError:
                        full = True
                        broker.heartbeat_check()
                    if handful and full:
                        self._keep(handful)
                        # Confirms everything up to the last.
                        channel.basic_ack(handful[-1].delivery_tag, multiple=True)
                        handful.clear()

    def end(self, state: Any, error: dict[str, str] | None = None) -> None:
        """Say how it ended."""
        now = timezone.now()
        with state_write():
            SourceRun.objects.filter(pk=self.run.pk).update(state=state, error=error, finished_at=now)
            Source.objects.filter(pk=self.source.pk).update(last_run_at=now)
            publish(f"sources.{self.source.pk}", {"run": self.run.pk, "state": state})

    def _sign(self) -> None:
        """Leave a sign of life now and then: `finished_at` of what still runs."""
        if monotonic() - self._signed > _SIGN:
            self._signed = monotonic()
            with state_write():
                SourceRun.objects.filter(pk=self.run.pk).update(finished_at=timezone.now())

    def _begun(self) -> None:
        with state_write():
            SourceRun.objects.filter(pk=self.run.pk).update(state=SourceRun.State.RUNNING, error=None, finished_at=None)
            publish(f"sources.{self.source.pk}", {"run": self.run.pk})

    def _keep(self, handful: Sequence[Any]) -> None:
        entries = [entry for message in handful for entry in entries_of(self.source, message)]
        try:
            self._take(entries)
        except (DataError, ValueError):
            # One of them is beyond what the database takes: find it, list it, keep the others.
            for entry in entries:
                try:
                    self._take([entry])
                except (DataError, ValueError) as error:
                    self._take([rejected("{}", "unkeepable", f"存不下（{type(error).__name__}）", entry.external_id)])
        self.kept += len(entries)

    def _take(self, entries: Sequence[Entry]) -> list[Receipt]:
        with state_write():
            receipts = take(self.source.pk, entries, self.run.pk)
            counts = Counter(one.status for one in receipts)
            counted: dict[str, Any] = {name: F(name) + counts[name] for name in ("created", "changed", "same", "rejected") if counts[name]}
            SourceRun.objects.filter(pk=self.run.pk).update(read=F("read") + len(receipts), **counted)
            publish(f"sources.{self.source.pk}", {"run": self.run.pk})
        return receipts


def _run_of(source: Source) -> SourceRun:
    """The run to write to. One that never kept anything goes on, so that a broker that stays away makes no list of failures."""
    left = SourceRun.objects.filter(source=source, state=SourceRun.State.RUNNING)
    if connection.vendor != "sqlite":
        # There may be other servers, each with a session of its own.
        left = left.filter(Q(finished_at__lt=timezone.now() - _DEAD_AFTER) | Q(finished_at=None, started_at__lt=timezone.now() - _DEAD_AFTER))
    with state_write():
        # What a killed server left open.
        left.update(state=SourceRun.State.CANCELLED, finished_at=timezone.now())
        last = SourceRun.objects.filter(source=source).exclude(state=SourceRun.State.RUNNING).order_by("-pk").first()
        if last is not None and not last.read and last.state != SourceRun.State.DONE:
            return last
        return SourceRun.objects.create(source=source, state=SourceRun.State.WAITING)


class Listeners:
    """A thread for each queue that is on; started, stopped and begun anew as sources are made, switched and changed."""

    def __init__(self) -> None:
        self._stopping, self._wake = threading.Event(), threading.Event()
        self._threads: dict[int, tuple[str, threading.Event, threading.Thread]] = {}
        self._watch = threading.Thread(target=self._keep_up, name="queues", daemon=True)
        self._leave = subscribe("sources", lambda topic, data: self._wake.set() if data.get("made") or data.get("changed") else None)

    def start(self) -> None:
        """Begin."""
        self._watch.start()

    def stop(self, patience: float = 2 * _FAREWELL) -> None:
        """Let each keep what it holds, and end."""
        self._leave()
        self._stopping.set()
        self._wake.set()
        self._watch.join(patience)

    def _keep_up(self) -> None:
        while not self._stopping.is_set():
            try:
                self._settle()
            except Exception:
                _LOG.exception("queues")
                close_old_connections()
            self._wake.wait(_SWEEP)
            self._wake.clear()
        for _mark, stopping, _thread in self._threads.values():
            stopping.set()
        # One that is just knocking at a broker that does not answer is not waited for: it holds nothing that could be lost.
        end = monotonic() + _FAREWELL
        for _mark, _stopping, thread in self._threads.values():
            thread.join(max(0.0, end - monotonic()))
        connection.close()

    def _settle(self) -> None:
        wanted = {one.pk: f"{one.config} {one.sealed}" for one in Source.objects.filter(kind="queue", enabled=True)}
        for number, (mark, stopping, thread) in list(self._threads.items()):
            if wanted.get(number) != mark or not thread.is_alive():
                stopping.set()
                thread.join(_FAREWELL)
                self._threads.pop(number)
        for number, mark in wanted.items():
            if number not in self._threads:
                stopping = threading.Event()
                thread = threading.Thread(target=_listen_alone, args=(number, stopping), name=f"queue-{number}", daemon=True)
                self._threads[number] = (mark, stopping, thread)
                thread.start()


def _listen_alone(number: int, stopping: threading.Event) -> None:
    try:
        listen(number, stopping)
    except Exception:
        _LOG.exception("queue of source %s", number)
    finally:
        connection.close()
