"""The screen of the tour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huiyin.server.understand.tour.steps import steps_of
from huiyin.server.web.fragments import render_screen
from huiyin.server.web.rights import needs


@require_GET
@needs("voices.read")
def tour(request: HttpRequest) -> HttpResponse:
    """What to try first, and what of it is done."""
    steps = steps_of(request.user)
    counted = [done for _step, done in steps if done is not None]
    following = next((step for step, done in steps if done is False), None)
    return render_screen(request, "tour/tour.html", {"steps": steps, "following": following, "done": sum(counted), "all": len(counted)})
