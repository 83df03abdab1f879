"""Pages for when something went wrong: what happened, what is safe, what to do."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from huiyin.server.web.problem_documents import problem


def error_page(request: HttpRequest, status: int, what: str, todo: str) -> HttpResponse:
    """The page, or a problem document where the REST interface was asked. It touches no database, so it stands when the database does not."""
    if request.path.startswith("/api/"):
        return problem(status, f"http_{status}", what, HTTPStatus(status).phrase)
    signed_in = status != 500 and getattr(getattr(request, "user", None), "is_authenticated", False)
    context = {"status": status, "what": what, "todo": todo, "request_id": getattr(request, "request_id", ""), "signed_in": signed_in}
    return HttpResponse(render_to_string("web/error.html", context, request), status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400."""
    return error_page(request, 400, _("这个请求读不懂"), _("回到上一页再试。网址是手写的，就检查一遍。"))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return error_page(request, 403, _("这里要别的角色才能看"), _("找管理员给你加角色，或回首页。"))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was not sent from one of our own pages, or that lay open too long."""
    return error_page(request, 403, _("这一页放得太久，没有保存"), _("回到上一页，刷新，再填一次。"))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404."""
    return error_page(request, 404, _("没有这一页"), _("它可能被移走了，或网址少了几个字。"))


def too_many(request: HttpRequest) -> HttpResponse:
    """429."""
    return error_page(request, 429, _("试得太快了"), _("等几分钟再试。密码忘了，让管理员给你一个重设链接。"))


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return error_page(request, 500, _("服务器这边出错了"), _("已经收到的声音都还在。把下面的请求号告诉管理员。"))
