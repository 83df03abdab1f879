"""The source behind `POST /api/v1/feedback`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.sources.adapter import Adapter


class Rest(Adapter):
    """Another system sends records, one or many at a time, with an API key."""

    kind = "rest"
    name = _("REST 接口")
    about = _("别的系统用接口密钥发来，一条或一批；收到回执就已存好")


ADAPTER = Rest()
