"""What of a letter the customer wrote for this occasion: without the letters quoted below, without the signature."""

from __future__ import annotations

import re

from huiyin.server.collect.sources.markup import without_markup

_QUOTED_HTML = re.compile(
    r'<(?:blockquote\b[^>]{0,400}>|div[^>]{0,200}\b(?:class="?[^">]{0,80}(?:gmail_quote|yahoo_quoted|moz-cite-prefix|qmbox)'
    r'|id="?(?:divRplyFwdMsg|appendonsend|isReplyContent|mail-editor-reference-message-container|origbody)))',
    re.IGNORECASE,
)
_QUOTE_BEGINS = re.compile(
    r"^[ \t*>]{0,10}(?:"
    r"[-—_=]{2,60}[ \t]{0,9}(?:原始邮件|原始郵件|原邮件|原郵件|回复的原邮件|转发邮件|轉寄郵件|转发的邮件|Original Message|Original|Forwarded message)"
    r"|On [^\n]{5,160}(?:\n[^\n]{0,120})?[ \n]wrote:[ \t]*$"
    r"|At \d{4}-[^\n]{5,160}(?:\n[^\n]{0,120})?[ \n]wrote:[ \t]*$"
    r"|[^\n]{0,120}\d{4}[^\n]{0,120}(?:写道|寫道|编写|寫到|写到)[ \t]{0,9}[:：][ \t]*$"
    r"|(?:发件人|寄件者|寄件人|From)[ \t*]{0,9}[:：][^\n]{1,300}\n"
    r"[ \t*>]{0,10}(?:发送时间|发送日期|寄件日期|日期|时间|收件人|收件者|主题|抄送|Sent|Date|To|Subject)[ \t*]{0,9}[:：]"
    r"|_{20,200}[ \t]*$"
    r")",
    re.MULTILINE | re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:--[ \t]?$|[ \t]{0,9}"
    r"(?:发自我的|發自我的|来自我的|从我的|從我的|傳送自|发送自|Sent from my|Sent from Mail for|Get Outlook for|获取Outlook)[^\n]{0,80}$)",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^[ \t]{0,3}>[^\n]*\n?", re.MULTILINE)
_GAPS = re.compile(r"\n[ \t]*\n[ \t\n]*")


def own_words(plain: str, html: str) -> tuple[str, bool]:
    """The words of the letter itself, and whether something was cut off. Plain text is preferred; a letter that is nothing but a quotation
    (forwarded on by the customer) is kept whole.

    >>> own_words("门店一直没人接电话\\n\\n发自我的iPhone\\n\\n------------------ 原始邮件 ------------------\\n发件人: 客服", "")
    ('门店一直没人接电话', True)
    """
    whole = _tidy(plain) if plain.strip() else without_markup(html)
    if plain.strip():
        cut = plain
    else:
        quoted = _QUOTED_HTML.search(html)
        cut = without_markup(html[: quoted.start()] if quoted else html)
    begins = _QUOTE_BEGINS.search(cut)
    cut = _QUOTED_LINE.sub("", cut[: begins.start()] if begins else cut)
    signed = _SIGNATURE.search(cut)
    found = _tidy(cut[: signed.start()] if signed else cut)
    if not found:
        return whole, False
    return found, found != whole


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", text.replace("\xa0", " ")).strip()
