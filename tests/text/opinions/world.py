"""A small shop whose reviews are composed, so that every span is known: what a model learns here it must find again."""

from __future__ import annotations

import random

from huiyin.text.opinions.records import Opinion, Record

_THINGS = {"包装": "包装", "快递": "物流", "味道": "气味", "价格": "价格", "客服": "服务", "颜色": "外观", "泡沫": "功效"}
_GOOD = ("很好", "不错", "非常满意", "挺好的", "很棒")
_BAD = ("太差了", "很一般", "不行", "有点差", "让人失望")
_ALONE = {"很好用": ("整体", "positive"), "有点贵": ("价格", "negative"), "不刺激": ("功效", "positive"), "没什么用": ("整体", "negative")}
_FILLER = ("第二次买了", "昨天收到", "给妈妈买的", "看了别人推荐", "用了一个月")


def reviews(count: int, seed: int = 1, things: tuple[str, ...] = tuple(_THINGS)) -> list[Record]:
    """`count` reviews of two to four clauses: a thing judged, a judgement alone, or nothing judged."""
    chance, found = random.Random(seed), []
    for number in range(count):
        text, opinions = "", []
        for _ in range(chance.randint(2, 4)):
            kind = chance.random()
            if kind < 0.6:
                thing, good = chance.choice(things), chance.random() < 0.6
                words = chance.choice(_GOOD if good else _BAD)
                begin = len(text)
                text += thing + words
                target = (begin, begin + len(thing))
                opinions.append(Opinion(target, (target[1], len(text)), _THINGS.get(thing, "其他"), "positive" if good else "negative"))
            elif kind < 0.8:
                words = chance.choice(list(_ALONE))
                opinions.append(Opinion(None, (len(text), len(text) + len(words)), *_ALONE[words]))
                text += words
            else:
                text += chance.choice(_FILLER)
            text += chance.choice("，，。！")
        found.append(Record(str(number), text, tuple(dict.fromkeys(opinions))))
    return found
