"""Writes of what people decide and say about a problem beside what it is: pins, waiting, its words, comments, links, followers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from huiyin.insight.problems import Definition
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.live.events import publish
from huiyin.server.foundation.people.models import User
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.problems.models import Mention, ProblemComment, ProblemFollow, ProblemLink, ProblemNote, ProblemView
from huiyin.server.prioritise.problems.register import name_of, register
from huiyin.server.prioritise.problems.services import living

_LINKS = 40
_SCHEME = re.compile(r"https?\Z")


class Refused(ValueError):
    """What cannot be done, told by a code of `errors.said`."""


def problem_pin(user: Any, problem_id: str, pinned: bool) -> None:
    """Put a problem on top of everybody's list, or no longer."""
    with state_write():
        one, note = _noted(problem_id)
        before, note.pinned = note.pinned, pinned
        note.save()
        if before != pinned:
            _recorded("problem.pinned" if pinned else "problem.unpinned", one, user)


def problem_snooze(user: Any, problem_id: str, until: date, reason: str) -> None:
    """Let a problem wait until the end of a day; it wakes by itself.

    Raises:
        Refused: the day is past, or no reason is given.
    """
    if until < timezone.localdate():
        raise Refused("past_day")
    if not reason.strip():
        raise Refused("no_reason")
    with state_write():
        one, note = _noted(problem_id)
        note.snoozed_until, note.snooze_reason = until, reason.strip()
        note.save()
        _recorded("problem.snoozed", one, user, {"until": until.isoformat(), "reason": note.snooze_reason})


def problem_wake(user: Any, problem_id: str) -> None:
    """Let it wait no longer."""
    with state_write():
        one, note = _noted(problem_id)
        was = note.snoozed_until
        note.snoozed_until, note.snooze_reason = None, ""
        note.save()
        if was is not None:
            _recorded("problem.woken", one, user)


def snoozes_end() -> int:
    """Record of every problem whose last day of waiting is over that it stands in the list again; gives how many."""
    over = ProblemNote.objects.filter(snoozed_until__lt=timezone.localdate())
    count = 0
    for problem_id in list(over.values_list("problem_id", flat=True)):
        with state_write():
            note = over.select_for_update().filter(problem_id=problem_id).first()
            if note is None:
                continue
            told = {"until": note.snoozed_until, "reason": note.snooze_reason}
            note.snoozed_until, note.snooze_reason = None, ""
            note.save(update_fields=["snoozed_until", "snooze_reason"])
            # Of a problem that went into another nobody reads any more.
            if one := register().problems.get(problem_id):
                _recorded("problem.snooze_ended", one, None, told)
                count += 1
    return count


def problem_define(user: Any, problem_id: str, text: str, include: str, exclude: str) -> None:
    """Say in words what it is, what belongs to it and what does not; nothing at all gives the taxonomy's words back."""
    with state_write():
        one, note = _noted(problem_id)
        before = {"definition": note.definition, "include": note.include, "exclude": note.exclude}
        note.definition, note.include, note.exclude = text.strip(), include.strip(), exclude.strip()
        note.save()
        after = {"definition": note.definition, "include": note.include, "exclude": note.exclude}
        changed = {name for name in after if before[name] != after[name]}
        if changed:
            record(
                "problem.defined",
                one.problem_id,
                actor=user,
                object_type="problem",
                object_name=name_of(one),
                before={name: before[name] for name in sorted(changed)},
                after={name: after[name] for name in sorted(changed)},
            )
            publish("problems", {"problem": one.problem_id})


def problem_comment(user: Any, problem_id: str, text: str) -> ProblemComment:
    """Say something to colleagues; those named with @ are told, the author follows from now on.

    Raises:
        Refused: nothing is said.
    """
    said = text.strip()[:4000]
    if not said:
        raise Refused("nothing_said")
    with state_write():
        one = living(problem_id)
        made = ProblemComment.objects.create(problem_id=one.problem_id, author=user, text=said, at=timezone.now())
        named = named_in(said)
        Mention.objects.bulk_create([Mention(comment=made, user=person) for person in named if person.pk != user.pk])
        ProblemFollow.objects.get_or_create(problem_id=one.problem_id, user=user)
        _recorded("problem.commented", one, user, {"named": [str(person) for person in named]} if named else None)
    return made


