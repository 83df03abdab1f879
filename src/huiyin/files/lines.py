"""Physical lines of a text of any length, none of which can grow memory without bound."""

import codecs
import io
from collections import deque
from collections.abc import Iterator

from huiyin.files.encoding import ERRORS
from huiyin.files.streams import BLOCK, Handle

LINE_ENDS = ("\n", "\r")


class RecordTooLarge(Exception):
    """The record being read has passed the limit; call `skip_record` to go on behind it."""


class Lines(Iterator[str]):
    """Feeds lines, line ends kept, to a record parser and remembers those of the record at hand.

    A record may span lines (line breaks inside quotes), so only the parser knows where one
    ends; it says so with `start_record`. What has been fed since then can be looked at in
    `record`, or pushed back when the record turns out to be a mistake.
    """

    def __init__(self, handle: Handle, encoding: str, record_chars: int) -> None:
        self._handle = handle
        self._decoder = codecs.getincrementaldecoder(encoding)(ERRORS)
        self._limit = record_chars
        self._pending: deque[str] = deque()
        self._carry: list[str] = []
        self._carry_size = 0
        self._drained = False
        self.record: list[str] = []
        self._record_size = 0
        self.ended = False
        self.chars_read = 0

    def __next__(self) -> str:
        pending = self._pending
        while not pending:
            if not self._fill():
                self.ended = True
                raise StopIteration
        line = pending.popleft()
        self._record_size += len(line)
        self.record.append(line)
        if self._record_size > self._limit:
            raise RecordTooLarge
        return line

    @property
    def waiting(self) -> bool:
        """Whether lines are at hand that have been read and not been fed."""
        return bool(self._pending)

    def take_block(self) -> list[str]:
        """The lines of the next block at once, none at the end of the text."""
        while not self._pending:
            if not self._fill():
                return []
        block = list(self._pending)
        self._pending.clear()
        return block

    def start_record(self) -> None:
        """Say that a record begins here."""
        self.record = []
        self._record_size = 0

    def push_back(self, lines: list[str]) -> None:
        """Feed these lines again before anything else."""
        self._pending.extendleft(reversed(lines))
        self.ended = False

    def skip_record(self, quote: str | None) -> None:
        """Drop the rest of the record at hand, up to the first line end outside quotes."""
        quotes = sum(line.count(quote) for line in self.record) if quote else 0
        unfinished = bool(self.record) and not self.record[-1].endswith(LINE_ENDS)
        while unfinished or quotes % 2:
            if not self._pending:
                if not self._fill():
                    return
                continue
            line = self._pending.popleft()
            quotes += line.count(quote) if quote else 0
            unfinished = not line.endswith(LINE_ENDS)

    def _fill(self) -> bool:
        """Read one block and split it; an unfinished last line waits for the next block.

        A line beyond the limit is handed on in pieces instead: the record it belongs to is
        going to be skipped anyway.
        """
        if self._drained:
            return False
        data = self._handle.stream.read(BLOCK)
        self._drained = not data
        text = self._decoder.decode(data, final=self._drained)
        if not self.chars_read:
            text = text.removeprefix("\ufeff")
        self.chars_read += len(text)
        self._carry.append(text)
        self._carry_size += len(text)
        whole = "\n" in text or "\r" in text or self._drained
        if not whole and self._carry_size <= self._limit:
            return True
        lines = split_lines("".join(self._carry))
        self._carry, self._carry_size = [], 0
        # A line end "\r" may be the first half of "\r\n", so it waits as well.
        unfinished = bool(lines) and not self._drained and not lines[-1].endswith("\n")
        if unfinished and len(lines[-1]) <= self._limit:
            self._carry = [lines.pop()]
            self._carry_size = len(self._carry[0])
        self._pending.extend(lines)
        return bool(lines) or not self._drained


def split_lines(text: str) -> list[str]:
    """Split at \\n, \\r\\n and \\r only: str.splitlines would split at U+2028 and others too."""
    return io.StringIO(text, newline="").readlines()
