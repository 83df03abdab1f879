"""The nine roles, by post. Which rights they give stands in `rights.py`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

ADMINISTRATOR = "administrator"
CX_LEAD = "cx_lead"
ANALYST = "analyst"
PRODUCT = "product"
MARKETING = "marketing"
SERVICE_AGENT = "service_agent"
STORE_MANAGER = "store_manager"
EXECUTIVE = "executive"
EVERYONE = "everyone"

LABELS: dict[str, Any] = {
    ADMINISTRATOR: _("管理员"),
    CX_LEAD: _("客户体验负责人"),
    ANALYST: _("分析师"),
    PRODUCT: _("产品"),
    MARKETING: _("市场"),
    SERVICE_AGENT: _("客服"),
    STORE_MANAGER: _("门店经理"),
    EXECUTIVE: _("高管"),
    EVERYONE: _("所有人"),
}

MEANINGS: dict[str, Any] = {
    ADMINISTRATOR: _("管人、来源和设置"),
    CX_LEAD: _("排优先级、派任务、看未遮盖的信息"),
    ANALYST: _("改标签体系、管来源、导出"),
    PRODUCT: _("认领问题、改正标注"),
    MARKETING: _("听说法、改正标注、导出"),
    SERVICE_AGENT: _("打标、回访，看未遮盖的信息"),
    STORE_MANAGER: _("只看自己门店的声音"),
    EXECUTIVE: _("看结论、导出会议材料"),
    EVERYONE: _("人人可读，个人信息遮盖"),
}

ASSIGNABLE = tuple(role for role in LABELS if role != EVERYONE)
"""Every active person is part of `everyone`; it is never given or taken."""