def named_in(text: str) -> Sequence[User]:
    """Active people named with @ in a text; of names that begin alike the longest counts."""
    people = sorted(User.objects.filter(is_active=True), key=lambda one: (-len(one.display_name), one.pk))
    found, left = [], text
    for one in people:
        if one.display_name and f"@{one.display_name}" in left:
            found.append(one)
            if not any(other.display_name == one.display_name and other.pk != one.pk for other in people):
                left = left.replace(f"@{one.display_name}", " ")
    return found


def mentions_see(user: Any, problem_id: str) -> None:
    """The person has seen what was said to her there."""
    open_ones = Mention.objects.filter(user=user, seen_at=None, comment__problem_id=problem_id)
    if open_ones.exists():
        with state_write():
            open_ones.update(seen_at=timezone.now())


def link_add(user: Any, problem_id: str, title: str, url: str) -> ProblemLink:
    """Put an address beside a problem.

    Raises:
        Refused: it is no http or https address, has no title, or there are too many.
    """
    address, named = url.strip(), title.strip()[:200]
    try:
        parts = urlsplit(address)
        fine = bool(_SCHEME.match(parts.scheme.lower()) and parts.hostname) and not parts.username and not parts.password
    except ValueError:
        fine = False
    if not fine or len(address) > 1000 or any(sign.isspace() or ord(sign) < 32 for sign in address):
        raise Refused("no_address")
    if not named:
        raise Refused("no_title")
    with state_write():
        one = living(problem_id)
        if ProblemLink.objects.filter(problem_id=one.problem_id).count() >= _LINKS:
            raise Refused("too_many_links")
        made = ProblemLink.objects.create(problem_id=one.problem_id, title=named, url=address, author=user, at=timezone.now())
        _recorded("problem.linked", one, user, {"title": named, "url": address})
    return made


def link_remove(user: Any, problem_id: str, number: int) -> None:
    """Take an address away again."""
    with state_write():
        one = living(problem_id)
        link = ProblemLink.objects.filter(pk=number, problem_id=one.problem_id).first()
        if link is not None:
            _recorded("problem.unlinked", one, user, {"title": link.title, "url": link.url})
            link.delete()


def problem_follow(user: Any, problem_id: str, follows: bool) -> None:
    """Hear of a problem, or no longer."""
    with state_write():
        one = living(problem_id)
        if follows:
            _row, made = ProblemFollow.objects.get_or_create(problem_id=one.problem_id, user=user)
            changed = made
        else:
            changed = bool(ProblemFollow.objects.filter(problem_id=one.problem_id, user=user).delete()[0])
        if changed:
            _recorded("problem.followed" if follows else "problem.unfollowed", one, user)


def problem_seen(user: Any, problem_id: str) -> None:
    """Somebody looked at it today. No audit row: looking changes nothing, and only counts of people are ever shown."""
    day = timezone.localdate()
    if not ProblemView.objects.filter(problem_id=problem_id, user=user, day=day).exists():
        with state_write():
            ProblemView.objects.get_or_create(problem_id=problem_id, user=user, day=day)


def _noted(problem_id: str) -> tuple[Definition, ProblemNote]:
    one = living(problem_id)
    note, _made = ProblemNote.objects.select_for_update().get_or_create(problem_id=one.problem_id)
    return one, note


def _recorded(verb: str, one: Definition, user: Any, after: dict[str, Any] | None = None) -> None:
    record(verb, one.problem_id, actor=user, object_type="problem", object_name=name_of(one), after=after)
    publish("problems", {"problem": one.problem_id})
