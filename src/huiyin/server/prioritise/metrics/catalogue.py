"""The catalogue: every metric with its name, its definition in words, its unit, its direction and what counts as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from huiyin.facts import Filter
from huiyin.insight.indicators import LEAST, Unit
from huiyin.insight.scoring import MINIMUM_ANSWERS, Kind

Way = Literal["score", "share", "count", "churn"]
"""How it is made: of answers on a scale, as a part of a whole, by counting, from operations."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. Shares are kept 0..1 and shown times `scale`."""

    key: str
    name: Any
    words: Any
    """The definition in one sentence."""
    way: Way
    counted: Unit
    """What `n` counts."""
    direction: int
    """1 where more is better, −1 where less is, 0 where neither."""
    unit: Any = ""
    """Written behind the value."""
    digits: int = 1
    scale: float = 1.0
    minimum: int = LEAST
    kind: Kind | None = None
    part: Filter = Filter()
    """Of a share: what narrows the whole to the part. Of a count: what narrows to what is counted."""
    whole: Filter = Filter()
    """Of a share: what narrows to the whole."""
    source: str = ""
    """Where the formula stands."""

    @property
    def of_opinions(self) -> bool:
        """Whether parts of a filter about opinions stay in its whole."""
        return self.way != "share" or self.counted == "opinions"


_SCORING = "huiyin.insight.scoring"
_INDICATORS = "huiyin.insight.indicators"


def _score(kind: Kind, name: Any, words: Any, direction: int, unit: Any = "", digits: int = 2) -> Metric:
    key = "mean_score" if kind == "mean" else kind
    return Metric(key, name, words, "score", "voices", direction, unit, digits, minimum=MINIMUM_ANSWERS, kind=kind, source=_SCORING)


_METRICS = (
    _score("nps", _("净推荐值 NPS"), _("打 9–10 分的占比减去打 0–6 分的占比，只算 0–10 分的推荐题"), 1, digits=1),
    _score("csat", _("满意度 CSAT"), _("满意的答案占全部答案的百分比：分数不低于量表的四分之三"), 1, "%", 1),
    _score("ces", _("费力度 CES"), _("费力题得分的平均数，越低越省力"), -1),
    _score("mean", _("平均评分"), _("没有说明是哪种指标的评分的平均数，如商店的星级"), 1),
    Metric("voices", _("声音"), _("条数，同一条话的副本只算一次"), "count", "voices", 0, _("条"), 0, source=_INDICATORS),
    Metric("customers", _("说话的客户"), _("开口的不同客户，没有客户号的一条话算一位"), "count", "customers", 0, _("位"), 0, source=_INDICATORS),
    Metric("opinions", _("观点"), _("从话里读出的观点个数，一条话可以有几个"), "count", "opinions", 0, _("个"), 0, source=_INDICATORS),
    Metric("complaints", _("抱怨"), _("负面观点的个数"), "count", "opinions", -1, _("个"), 0, part=Filter(polarity=(-1,)), source=_INDICATORS),
    Metric("answers", _("评分答卷"), _("打了分的声音条数"), "count", "voices", 0, _("条"), 0, part=Filter(scored=True), source=_INDICATORS),
    Metric(
        "complaint_rate", _("每千位客户抱怨"), _("说话的客户里，每一千位有多少位抱怨过；选了主题就只算抱怨这个主题的"),
        "share", "customers", -1, "‰", 1, 1000.0, part=Filter(polarity=(-1,)), source=_INDICATORS,
    ),
    Metric(
        "praise_rate", _("每千位客户称赞"), _("说话的客户里，每一千位有多少位称赞过；选了主题就只算称赞这个主题的"),
        "share", "customers", 1, "‰", 1, 1000.0, part=Filter(polarity=(1,)), source=_INDICATORS,
    ),
    Metric(
        "aspect_share", _("谈到的客户占比"), _("说话的客户里谈到所选主题的百分比；没选主题就是说出任何观点的"),
        "share", "customers", 0, "%", 1, 100.0, part=Filter(polarity=(-1, 0, 1)), source=_INDICATORS,
    ),
    Metric(
        "negative_share", _("负面观点占比"), _("有褒贬的观点里负面的百分比，按观点算，不按条算"),
        "share", "opinions", -1, "%", 1, 100.0, part=Filter(polarity=(-1,)), whole=Filter(polarity=(-1, 1)), source=_INDICATORS,
    ),
    Metric(
        "complaining_voices", _("有抱怨的声音占比"), _("声音里至少有一个负面观点的百分比"),
        "share", "voices", -1, "%", 1, 100.0, part=Filter(polarity=(-1,)), source=_INDICATORS,
    ),
    Metric(
        "invited_share", _("受邀的声音占比"), _("声音里我们主动去问的百分比，其余是客户自己开口"),
        "share", "voices", 0, "%", 1, 100.0, part=Filter(invited=True), source=_INDICATORS,
    ),
    Metric(
        "churn_rate", _("90 天流失率"), _("这段时间里满 90 天的客户（90 天前开过口、知道是谁）中，90 天内流失的百分比；要有经营数据"),
        "churn", "customers", -1, "%", 1, 100.0, source=_INDICATORS,
    ),
)  # fmt: skip
METRICS: dict[str, Metric] = {one.key: one for one in _METRICS}
"""By key, in the order in which they are offered."""
DIMENSIONS: dict[str, Any] = {
    "aspect": _("主题"),
    "product": _("产品"),
    "brand": _("品牌"),
    "region": _("地区"),
    "store": _("门店"),
    "channel": _("渠道"),
    "segment": _("人群"),
    "touchpoint": _("触点"),
    "source": _("来源"),
    "language": _("语言"),
}
"""What a metric is broken down by."""
COUNTED: dict[Unit, Any] = {"voices": _("条声音"), "customers": _("位客户"), "opinions": _("个观点")}
REASONS: dict[str, Any] = {
    "too_few": _("样本不足（n=%(n)s）"),
    "no_answers": _("没有这种评分"),
    "broken_series": _("问法或量表换过，不能合成一个数"),
    "wrong_scale": _("量表不是 0–10，算不了 NPS"),
    "empty_stratum": _("有一层没有答案"),
    "different_scales": _("两段的量表不同"),
    "no_operations": _("还没有流失数据"),
    "nothing": _("没有声音"),
}
"""Why a number is not shown."""
