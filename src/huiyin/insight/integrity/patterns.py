"""Words that tell of a reward for a good score. Data: one regular expression a line, in the syntax of RE2, matched without case.

A customer who complains that the promised reward never came tells of it just the same. A text that denies it is left out.
"""

from __future__ import annotations

GIFT = (
    "好评返现?",
    "返现(卡|红包|金)",
    "(晒图|五星|全五星|5星|满分|十分|10分|好评|评价|打分)[^。！!？?]{0,8}(返现|红包|现金|礼品|礼物|赠品|小礼|优惠券|代金券|积分|抽奖|话费)",
    "(返现|红包|现金|送礼|礼品|礼物|赠品|小礼|优惠券|代金券|话费)[^。！!？?]{0,8}(五星|全五星|5星|满分|好评|给个好|打满)",
    "(店员|员工|销售|客服|顾问|老板|他们|商家|卖家)[^。！!？?]{0,6}(让我|要我|叫我|求我|请我|要求)[^。！!？?]{0,6}(好评|五星|5星|满分|十分|10分)",
    "(好评|五星|满分)换",
    "刷(好评|单)",
    "(gift ?card|cash ?back|voucher|coupon|free gift|reward)s?[^.!?]{0,40}(5|five)[ -]?stars?",
    "(gift ?card|cash ?back|voucher|coupon|free gift|reward)s?[^.!?]{0,40}(good|positive) (review|rating)",
    "(5|five)[ -]?stars?[^.!?]{0,30}(in exchange|for a (gift|voucher|coupon|reward))",
)

DENIED = (
    "(不是|绝非|并非|不为|没有|从不|无需|拒绝)[^，。！!？?,]{0,4}(刷|返现|好评返)",
    "not (paid|sponsored)",
)


def gift_expression() -> str:
    """All gift patterns as one expression."""
    return "(?i)(" + "|".join(GIFT) + ")"


def denied_expression() -> str:
    """What in a text says that there was no reward."""
    return "(?i)(" + "|".join(DENIED) + ")"
