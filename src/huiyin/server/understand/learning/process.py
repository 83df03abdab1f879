"""The parent's end of the training process."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from typing import Any

from huiyin.server.foundation.jobs.errors import JobFailed
from huiyin.server.understand.learning import child
from huiyin.server.understand.learning.child import Done, Task

_LOOK = 0.5
"""Seconds between two looks whether to stop."""


def train_apart(task: Task, check: Callable[[], None]) -> Done:
    """Train in a process of its own; `check` is called twice a second and may raise to stop it.

    Raises:
        JobFailed: the process died (tried again), or what is read with cannot be loaded (permanent).
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=child.main, args=(theirs,), name="huiyin-training", daemon=True)
    process.start()
    theirs.close()
    try:
        ours.send(task)
        while not ours.poll(_LOOK):
            check()
        answer: tuple[Any, ...] = ours.recv()
    except (EOFError, OSError) as error:
        raise JobFailed("训练进程中断，会再试", "The training process ended and will be tried again", permanent=False) from error
    finally:
        ours.close()
        process.kill()
        process.join(5)
    if answer[0] == "refused":
        raise JobFailed(answer[1], answer[2])
    done: Done = answer[1]
    return done
