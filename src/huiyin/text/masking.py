"""Personal data replaced by what it was: 【手机号】, 【身份证号】, 【姓名】 … before anything is stored or read.

Numbers are accepted as identity or bank card numbers only when their check digit is right (ISO 7064 MOD 11-2 as in
GB 11643, Luhn as in ISO/IEC 7812), so that order numbers stay. The search runs over a whole batch as one folded
string: full-width and half-width, upper and lower case are the same to it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from huiyin.text.codepoints import CodePoints, encode, fold, replaced
from huiyin.text.compiled import compiled
from huiyin.text.edits import Edit, Edited, apply
from huiyin.text.phrases import Hits, PhraseFinder

_HAN = "\u4e00-\u9fff"
_HANDLES = "tel|phone|mobile|call|qq|vx|wx|wechat"
_BEFORE_DIGITS = "".join(f"(?<!{one})" for one in (r"[\da-z]", r"\d\.")) + "|" + "|".join(f"(?<={one})" for one in _HANDLES.split("|"))
_DIGITS = re.compile(rf"(?:{_BEFORE_DIGITS})\+?\d(?:[ \-]{{0,2}}\d){{6,}}x?(?:(?![\da-z])|(?=(?:{_HANDLES})))")
_HANDLE = 8
"""How far behind its last digit a number is looked at: the longest handle and an x."""
_GROUP = re.compile(r"\+?\d+x?")
_GROUPS = 7
"""So many groups of digits, with spaces or dashes between them, may make up one number."""
_MOBILE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_MOBILE_GROUPS = re.compile(
    r"(?:(?:\+?86|0086) ?)?(?:1[3-9]\d{9}|1[3-9]\d \d{4} ?\d{4}|1[3-9]\d{2} \d{3} ?\d{4}|1[3-9]\d{5} \d{4}|1[3-9]\d \d{3} \d{5})"
)
_MOBILE_DOTTED = re.compile(r"(?<![\d.a-z])1[3-9]\d([._/])\d{4}\1\d{4}(?![\d.a-z])")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2}) ?\d{3,4} ?\d{4}")
_LANDLINE_BRACKETS = re.compile(r"\(0(?:10|2\d|[3-9]\d{2})\) ?\d{3,4}[ \-]?\d{4}(?!\d)")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_BANK_CARD = re.compile(r"3[47]\d{13}|(?:4|5[1-5]|35|6)\d{14,17}|62\d{14,17}|9558\d{12,15}")
_OTHER_NUMBER = re.compile(r"(?:单号|编号|流水号|序列号|订单|工单|运单|快递|物流|imei|sn|编码|条码)(?:号|是|为)?[:# ]{0,2}\Z")
"""A number that calls itself so is no bank card, whatever its check digit."""
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?<![最全更])[{_PROVINCES}][a-hj-np-z][·•. ]?(?=[a-hj-np-z]{{0,5}}\d)"
    "[a-hj-np-z0-9]{4,5}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])"
)
_ACCOUNT = re.compile(
    r"(?:(?:微信|薇信|威信|(?<![a-z])(?:vx|wx|wechat))(?:号|是|加|id){0,2}[: ]{0,2}|加我?v[: ]{1,2})"
    r"(?!iphone|ipad|android|windows|version)(?=[a-z_\-]*[\d_]|(?<=[:号是])[a-z])([a-z][a-z0-9_\-]{5,19})(?![a-z0-9_])"
)
_QQ = re.compile(r"(?:(?<![a-z])qq|扣扣|企鹅)(?:群|号|是|加|为){0,3}[: ]{0,2}([1-9]\d{4,10})(?![\da-z.])")
_STREET = re.compile(
    rf"(?:(?<![走铁线电思套\d])路|街道|街|大道|巷|弄|胡同)\d{{1,5}}(?:弄\d{{1,4}})?号(?![线下上])"
    rf"(?:[{_HAN}a-z0-9\-]{{0,14}}?(?:室|单元|栋|幢|号楼|座|房))?"
)
_STREET_NAME = 24
_NAME_END = re.compile(rf"[{_HAN}]*\Z")
_BEFORE_STREET = re.compile(rf"(?:.*[在住到址是于])?((?:[{_HAN}]{{2,7}}?(?:省|自治区|市|区|县|镇|乡)){{0,4}}[{_HAN}]{{1,8}})\Z")
_ROOM = re.compile(
    r"\d{1,3}(?:(?:栋|幢|号楼)(?:[a-z]座)?(?:\d{1,2}单元)?|座(?=\d{1,2}单元|\d{2,4}[室房])(?:\d{1,2}单元)?)"
    r"\d{2,4}(?:室|房|号房)?(?!\d|多|户|个|元|万|人|间)"
)
_SELF_NAMED = re.compile(
    rf"(?:我叫|本人叫|姓名[: ]{{0,2}}|联系人[: ]{{0,2}}|收件人[: ]{{0,2}}|收货人[: ]{{0,2}}|签名: ?|投诉人[: ]{{0,2}}|我是业主)([{_HAN}]{{2,4}}?)"
    rf"(?=[^{_HAN}]|[住在家的是电手想要买来用有这今昨于从对请为号购订预没不身])"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬"
    "安常乐于傅皮卞齐康伍余卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳焦侯宓蓬全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶司黎薄印白怀蒲邰从赖卓蔺屠蒙池乔阴胥"
    "能苍双闻莘党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀尚农温庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广阙东欧利师巩聂关荆"
)
_COMMON = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范石姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙段雷钱汤尹黎"
)
_COMPOUND = frozenset(["欧阳", "司马", "上官", "诸葛", "夏侯", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木", "南宫"])
_FUNCTION_WORDS = frozenset("从都能应全终通步连班")
"""Surnames too, but before a form of address they nearly always mean something else."""
_NOT_NAME_WORDS = (
    "高级 全体 有个 这个 那个 各位 双方 我方 对方 官方 成都 国内 通过 应该 从此 东方 文化 关于 任何 能让 都能 大堂 客户 销售 "
    "理财 产品 项目 区域 值班 店面 门店 部门 公司 网点 支行 分行 银行 总行 前厅 餐厅 酒店 主治 住院 主任 主管 全科 语文 英文 "
    "中文 外文 人文 数学 美术 音乐 舞蹈 体育 外国 中国 国外 美国 安装 安检 保安 平安 公安 维修 快递 司机 房东 宿管 保管 城管 "
    "仓管 美容 整容 容易 家长 校长 店长 班长 高中 初中 小学 大学 非常 经常 日常 平常 异常 正常 感谢 谢谢 多谢 答谢 方向 终于 "
    "对于 由于 属于 等于 处于 至于 位于 全部 师傅 老师 医生 经理 阿姨 先生 女士 小姐 警官 太太 大姐 大哥 古文 国文 作文 生意 "
    "施工 包装 装修 管道 管家 水管 江苏 浙江 贵州 云南 山东 广东 广西 江西 安徽 陕西 云贵 万达 万科 时候 当时 及时 按时 小时 "
    "平时 临时 同时 准时 实时 单元 订单 工单 单位 简单 "
)
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())
_SAFE_BEFORE_TITLE = frozenset("个位名的是那这大小老女男新有")
_PROVINCE = np.zeros(0x10000, dtype=bool)
_PROVINCE[[ord(one) for one in _PROVINCES]] = True


_SELF_NAMING = ("我叫", "本人叫", "姓名", "联系人", "收件人", "收货人", "签名", "投诉人", "我是业主")
_TITLES = ("先生", "女士", "小姐", "师傅", "太太", "阿姨", "大姐", "大哥", "经理", "主任", "医生", "老师", "警官")
_NO_TITLE = "小姐姐"


@functools.cache
def _name_finder() -> PhraseFinder:
    """Titles, the word that is none, and what people say before their own name."""
    return PhraseFinder([*_TITLES, _NO_TITLE, *_SELF_NAMING])


def mask_batch(texts: Sequence[str]) -> list[Edited]:
    """Mask every text; untouched ones come back with no edits."""
    points = encode(texts)
    edited = mask_points(texts, points, fold(points))[1]
    return [edited.get(row) or Edited(text, ()) for row, text in enumerate(texts)]


def mask_points(texts: Sequence[str], points: CodePoints, folded: CodePoints) -> tuple[list[str], dict[int, Edited], CodePoints, CodePoints]:
    """The same for texts that are laid end to end already: the masked texts, the edits of those that have any, and the masked
    texts as code points, plain and folded.
    """
    found: dict[int, list[Edit]] = {}
    for start, end, surrogate, kind in find(folded):
        text = points.text_of_one(start)
        offset = int(points.starts[text])
        found.setdefault(text, []).append(Edit(start - offset, end - offset, surrogate, kind))
    masked, rows = list(texts), sorted(found)
    edited = {row: apply(texts[row], found[row]) for row in rows}
    for row, one in edited.items():
        masked[row] = one.text
    changed = encode([one.text for one in edited.values()])
    return masked, edited, replaced(points, rows, changed), replaced(folded, rows, fold(changed))


def mask(text: str) -> str:
    """One text masked.

    >>> mask("我叫王小明，电话 138 0013 8000，订单号 2024031512345678")
    '我叫【姓名】，电话 【手机号】，订单号 2024031512345678'
    """
    return mask_batch([text])[0].text


def find(folded: CodePoints) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, surrogate, kind) of personal data; positions are those of `folded.codes`.

    One pass finds the signs without which there is no such thing: seven digits, a figure behind a street, an @. The
    patterns, which are dear, are tried only there.
    """
    joined = folded.joined()
    yield from _names(joined, _name_finder().find(folded))
    signs = _signs(folded.codes, _PROVINCE)
    last_end = [0] * (_REST + 1)
    for kind, at, stop in signs.T.tolist():
        if kind == _NUMBER:
            yield from _numbers(joined, at, stop)
        elif kind != _REST:
            for found in _figure(joined, kind, at, last_end[kind]):
                last_end[kind] = found[1]
                yield found
    rows = np.unique(folded.text_of(signs[1, signs[0] == _REST]))
    for row in rows.tolist():
        begin, end = int(folded.starts[row]), int(folded.starts[row + 1])
        yield from _accounts(joined, begin, end)


