"""Refusals of the interfaces as RFC 9457 problem documents."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse


def problem(status: int, code: str, message_zh: str, message_en: str, **more: Any) -> JsonResponse:
    """A refusal. `code` is stable; both messages are one line."""
    body = {"type": f"urn:huiyin:problem:{code}", "title": message_zh, "title_en": message_en, "status": status, "code": code, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False})
