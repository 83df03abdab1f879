"""Hot words and the company's own dictionary."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huiyin.facts import Filter
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.reading.facts import facts_store
from huiyin.server.understand.reading.rereading import readable_rows
from huiyin.server.understand.reading.services import reading_setup
from huiyin.server.understand.taxonomy.forms import WordForm
from huiyin.server.understand.taxonomy.hotwords import SPANS, hot_words
from huiyin.server.understand.taxonomy.models import OwnWord
from huiyin.server.understand.taxonomy.selectors import version_in_use
from huiyin.server.understand.taxonomy.services.dictionary import word_add, word_remove
from huiyin.server.understand.taxonomy.views.previews import place_name
from huiyin.server.web.fragments import go_to, render_screen
from huiyin.server.web.rights import needs
from huiyin.text import load_taxonomy

_PAGE = 30


@require_GET
@needs("taxonomy.read")
def words(request: HttpRequest) -> HttpResponse:
    """The dictionary, and the place where the hot words appear."""
    tree, within = version_in_use().tree, scope_filter(request.user)
    lines = []
    # Counting a word reads every text, so a page holds only so many.
    page = Paginator(OwnWord.objects.select_related("added_by"), _PAGE).get_page(request.GET.get("page"))
    for one in page:
        asked = Filter(text=(one.word,))
        voices = int(facts_store().query("SELECT count(*) AS n FROM voice", where=within & asked)["n"][0].as_py())
        there = tree.has(one.node) and tree.is_leaf(one.node)
        lines.append(
            {
                "word": one,
                "voices": voices,
                "query": asked.to_query(),
                "place": place_name(one.node, tree) if one.node else "",
                "gone": bool(one.node) and not there,
            }
        )
    context = {
        "lines": lines,
        "page": page,
        "form": WordForm(tree),
        "behind": _behind(),
        "spans": SPANS,
        "days": _days(request),
        "version": version_in_use(),
    }
    return render_screen(request, "taxonomy/words.html", context)


@require_GET
@needs("taxonomy.read")
def hot(request: HttpRequest) -> HttpResponse:
    """The hot words of a span; fetched beside the page, which does not wait for them."""
    days = _days(request)
    known = {one.folded: one for one in OwnWord.objects.all()}
    found = hot_words(days, scope_filter(request.user))
    lines = [(one, known.get(one.word)) for one in found.words]
    context = {"found": found, "lines": lines, "days": days, "spans": SPANS, "form": WordForm(version_in_use().tree)}
    return render_screen(request, "taxonomy/hot.html", context)


@require_POST
@needs("taxonomy.write")
def add(request: HttpRequest) -> HttpResponse:
    """Add a word to the dictionary."""
    form = WordForm(version_in_use().tree, request.POST)
    back = f"{reverse('taxonomy:words')}?days={_days(request)}"
    if not form.is_valid():
        wrong = "；".join(str(error) for errors in form.errors.values() for error in errors)
        return go_to(request, back, toast=_("没有加上：%(wrong)s") % {"wrong": wrong})
    added = word_add(request.user, form.cleaned_data["word"], form.cleaned_data["kind"], form.cleaned_data["node"])
    return go_to(request, back, toast=_("「%(word)s」已进词典，新来的声音就按它读") % {"word": added.word})


@require_POST
@needs("taxonomy.write")
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take a word out."""
    word = get_object_or_404(OwnWord, pk=number)
    word_remove(request.user, word)
    return go_to(request, "taxonomy:words", toast=_("「%(word)s」已出词典") % {"word": word.word})


def _days(request: HttpRequest) -> int:
    given = request.GET.get("days") or request.POST.get("days") or ""
    return int(given) if given in [str(one) for one in SPANS] else SPANS[1]


def _behind() -> int:
    """Voices that were read by other words or another tree than those of now, and can be read again."""
    if not OwnWord.objects.exists():
        return 0
    taxonomy = load_taxonomy(reading_setup().taxonomy)
    return readable_rows().exclude(text_version__endswith=f"+{taxonomy.pack}@{taxonomy.version}").count()
