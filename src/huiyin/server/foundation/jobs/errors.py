"""How a job ends other than by returning."""

from __future__ import annotations


class JobFailed(Exception):
    """A failure with words for a person. `permanent`: trying again would not help."""

    def __init__(self, message_zh: str, message_en: str, *, permanent: bool = True) -> None:
        super().__init__(message_en)
        self.message_zh, self.message_en, self.permanent = message_zh, message_en, permanent


class Cancelled(Exception):  # noqa: N818 - no error: a person wanted it
    """A person stopped the job."""


class Stopping(Exception):  # noqa: N818 - no error: the server goes down
    """The server is going down; the job goes back to the queue as it stands."""


class LeaseLost(Exception):  # noqa: N818 - no error of this worker
    """Another worker has taken the job over; what is in hand must not be committed."""
