"""Letters that no customer wrote: automatic replies, bounces, mass mail. By RFC 3834 and by what mail programs put in their place."""

from __future__ import annotations

import re

from huiyin.server.collect.sources.imap.messages import Letter

_BOUNCER = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon|double-bounce)@", re.IGNORECASE)
_BOUNCE = re.compile(
    r"^(?:系统退信|退信|邮件发送失败|Undeliver(?:ed|able)|Delivery Status Notification|Mail delivery failed|Returned mail|Delivery Failure)",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"^(?:自动回复|自動回覆|自動回復|Automatic reply|Auto(?:matic)?[ -]?reply|Auto[ -]?Response|Out of (?:the )?Office)",
    re.IGNORECASE,
)

BOUNCE, AUTO_REPLY, BULK = "bounce", "auto_reply", "bulk"
REASONS = {
    BOUNCE: "退信，不是客户写的",
    AUTO_REPLY: "自动回复，不是客户写的",
    BULK: "群发邮件，不是客户写的",
}


def automatic(letter: Letter) -> str:
    """bounce, auto_reply or bulk; empty where a person wrote it."""
    said = letter.headers
    returned = said.get("return-path", "").strip() == "<>" and _BOUNCE.match(letter.subject)
    if said.get("content-type") == "multipart/report" or said.get("x-failed-recipients") or _BOUNCER.match(letter.sender) or returned:
        return BOUNCE
    precedence = said.get("precedence", "").lower()
    submitted = said.get("auto-submitted", "no").split(";")[0].strip().lower()
    answering = submitted.startswith("auto-replied") or precedence == "auto_reply" or "x-autoreply" in said or "x-autorespond" in said
    if answering or _REPLY.match(letter.subject):
        return AUTO_REPLY
    if submitted not in ("", "no") or precedence in ("bulk", "junk", "list") or "list-id" in said or "list-unsubscribe" in said:
        return BULK
    return ""
