"""Screens of checking."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huiyin.server.understand.explorer import names
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.review.models import Answer, ReviewItem
from huiyin.server.understand.review.selectors import answered_today, disputed_for, disputed_seen, figures, waiting_for
from huiyin.server.understand.review.services import ReviewRefused, answer, skip, undo
from huiyin.server.understand.review.showing import Shown, next_shown, shown
from huiyin.server.web.fragments import go_to, render_screen, with_toast
from huiyin.server.web.rights import needs
from huiyin.text import load_taxonomy


def aspect_choices() -> list[tuple[str, str, str]]:
    """(path, name, what letters find it: both names and the path) of every leaf."""
    pack = load_taxonomy(reading_setup().taxonomy)
    language = "en" if get_language() == "en" else "zh"
    themes = {theme.path: theme.name for theme in pack.themes}
    found = []
    for one in pack.aspects:
        above = themes.get(one.path.rsplit("/", 1)[0], {})
        label = f"{above[language]} / {one.name[language]}" if above else one.name[language]
        found.append((one.path, label, " ".join([*above.values(), *one.name.values(), one.path]).lower()))
    return found


@require_GET
@needs("voices.correct")
def queue(request: HttpRequest) -> HttpResponse:
    """The next opinion to check."""
    return _next(request)


@require_http_methods(["GET", "POST"])
@needs("voices.correct")
def one(request: HttpRequest, item_id: int) -> HttpResponse:
    """One opinion again (after an undo), and the answer to it."""
    item = get_object_or_404(ReviewItem, pk=item_id)
    seen = shown(item, request.user)
    if seen is None:
        raise Http404
    if request.method == "GET":
        return _screen(request, seen)
    given = request.POST.get("answer", "same")
    aspect = request.POST.get("aspect", item.read_aspect)
    known = {path for path, *_rest in aspect_choices()} | {"", item.read_aspect}
    if given not in ("same", "-1", "0", "1", "none") or aspect not in known:
        return _screen(request, seen, _("这一项没选对"), 422)
    polarity = None if given == "none" else item.read_polarity if given == "same" else int(given)
    try:
        answer(request.user, item, polarity, aspect)
    except ReviewRefused:
        return with_toast(_next(request), _("别人刚答过这一条"))
    return _next(request)


@require_POST
@needs("voices.correct")
def skip_one(request: HttpRequest, item_id: int) -> HttpResponse:
    """Leave it to others."""
    skip(request.user, get_object_or_404(ReviewItem, pk=item_id))
    return _next(request)


@require_POST
@needs("voices.correct")
def undo_last(request: HttpRequest) -> HttpResponse:
    """Back to the last answer."""
    item = undo(request.user)
    if item is None:
        return with_toast(_next(request), _("没有可以撤回的"))
    return go_to(request, reverse("review:one", args=[item.pk]), toast=_("已撤回"))


@require_GET
@needs("voices.correct")
def figures_page(request: HttpRequest) -> HttpResponse:
    """How often the machine is right, and how far people agree."""
    return render_screen(request, "review/figures.html", {"figures": figures(), "disputes": len(disputed_seen(request.user))})


@require_GET
@needs("voices.correct")
def disputes(request: HttpRequest) -> HttpResponse:
    """What two people answered differently, for a third to settle."""
    found = [(seen, _sides(seen.item)) for item in disputed_seen(request.user)[:30] if (seen := shown(item, request.user))]
    return render_screen(request, "review/disputes.html", {"disputes": found})


@require_POST
@needs("voices.correct")
def settle(request: HttpRequest, item_id: int) -> HttpResponse:
    """A third person decides for the first or the second answer."""
    item = get_object_or_404(disputed_for(request.user), pk=item_id)
    if shown(item, request.user) is None:
        raise Http404
    sides = {str(one.turn): one for one in item.answers.all()}
    chosen = sides.get(request.POST.get("turn", ""))
    if chosen is None:
        return go_to(request, "review:disputes", toast=_("这一项没选对"))
    try:
        answer(request.user, item, chosen.polarity if chosen.kind != Answer.Kind.REMOVED else None, chosen.aspect)
    except ReviewRefused:
        return go_to(request, "review:disputes", toast=_("别人刚答过这一条"))
    return go_to(request, "review:disputes", toast=_("已裁定"))


def _sides(item: ReviewItem) -> list[dict[str, Any]]:
    """The two answers in words; the names of who gave them are not told."""
    return [
        {
            "turn": one.turn,
            "removed": one.kind == Answer.Kind.REMOVED,
            "polarity": names.POLARITY.get(one.polarity) if one.polarity is not None else "",
            "sign": names.SIGN.get(one.polarity, ""),
            "side": names.SIDE.get(one.polarity, ""),
            "aspect": names.aspect_name(one.aspect),
        }
        for one in sorted(item.answers.all(), key=lambda one: one.turn)
        if one.turn in (1, 2)
    ]


def _next(request: HttpRequest) -> HttpResponse:
    return _screen(request, next_shown(request.user))


def _screen(request: HttpRequest, seen: Shown | None, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {
        "seen": seen,
        "aspects": aspect_choices() if seen else [],
        "polarities": [(side, names.SIGN[side], names.POLARITY[side], key) for key, side in (("1", -1), ("2", 0), ("3", 1))],
        "today": answered_today(request.user),
        "waiting": waiting_for(request.user).count(),
        "wrong": wrong,
    }
    return render_screen(request, "review/queue.html", context, status)
