"""Words that tell of a reward for a good score, and words that only sound like it."""

import re

import pytest

from huiyin.insight.integrity.patterns import denied_expression, gift_expression


def told(text):
    return bool(re.search(gift_expression(), text)) and not re.search(denied_expression(), text)


@pytest.mark.parametrize(
    "text",
    [
        "好评返现三元，亲测有效",
        "店员让我给五星好评",
        "说好五星好评送小礼品，结果没给",
        "给个五星送优惠券",
        "晒图好评领现金红包",
        "送了个红包让我给好评",
        "They offered a gift card for a 5 star review",
        "five stars in exchange for a voucher",
    ],
)
def test_a_reward_is_heard(text):
    assert told(text)


@pytest.mark.parametrize(
    "text",
    [
        "买来当礼物送朋友，很喜欢",
        "五星级酒店的享受",
        "用优惠券买的，便宜",
        "不是刷好评，真心觉得好",
        "红包雨活动太少了",
        "给个好评",
        "I bought it as a gift, five stars",
    ],
)
def test_a_gift_alone_is_none(text):
    assert not told(text)
