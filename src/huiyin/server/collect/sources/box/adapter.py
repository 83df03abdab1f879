"""A page of its own behind a QR code, where anybody may say something."""

from __future__ import annotations

import json
import re
import secrets as random
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from huiyin.server.collect.feedback.attachments import attachments_of
from huiyin.server.collect.feedback.models import Inbox
from huiyin.server.collect.sources.adapter import Adapter, Beside, Setting, SourceRefused, Trial
from huiyin.server.collect.sources.box.questions import questions_of, stores_of
from huiyin.server.collect.sources.models import Source

_ADDRESS = re.compile(r"[A-Za-z0-9_-]{12,60}\Z")
CONSENT = (
    "提交就表示同意我们用它来改进服务；联系方式只用来答复，不会公开。"
    " | By sending this you agree that we use it to improve our service; your contact is used to answer you alone."
)
QUESTIONS = "文字：想对我们说什么 | What would you like to tell us?*\n0-10：有多大可能把我们推荐给朋友 | How likely are you to recommend us?"


class Box(Adapter):
    """Words, scores and photos from whoever scans the code."""

    kind = "box"
    name = _("扫码意见箱")
    about = _("印在门店、包装、车里的二维码：扫开就能写，不用登录，可以拍照、打分")
    settings = (
        Setting("title", _("标题"), "text", True, _("竖线后面写英文"), default="说说你的意见 | Tell us"),
        Setting("intro", _("开头的话"), "lines", default="一句话也好，我们都会看。 | Even one line helps. We read them all."),
        Setting("questions", _("题目"), "lines", True, _("一行一题，以「文字：」「0-10：」或「1-5：」开头；末尾加 * 是必答"), default=QUESTIONS),
        Setting("contact", _("问联系方式"), "yes", help=_("选填；存成化名，有权的人才能打开"), default=True),
        Setting("photos", _("可以附照片"), "yes", help=_("最多三张；拍摄地点与时间会去掉"), default=True),
        Setting("consent", _("同意的话"), "lines", True, default=CONSENT),
        Setting("thanks", _("写完以后"), "text", True, default="收到了，谢谢。 | We have it. Thank you."),
        Setting("stores", _("各门店的码"), "lines", help=_("一行一个门店，或「门店, 产品」；各有一个码，来的意见自带门店")),
        Setting("address", _("地址里的号"), "text", help=_("留空就随机取一个；改了，印出去的旧码就打不开了")),
    )

    def check(self, config: Mapping[str, Any], secrets: Mapping[str, Any]) -> dict[str, Any]:
        """The questions can be read; the address cannot be guessed and is nobody else's."""
        questions_of(str(config["questions"]))
        if len(stores_of(str(config.get("stores") or ""))) > 500:
            raise SourceRefused("最多 500 个门店", "At most 500 stores", "stores")
        address = str(config.get("address") or "").strip() or random.token_urlsafe(12)
        if not _ADDRESS.match(address):
            raise SourceRefused("至少 12 个字母、数字、- 或 _", "At least 12 letters, digits, - or _", "address")
        return {**config, "contact": bool(config.get("contact")), "photos": bool(config.get("photos")), "address": address}

    def test(self, source: Source) -> Trial:
        """Nothing to call: say where the page is."""
        if box_at(source.config["address"]) != source:
            raise SourceRefused("这个号别的意见箱在用，换一个", "Another box uses this address", "address")
        path = f"/sources/box/{source.config['address']}/"
        return Trial(f"可以用，页面在 {path}", f"It is usable; the page is at {path}", {"path": path})

    def beside(self, row: Inbox) -> Sequence[Beside]:
        """Photos, and which answer belongs to which question where there are several."""
        from huiyin.text.masking import mask

        answers = json.loads(row.raw).get("answers", []) if row.raw else []
        photos = attachments_of(row.pk)
        told = [(question, mask(str(answer))) for question, answer in answers] if len(answers) > 1 else []
        return (Beside("sources/beside/box.html", {"photos": photos, "answers": told}),) if photos or told else ()


def box_at(address: str) -> Source | None:
    """The box of an address; the older one, should two have the same."""
    return Source.objects.filter(kind="box", config__address=address).order_by("pk").first()


ADAPTER = Box()
