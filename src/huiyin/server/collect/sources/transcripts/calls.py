"""A call: who said what, when; and who of them is the customer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CUSTOMER, AGENT = "customer", "agent"
CUSTOMER_LABELS = "客户,顾客,用户,来电人,主叫,客人,乘客,车主,患者,customer,client,caller,user,guest"
AGENT_LABELS = (
    "客服,坐席,座席,话务员,接线员,专员,顾问,店员,销售,工程师,机器人,客户经理,客户代表,客户服务,用户顾问,"
    "agent,operator,representative,rep,staff,service,bot,ivr,customer service,customer representative"
)
ABOUT = ("call_id", "started_at", "duration", "agent", "queue", "customer_id", "product", "store", "region", "direction")
"""What may be known of a call beside its words."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one of them said without a break. `at` is in seconds from the beginning."""

    speaker: str
    text: str
    at: float | None = None


@dataclass(slots=True)
class Call:
    """One call. `line` is where it begins in its file."""

    name: str
    turns: list[Turn] = field(default_factory=list)
    about: dict[str, str] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True, slots=True)
class Unread:
    """A place of a file that could not be read, and why."""

    line: int
    reason: str
    detail: str
    raw: str = ""


Found = Call | Unread


def labels_of(text: str) -> tuple[str, ...]:
    """The labels of a setting, in small letters.

    >>> labels_of("客户， Customer")
    ('客户', 'customer')
    """
    return tuple(one for part in re.split(r"[,，、\n]", text) if (one := part.strip().lower()))


def roles_of(speakers: Iterable[str], customers: Sequence[str], agents: Sequence[str]) -> dict[str, str]:
    """Who of the speakers is customer and who is agent; the longest label that a name begins with decides.

    Of two speakers, if one is known, the other is the other. A name that stays unknown is missing.

    >>> roles_of(["客服01", "张先生"], ["客户"], ["客服", "客户经理"])
    {'客服01': 'agent', '张先生': 'customer'}
    >>> roles_of(["客户经理小李", "客户"], ["客户"], ["客服", "客户经理"])
    {'客户经理小李': 'agent', '客户': 'customer'}
    >>> roles_of(["说话人1", "说话人2"], ["客户"], ["客服"])
    {}
    """
    everybody = list(dict.fromkeys(speakers))
    known = [(label, CUSTOMER) for label in customers] + [(label, AGENT) for label in agents]
    # A label that stands in both lists is the customer's: she is the one to be heard.
    known.sort(key=lambda one: (-len(one[0]), one[1] != CUSTOMER))
    found: dict[str, str] = {}
    for speaker in everybody:
        plain = speaker.strip().lower().lstrip("<[【(（")
        role = next((role for label, role in known if plain.startswith(label)), "")
        if role:
            found[speaker] = role
    if len(everybody) == 2 and len(found) == 1:
        (other,) = (one for one in everybody if one not in found)
        found[other] = AGENT if CUSTOMER in found.values() else CUSTOMER
    return found


_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?\Z")


def seconds_of(text: str) -> float | None:
    """A place in a call: 00:01:23, 1:23.5, 83, 83.5s; None where it is none.

    >>> seconds_of("00:01:23,500"), seconds_of("83s"), seconds_of("soon")
    (83.5, 83.0, None)
    """
    said = text.strip().lower().removesuffix("秒").removesuffix("s")
    if read := _CLOCK.match(said):
        return int(read[1] or 0) * 3600 + int(read[2]) * 60 + int(read[3]) + (float(f"0.{read[4]}") if read[4] else 0.0)
    try:
        return float(said) if 0 <= float(said) < 1e6 else None
    except ValueError:
        return None


def clock(seconds: float | None) -> str:
    """Seconds as people read them.

    >>> clock(83.5), clock(3683), clock(None)
    ('1:23', '1:01:23', '')
    """
    if seconds is None:
        return ""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


_ALIASES = {
    "call_id": "通话编号 通话id 通话号 录音编号 会话编号 会话id 流水号 编号 callid call_id id sessionid conversationid contactid recordid uuid",
    "started_at": "开始时间 通话时间 呼叫时间 来电时间 日期 时间 date startedat starttime calltime datetime timestamp",
    "duration": "时长 通话时长 通话时长(秒) 时长(秒) duration callduration durationseconds seconds",
    "agent": "坐席工号 坐席姓名 客服工号 客服姓名 工号 坐席编号 agentid agentname agent",
    "queue": "队列 技能组 业务线 热线 queue skill skillgroup department",
    "customer_id": "客户编号 客户号码 客户电话 主叫号码 来电号码 手机号 电话 会员号 customerid customerphone phone caller callerid ani",
    "product": "产品 车型 商品 product model",
    "store": "门店 网点 经销商 store branch",
    "region": "地区 区域 省份 城市 region city",
    "direction": "呼叫方向 方向 direction",
    "speaker": "说话人 角色 发言人 讲话人 speaker role participant channel channelid speakerid speakerlabel who",
    "text": "文本 内容 话 识别结果 转写 转写文本 text content transcript utterance sentence message words",
    "at": "开始 起始 开始秒 偏移 start begin offset starts begintime at",
}
_KNOWN = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_SIGNS = re.compile(r"[\s_\-]+")


def field_of(name: str) -> str:
    """Which of our fields a column, key or head line is; empty where none.

    >>> field_of("Call ID"), field_of("通话时长"), field_of("天气")
    ('call_id', 'duration', '')
    """
    return _KNOWN.get(_SIGNS.sub("", name.strip().lower()), _KNOWN.get(name.strip().lower(), ""))


def is_head(name: str) -> bool:
    """Whether a line that begins so tells of the call, and is nobody's turn.

    >>> is_head("通话编号"), is_head("Agent")
    (True, False)
    """
    return field_of(name) in ABOUT and name.strip().lower() not in ("agent", "caller")


def about_of(said: Mapping[str, Any]) -> dict[str, str]:
    """What a row, an object or a head tells of its call, by our names."""
    found: dict[str, str] = {}
    for name, value in said.items():
        ours = field_of(str(name))
        if ours in ABOUT and value not in (None, "") and not isinstance(value, list | dict):
            found.setdefault(ours, str(value).strip()[:300])
    return found
