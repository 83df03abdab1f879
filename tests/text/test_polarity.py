import numpy as np
import pytest

from huiyin.text import Reader
from huiyin.text.codepoints import encode, fold
from huiyin.text.cues import opinion_cues
from huiyin.text.polarity import opined

POSITIVE = """服务很满意|质量一点都不差|用了一年没什么问题|从来没有闪退|不但便宜，而且好用|不仅服务好，还送了礼物|没有不满意的地方|强烈推荐|物流很快
从没卡顿过|没有出现闪退|值得购买|房间很干净|早餐好吃|客服很有耐心|并不贵|不贵|服務很好|I love it|not bad|没有噪音|不卡顿|没有一点异味|谁不喜欢呢
不得不说很好|好评|没有让我失望|👍👍|❤️|😍"""
NEGATIVE = """服务不满意|服务不是很满意|屏幕太差了|客服态度恶劣|一点都不好|很不方便|非常失望|不推荐购买|物流太慢了|经常死机|不够清晰|不值得买
房间不干净|早餐难吃|客服没有耐心|不太满意|谈不上好用|不怎么好吃|東西很難用|not good|卡顿严重|垃圾软件|差评|并非物超所值|难以满意|😡|👎"""
NEUTRAL = "😂|🚗|📦📦|🙂|。。。|？？？|123456|🚗🚗🚗🚗"


def _split(cases: str) -> list[str]:
    return cases.replace("\n", "|").split("|")


def _sentiment(reader: Reader, text: str) -> float:
    return float(reader.read([text]).sentiment[0])


@pytest.mark.parametrize("text", _split(POSITIVE))
def test_praise(general: Reader, text: str) -> None:
    reading = general.read([text])
    assert reading.sentiment[0] >= 0.2
    assert (reading.mentions.polarity >= 0).all()


@pytest.mark.parametrize("text", _split(NEGATIVE))
def test_complaint(general: Reader, text: str) -> None:
    reading = general.read([text])
    assert reading.sentiment[0] <= -0.2
    assert (reading.mentions.polarity <= 0).all()


@pytest.mark.parametrize("text", _split(NEUTRAL))
def test_what_says_nothing_is_neutral(general: Reader, text: str) -> None:
    assert abs(_sentiment(general, text)) < 0.2


@pytest.mark.parametrize("text", ["屏幕很好，但是电池很差", "屏幕很好但是电池很差", "the screen is great but the battery is terrible"])
def test_a_turn_separates_praise_from_complaint(general: Reader, text: str) -> None:
    assert general.read([text]).mentions.polarity.tolist() == [1, -1]


def test_degree_makes_it_stronger(general: Reader) -> None:
    weak, strong = general.read(["有点失望", "极其失望"]).mentions.intensity.tolist()
    assert weak < strong


def test_a_negator_far_before_an_opinion_word_does_not_reach_it() -> None:
    folded = fold(encode(["不是满意", "不是因为别的什么原因才觉得满意", "不到长城转一圈，满意"]))
    _hits, _pieces, opinions = opined(folded, opinion_cues())
    assert np.sign(opinions.value).tolist() == [-1, 1, 1]


@pytest.mark.parametrize("text", ["not only good", "不但好", "不仅好", "不光好", "不只是好看"])
def test_not_only_does_not_negate(general: Reader, text: str) -> None:
    assert _sentiment(general, text) > 0
