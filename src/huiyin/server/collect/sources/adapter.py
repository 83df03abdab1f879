"""What every kind of source offers, and what it is given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from huiyin.server.collect.feedback.services import Entry

if TYPE_CHECKING:
    from huiyin.server.collect.feedback.models import Inbox
    from huiyin.server.collect.sources.models import Source, SourceRun


class SourceRefused(Exception):
    """Settings that cannot work, or a counterpart that does not answer as it should. No secret stands in the messages."""

    def __init__(self, message_zh: str, message_en: str, field: str = "", *, passing: bool = False) -> None:
        super().__init__(message_en)
        self.message_zh, self.message_en, self.field = message_zh, message_en, field
        self.passing = passing
        """Whether trying again later may help."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the set-up form. `secret` values are sealed and never shown again."""

    name: str
    label: Any
    kind: str = "text"
    """text, secret, number, lines (a long text), choice, yes."""
    required: bool = False
    help: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    default: Any = ""
    when: tuple[str, Sequence[str]] | None = None
    """A choice and those of its values for which the field matters; for others the browser hides it."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """A step of a run: entries to keep, and where to go on from once they are kept."""

    entries: Sequence[Entry]
    cursor: Any = None
    done: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a test found, in both languages."""

    message_zh: str
    message_en: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the page of a voice shows beside the words. The template finds `values` under the name `beside`."""

    template: str
    values: Mapping[str, Any]


class Adapter:
    """A kind of source. Subclasses stand in a folder each and fill in what they can."""

    kind = ""
    name: Any = ""
    about: Any = ""
    settings: tuple[Setting, ...] = ()
    pulls = False
    """Whether it fetches by schedule."""
    previews = False
    """Whether there is something to look at beforehand though it is not fetched by schedule."""
    bulk = False
    """Whether a run brings many old records, so that what a person waits for is read first."""

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The settings as they are kept.

        Raises:
            SourceRefused: they cannot work; `field` names the one at fault.
        """
        return dict(config)

    def test(self, source: Source) -> Trial:
        """Try the set-up without taking anything in.

        Raises:
            SourceRefused: with what is wrong.
        """
        return Trial("设置可用", "The settings are usable")

    def preview(self, source: Source, most: int = 5) -> list[dict[str, Any]]:
        """The first records as they would be taken in, with nothing kept."""
        return []

    def run(self, source: Source, run: SourceRun, cursor: Any) -> Iterator[Pulled]:
        """Fetch from `cursor` on. What is yielded is committed with its cursor before the next step is asked for."""
        raise SourceRefused("这种来源不能主动抓取", "This kind of source is not fetched")

    def map(self, source: Source, raw: str) -> list[Entry]:
        """Make entries of a kept payload again, after the mapping was changed."""
        return []

    def beside(self, row: Inbox) -> Sequence[Beside]:
        """What more there is to show of a voice, such as photos. Whoever asks may see the voice; personal data are masked in it."""
        return ()
