"""Photos and recordings of a voice, for those who may see it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from huiyin.server.collect.feedback.attachments import RECORDING
from huiyin.server.collect.sources.beside import attachment_of
from huiyin.server.collect.sources.serving import attachment_response
from huiyin.server.foundation.people.scope import scope_filter
from huiyin.server.understand.explorer.hearing import recording_heard
from huiyin.server.understand.explorer.selectors import voice_seen
from huiyin.server.web.rights import needs


@require_GET
@needs("voices.read")
def attachment(request: HttpRequest, feedback_id: str, number: int) -> HttpResponseBase:
    """A photo or a recording of a voice that the person may see. A recording is unmasked: it takes that right, and who listens is recorded.

    `?as=player` gives the copy that browsers play.
    """
    voice_seen(feedback_id, scope_filter(request.user))
    found = attachment_of(feedback_id, number)
    if found is None:
        raise Http404
    if found.kind == RECORDING:
        recording_heard(request.user, feedback_id, found)
    return attachment_response(request, found, for_player=request.GET.get("as") == "player")