_NUMBER, _DOTTED, _BRACKETS, _STREETS, _ROOMS, _PLATES, _REST = range(7)
"""Kinds of signs. `_REST`: something in the text may be a mail address or an account."""


@compiled
def _digit(code: int) -> bool:
    return 0x30 <= code <= 0x39


@compiled
def _signs(codes: NDArray[np.uint32], province: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows kind, position, end of the digits; shape (3, signs)."""
    count, length = 0, len(codes) - 1
    out = np.empty((3, max(length, 0)), np.int64)
    digits, first, last = 0, 0, -10
    for at in range(length):
        code, after = codes[at], codes[at + 1]
        kind = -1
        if code < 0x80:
            if _digit(code):
                if at - last > 3 or (at - last > 1 and not _joins(codes, last + 1, at)):
                    digits, first = 0, at
                digits, last = digits + 1, at
                if (
                    digits >= 7
                    and not (_digit(after) or (at + 2 < length and _joins(codes, at + 1, at + 2) and _digit(codes[at + 2])))
                    and not (at + 3 < length and _joins(codes, at + 1, at + 3) and _digit(codes[at + 3]))
                ):
                    kind = _NUMBER
                elif after == 0x680B or after == 0x5E62 or after == 0x53F7 or after == 0x5EA7:  # 栋幢号座
                    kind = _ROOMS
                elif code == 0x31 and at + 8 < length and codes[at + 8] == codes[at + 3] and 0x2E <= codes[at + 3] <= 0x5F:
                    kind = _DOTTED
            elif (code == 0x28 and after == 0x30) or code == 0x40:
                kind = _BRACKETS if code == 0x28 else _REST
            elif (after == 0x78 and (code == 0x76 or code == 0x77)) or (code == 0x71 and after == 0x71) or (code == 0x77 and after == 0x65):
                kind = _REST  # vx wx qq we
        elif _digit(after):
            if code == 0x8DEF or code == 0x8857 or code == 0x9053 or code == 0x5DF7 or code == 0x5F04 or code == 0x540C:  # 路街道巷弄同
                kind = _STREETS
        elif after < 0x80:
            if 0x61 <= after <= 0x7A and code < 0x10000 and province[code]:
                kind = _PLATES
            elif after == 0x76 and (code == 0x52A0 or code == 0x6211):  # 加v 我v
                kind = _REST
        elif (after == 0x4FE1 and (code == 0x5FAE or code == 0x8587 or code == 0x5A01)) or (code == 0x6263 and after == 0x6263):
            kind = _REST  # 微信 薇信 威信 扣扣
        elif code == 0x4F01 and after == 0x9E45:  # 企鹅
            kind = _REST
        if kind >= 0:
            out[0, count], out[1, count], out[2, count] = kind, (first if kind == _NUMBER else at), at + 1
            count += 1
    return out[:, :count].copy()


@compiled
def _joins(codes: NDArray[np.uint32], begin: int, end: int) -> bool:
    """Whether only spaces and dashes stand there, as between the groups of one number."""
    blank = 0
    for at in range(begin, end):
        blank += codes[at] == 0x20 or codes[at] == 0x2D
    return blank == end - begin


def _figure(joined: str, kind: int, at: int, free: int) -> Iterator[tuple[int, int, str, str]]:
    """The address, plate or number at a sign, if it is one; what starts before `free` belongs to the one before."""
    if kind == _STREETS:
        match = _at(_STREET, joined, at - 1, free) or _at(_STREET, joined, at, free)
        if match:
            name = _BEFORE_STREET.search(joined[max(0, match.start() - _STREET_NAME) : match.start()])
            yield match.start() - (len(name.group(1)) if name else 0), match.end(), "【地址】", "address"
        return
    if kind == _ROOMS:
        match = next((found for start in (at - 2, at - 1, at) if (found := _at(_ROOM, joined, start, free))), None)
    else:
        match = _at({_PLATES: _PLATE, _DOTTED: _MOBILE_DOTTED, _BRACKETS: _LANDLINE_BRACKETS}[kind], joined, at, free)
    if match:
        yield match.start(), match.end(), *_SURROGATES[kind]


_SURROGATES = {
    _ROOMS: ("【地址】", "address"),
    _PLATES: ("【车牌】", "plate"),
    _DOTTED: ("【手机号】", "mobile"),
    _BRACKETS: ("【座机】", "landline"),
}


def _at(pattern: re.Pattern[str], joined: str, start: int, free: int) -> re.Match[str] | None:
    return pattern.match(joined, start) if start >= free else None


def _accounts(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """Mail addresses and accounts of one text."""
    if "@" in joined[begin:end]:
        yield from ((match.start(), match.end(), "【邮箱】", "email") for match in _EMAIL.finditer(joined, begin, end))
    for pattern in (_ACCOUNT, _QQ):
        yield from ((match.start(1), match.end(1), "【账号】", "account") for match in pattern.finditer(joined, begin, end))


def _numbers(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """Numbers of people among the digits of `joined[begin:end]`."""
    start = begin - 1 if begin and joined[begin - 1] == "+" else begin
    for run in _DIGITS.finditer(joined, start, end + _HANDLE):
        if run.start() >= end:
            break
        groups = list(_GROUP.finditer(joined, run.start(), run.end()))
        at = 0
        while at < len(groups):
            for last in range(min(at + _GROUPS, len(groups)), at, -1):
                first, stop = groups[at].start(), groups[last - 1].end()
                kind = _number_kind([group.group() for group in groups[at:last]], joined[max(0, first - 8) : first])
                if kind:
                    yield first, stop, *kind
                    at = last
                    break
            else:
                at += 1


def _number_kind(groups: list[str], before: str) -> tuple[str, str] | None:
    """What the number made up of these groups of digits is: surrogate and kind; None where it is nobody's."""
    digits, spaced = "".join(groups), " ".join(groups)
    if len(digits) > 21:
        return None
    if _IDENTITY.fullmatch(digits) and mod_11_2.is_valid(digits.upper()):
        return "【身份证号】", "identity"
    if _MOBILE_GROUPS.fullmatch(spaced) or (
        len(groups) > 2 and _MOBILE.fullmatch(digits) and max(len(one) for one in groups) <= 4 and digits[0] != "2"
    ):
        return "【手机号】", "mobile"
    if _BANK_CARD.fullmatch(digits) and luhn.is_valid(digits) and not _OTHER_NUMBER.search(before):
        return "【银行卡号】", "bank_card"
    if _LANDLINE.fullmatch(spaced):
        return "【座机】", "landline"
    return None


def _names(joined: str, hits: Hits) -> Iterator[tuple[int, int, str, str]]:
    for phrase, start in zip(hits.phrase.tolist(), hits.start.tolist(), strict=True):
        if phrase < len(_TITLES):
            length = _name_before(joined[max(0, start - 4) : start])
            if length:
                yield start - length, start, "【姓名】", "name"
        elif phrase > len(_TITLES) and (match := _SELF_NAMED.match(joined, start)):
            name = match.group(1)
            if name[:2] not in _NOT_NAMES and (name[:2] in _COMPOUND or (name[0] in _SURNAMES and name[0] not in _FUNCTION_WORDS)):
                yield match.start(1), match.end(1), "【姓名】", "name"


def _name_before(before: str) -> int:
    """How many characters directly before a form of address are a name; a common surname outranks a nearer rare one."""
    before = _NAME_END.search(before).group()  # type: ignore[union-attr]
    if not before or before[-1] in _SAFE_BEFORE_TITLE or before[-2:] in _NOT_NAMES:
        return 0
    for length in (4, 3, 2):
        if before[-length:][:2] in _COMPOUND and len(before) >= length:
            return length
    surnames = [length for length in range(1, min(len(before), 3) + 1) if before[-length] in _SURNAMES and before[-length:] not in _NOT_NAMES]
    if not surnames or before[-surnames[0]] in _FUNCTION_WORDS:
        return 0
    # 李国强先生: 国 is a surname, but behind a common one it is part of the given name.
    common = [length for length in surnames if before[-length] in _COMMON and before[-length - 1 : len(before) - length + 1] not in _NOT_NAMES]
    return max([surnames[0], *common])
