"""Senders we know: how they sign, and where in their message the words stand. A source may override the mapping.

飞书, 企业微信, Zendesk, Typeform, Formbricks and 问卷星 follow the vendors' published descriptions; Chatwoot's header names have not
been seen on a live server.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Preset:
    """A sender. `needs` are the secret fields it uses: secret, token, receiver."""

    label: Any
    scheme: str
    mapping: dict[str, str]
    needs: tuple[str, ...] = ("secret",)
    help: Any = ""
    example: dict[str, Any] = field(default_factory=dict)


_PLAIN = {
    "text": "$.text",
    "title": "$.title",
    "external_id": "$.id",
    "occurred_at": "$.occurred_at",
    "customer_id": "$.customer_id",
    "rating": "$.rating",
}

PRESETS: dict[str, Preset] = {
    "generic": Preset(
        _("自己的系统"),
        "huiyin",
        _PLAIN,
        help=_("用密钥对「时间.正文」做 HMAC-SHA256，放在 X-Huiyin-Signature，时间放在 X-Huiyin-Timestamp"),
    ),
    "token": Preset(
        _("只会带令牌的系统"),
        "token",
        _PLAIN,
        help=_("把密钥放在 Authorization: Bearer 里；务必走 HTTPS"),
    ),
    "feishu": Preset(
        _("飞书多维表格、表单"),
        "lark",
        {
            "items": "$.event.action_list[*]",
            "external_id": "$.record_id",
            "text": "$.after_value[*].field_value",
            "channel": "=飞书表单",
        },
        needs=("secret", "token"),
        help=_("密钥填 Encrypt Key，令牌填 Verification Token"),
    ),
    "wecom": Preset(
        _("企业微信"),
        "wecom",
        {"external_id": "$.MsgId", "text": "$.Content", "customer_id": "$.FromUserName", "occurred_at": "$.CreateTime", "channel": "=企业微信"},
        needs=("secret", "token", "receiver"),
        help=_("密钥填 EncodingAESKey，令牌填 Token，接收方填 CorpID"),
    ),
    "dingtalk": Preset(
        _("钉钉机器人"),
        "dingtalk",
        {"external_id": "$.msgId", "text": "$.text.content", "customer_id": "$.senderId", "occurred_at": "$.createAt", "channel": "=钉钉"},
        help=_("密钥填机器人的 AppSecret；签名不覆盖正文，务必走 HTTPS"),
    ),
    "zendesk": Preset(
        "Zendesk",
        "zendesk",
        {
            "external_id": "$.detail.id",
            "title": "$.detail.subject",
            "text": "$.detail.description",
            "customer_id": "$.detail.requester_id",
            "occurred_at": "$.detail.created_at",
            "channel": "=Zendesk",
            "attributes.priority": "$.detail.priority",
        },
        help=_("密钥填 Webhook 的 signing secret，订阅 Ticket created"),
    ),
    "freshdesk": Preset(
        "Freshdesk",
        "token",
        {
            "external_id": "$.freshdesk_webhook.ticket_id",
            "title": "$.freshdesk_webhook.ticket_subject",
            "text": "$.freshdesk_webhook.ticket_description",
            "customer_id": "$.freshdesk_webhook.ticket_contact_email",
            "channel": "=Freshdesk",
        },
        help=_("Freshdesk 不签名：在自动化规则里加请求头 X-Huiyin-Token"),
    ),
    "chatwoot": Preset(
        "Chatwoot",
        "chatwoot",
        {
            "external_id": "$.id",
            "text": "$.content",
            "customer_id": "$.sender.id",
            "occurred_at": "$.created_at",
            "channel": "=Chatwoot",
            "attributes.conversation": "$.conversation.id",
        },
        help=_("订阅 message_created，只有客户发来的消息会留下"),
    ),
    "formbricks": Preset(
        "Formbricks",
        "standard",
        {
            "external_id": "$.data.id",
            "text": "$.data.data.*",
            "customer_id": "$.data.contact.userId",
            "occurred_at": "$.data.createdAt",
            "channel": "=Formbricks",
            "attributes.survey": "$.data.surveyId",
        },
        help=_("订阅 Response Finished"),
    ),
    "typeform": Preset(
        "Typeform",
        "typeform",
        {
            "external_id": "$.form_response.token",
            "text": "$.form_response.answers[*].text",
            "occurred_at": "$.form_response.submitted_at",
            "rating": "$.form_response.answers[*].number",
            "channel": "=Typeform",
            "attributes.form": "$.form_response.definition.title",
        },
    ),
    "wjx": Preset(
        _("问卷星"),
        "wjx",
        {
            "external_id": "$.joinid",
            "text": "$.q1",
            "occurred_at": "$.submittime",
            "channel": "=问卷星",
            "attributes.survey": "$.name",
        },
        help=_("密钥填推送密钥；把 text 改成写着意见的那一题，例如 $.q3"),
    ),
}
