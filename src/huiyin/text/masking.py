"""Personal data replaced by what it was: 【手机号】, 【身份证号】, 【姓名】 … before anything is stored or read.

Numbers are accepted as identity or bank card numbers only when their check digit is right (ISO 7064 MOD 11-2 as in
GB 11643, Luhn as in ISO/IEC 7812), so that order numbers stay. The search runs over a whole batch as one folded
string: full-width and half-width, upper and lower case are the same to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from huiyin.text.codepoints import CodePoints, encode, fold
from huiyin.text.edits import Edit, Edited, apply
from huiyin.text.ngrams import is_latin

_HAN = "\u4e00-\u9fff"
_HANDLES = "tel|phone|mobile|call|qq|vx|wx|wechat"
_BEFORE_DIGITS = "".join(f"(?<!{one})" for one in (r"[\da-z]", r"\d\.")) + "|" + "|".join(f"(?<={one})" for one in _HANDLES.split("|"))
_DIGITS = re.compile(rf"(?:{_BEFORE_DIGITS})\+?\d(?:[ \-]{{0,2}}\d){{6,}}x?(?:(?![\da-z])|(?=(?:{_HANDLES})))")
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
_TITLE = re.compile("先生|女士|小姐(?!姐)|师傅|太太|阿姨|大姐|大哥|经理|主任|医生|老师|警官")
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


def _any_of(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x110000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


_PROVINCE = _any_of(_PROVINCES)
_AFTER_STREET = _any_of("路道街巷弄同")
_BLOCK = _any_of("栋幢号座")


def mask_batch(texts: Sequence[str]) -> list[Edited]:
    """Mask every text; untouched ones come back with no edits."""
    points = encode(texts)
    found: dict[int, list[Edit]] = {}
    for start, end, surrogate, kind in find(fold(points)):
        text = points.text_of_one(start)
        offset = int(points.starts[text])
        found.setdefault(text, []).append(Edit(start - offset, end - offset, surrogate, kind))
    return [apply(text, found[at]) if at in found else Edited(text, ()) for at, text in enumerate(texts)]


def mask(text: str) -> str:
    """One text masked.

    >>> mask("我叫王小明，电话 138 0013 8000，订单号 2024031512345678")
    '我叫【姓名】，电话 【手机号】，订单号 2024031512345678'
    """
    return mask_batch([text])[0].text


def find(folded: CodePoints) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, surrogate, kind) of personal data; positions are those of `folded.codes`."""
    yield from _names(folded.joined())
    codes = folded.codes
    digit = (codes >= 0x30) & (codes <= 0x39)
    latin = is_latin(codes)
    # A house number behind a street, a room behind a block, a plate's letter behind its province: what no text can do without.
    signs = (np.roll(digit, -1) & _AFTER_STREET[codes]) | (np.roll(latin, -1) & _PROVINCE[codes])
    signs |= (digit & np.roll(_BLOCK[codes], -1)) | (codes == ord("@"))
    # Most texts hold no such thing, and the patterns for them are the dearest.
    accounts = _counts(folded, digit | latin) >= 5
    for rows, search in ((_counts(folded, digit) >= 7, _numbers), ((_counts(folded, signs) > 0) | accounts, _figures)):
        chosen, shift = _only(folded, rows)
        for start, end, surrogate, kind in search(chosen.joined()):
            moved = int(shift[chosen.text_of_one(start)])
            yield start + moved, end + moved, surrogate, kind


def _counts(folded: CodePoints, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many positions of each text `mask` holds for."""
    totals = np.concatenate([[0], np.cumsum(mask)])
    return np.diff(totals[folded.starts])


def _only(folded: CodePoints, rows: NDArray[np.bool_]) -> tuple[CodePoints, NDArray[np.int64]]:
    """The chosen texts end to end, and how far each stood from where it stands now."""
    lengths = np.diff(folded.starts)
    starts = np.concatenate([[0], np.cumsum(lengths[rows])]).astype(np.int64)
    return CodePoints(folded.codes[np.repeat(rows, lengths)], starts), folded.starts[:-1][rows] - starts[:-1]


def _figures(joined: str) -> Iterator[tuple[int, int, str, str]]:
    """Plates, addresses, mail addresses and accounts."""
    yield from ((match.start(), match.end(), "【车牌】", "plate") for match in _PLATE.finditer(joined))
    for match in _STREET.finditer(joined):
        name = _BEFORE_STREET.search(joined[max(0, match.start() - _STREET_NAME) : match.start()])
        yield match.start() - (len(name.group(1)) if name else 0), match.end(), "【地址】", "address"
    yield from ((match.start(), match.end(), "【地址】", "address") for match in _ROOM.finditer(joined))
    if "@" in joined:
        yield from ((match.start(), match.end(), "【邮箱】", "email") for match in _EMAIL.finditer(joined))
    for pattern in (_ACCOUNT, _QQ):
        yield from ((match.start(1), match.end(1), "【账号】", "account") for match in pattern.finditer(joined))


def _numbers(joined: str) -> Iterator[tuple[int, int, str, str]]:
    for run in _DIGITS.finditer(joined):
        groups = list(_GROUP.finditer(joined, run.start(), run.end()))
        at = 0
        while at < len(groups):
            for last in range(min(at + _GROUPS, len(groups)), at, -1):
                start, end = groups[at].start(), groups[last - 1].end()
                kind = _number_kind([group.group() for group in groups[at:last]], joined[max(0, start - 8) : start])
                if kind:
                    yield start, end, *kind
                    at = last
                    break
            else:
                at += 1
    for match in _MOBILE_DOTTED.finditer(joined):
        yield match.start(), match.end(), "【手机号】", "mobile"
    for match in _LANDLINE_BRACKETS.finditer(joined):
        yield match.start(), match.end(), "【座机】", "landline"


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


def _names(joined: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _TITLE.finditer(joined):
        length = _name_before(joined[max(0, match.start() - 4) : match.start()])
        if length:
            yield match.start() - length, match.start(), "【姓名】", "name"
    for match in _SELF_NAMED.finditer(joined):
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
