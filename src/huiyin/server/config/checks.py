"""The start gate as Django system checks, so that every management command says the same."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, Warning, register

from huiyin.server.config.environment import Environment
from huiyin.server.config.gate import refusals
from huiyin.server.web.assets import MANIFEST


@register(Tags.security)
def may_start(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[Any]:
    """The refusals of the start gate."""
    return [Error(str(one), id=one.code) for one in refusals(Environment.read(os.environ))]


@register()
def assets_are_built(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[Any]:
    """Says how to build the stylesheet and script when a fresh checkout was not installed."""
    if MANIFEST.is_file():
        return []
    return [
        Warning(
            "页面样式没有构建，运行 pip install -e . 或 npm run build。\n  The pages have no style yet: run pip install -e . or npm run build.",
            id="huiyin.W001",
        )
    ]
