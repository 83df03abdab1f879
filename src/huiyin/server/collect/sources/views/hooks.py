"""Where other systems push to. Served by the intake pool."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from huiyin.server.collect.sources.models import Source
from huiyin.server.collect.sources.webhook.services import push_take
from huiyin.server.collect.sources.webhook.signatures import NotGenuine, Push
from huiyin.server.web.problem_documents import problem
from huiyin.server.web.rights import open_to_all


@csrf_exempt
@require_http_methods(["GET", "POST"])
@open_to_all
def push(request: HttpRequest, key: str) -> HttpResponse:
    """One push. The signature is the right to send: nobody signs in here. 200 only after what came is committed."""
    source = Source.objects.filter(kind="webhook", key=key, enabled=True).first()
    headers = {name.lower(): value for name, value in request.headers.items()}
    given = Push(headers, {name: str(value) for name, value in request.GET.items()}, request.body)
    try:
        if source is None:
            # The same answer as for a wrong signature, so that names cannot be tried out.
            raise NotGenuine("no such source")
        reply = push_take(source, given)
    except NotGenuine:
        return problem(401, "not_genuine", "签名不对或已过期", "The signature is wrong or too old")
    if reply.plain:
        return HttpResponse(str(reply.body), content_type="text/plain; charset=utf-8")
    return JsonResponse(reply.body)
