"""Personal data replaced by what it was: 【手机号】, 【身份证号】, 【姓名】 … before anything is stored or read.

Numbers are accepted as identity or bank card numbers only when their check digit is right (ISO 7064 MOD 11-2 as in
GB 11643, Luhn as in ISO/IEC 7812), so that order numbers stay. The search runs over a whole batch as one folded
string: full-width and half-width, upper and lower case are the same to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from huiyin.text.codepoints import CodePoints, encode, fold
from huiyin.text.edits import Edit, Edited, apply

_HAN = "\u4e00-\u9fff"
_DIGITS = re.compile(r"(?<![\da-z])\+?\d(?:[ \-]?\d){6,20}x?(?![\da-z])")
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2})[ \-]?\d{7,8}")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+\-]{0,63}@[a-z0-9\-]{1,63}(?:\.[a-z0-9\-]{1,63}){1,4}")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-hj-np-z][·•. ]?(?=[a-hj-np-z]{0,5}\\d)"
    "[a-hj-np-z0-9]{4,5}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])"
)
_ACCOUNT = re.compile(r"((?:微信号?|vx|wechat|qq群?|扣扣|企鹅)(?:号|是|加|群)?[:： ]{0,2})([a-z0-9_\-]{5,20})(?![a-z0-9_])")
_STREET = re.compile(rf"(?:路|街道|街|大道|巷|弄|胡同)\d{{1,5}}(?:弄\d{{1,4}})?号(?:[{_HAN}a-z0-9\-]{{0,14}}?(?:室|单元|栋|幢|号楼|座|房))?")
_BEFORE_STREET = re.compile(rf"(?:.*[在住到址是于])?([{_HAN}]{{1,8}})$")
_ROOM = re.compile(r"\d{1,3}(?:栋|幢|号楼|座)(?:[a-z]座)?(?:\d{1,2}单元)?\d{2,4}(?:室|房|号房)?(?!\d)")
_TITLE = re.compile("先生|女士|小姐|师傅|太太|阿姨|大姐|大哥|经理|主任|医生|老师|警官")
_SELF_NAMED = re.compile(
    rf"(?:我叫|本人叫|姓名[:：]? ?|联系人[:：]? ?|收件人[:：]? ?|收货人[:：]? ?|签名[:：] ?|投诉人[:：]? ?|我是业主)([{_HAN}]{{2,4}}?)"
    rf"(?=[^{_HAN}]|住|在|家|的|是|电|手|$)"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬"
    "安常乐于傅皮卞齐康伍余卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳焦侯宓蓬全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶司黎薄印白怀蒲邰从赖卓蔺屠蒙池乔阴胥"
    "能苍双闻莘党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀尚农温庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广阙东欧利师巩聂关荆"
)
_NOT_NAMES = frozenset(
    [
        "高级",
        "全体",
        "有个",
        "这个",
        "那个",
        "各位",
        "双方",
        "我方",
        "对方",
        "成都",
        "国内",
        "通过",
        "应该",
        "从此",
        "东方",
        "文化",
        "关于",
        "任何",
        "能让",
        "都能",
    ]
)
_SAFE_BEFORE_TITLE = frozenset("个位名的是那这大小老女男新有")


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
    joined = folded.joined()
    yield from _numbers(joined)
    yield from ((match.start(), match.end(), "【车牌】", "plate") for match in _PLATE.finditer(joined))
    for match in _STREET.finditer(joined):
        name = _BEFORE_STREET.search(joined[max(0, match.start() - 8) : match.start()])
        yield match.start() - (len(name.group(1)) if name else 0), match.end(), "【地址】", "address"
    yield from ((match.start(), match.end(), "【地址】", "address") for match in _ROOM.finditer(joined))
    if "@" in joined:
        yield from ((match.start(), match.end(), "【邮箱】", "email") for match in _EMAIL.finditer(joined))
    yield from ((match.start(2), match.end(2), "【账号】", "account") for match in _ACCOUNT.finditer(joined))
    yield from _names(joined)


def _numbers(joined: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _DIGITS.finditer(joined):
        digits = match.group().replace(" ", "").replace("-", "")
        if _IDENTITY.fullmatch(digits) and mod_11_2.is_valid(digits.upper()):
            yield match.start(), match.end(), "【身份证号】", "identity"
        elif _MOBILE.fullmatch(digits):
            yield match.start(), match.end(), "【手机号】", "mobile"
        elif 15 <= len(digits) <= 19 and digits[0] in "34569" and luhn.is_valid(digits):
            yield match.start(), match.end(), "【银行卡号】", "bank_card"
        elif _LANDLINE.fullmatch(match.group()) and len(digits) in (10, 11, 12):
            yield match.start(), match.end(), "【座机】", "landline"


def _names(joined: str) -> Iterator[tuple[int, int, str, str]]:
    for match in _TITLE.finditer(joined):
        length = _name_before(joined[max(0, match.start() - 3) : match.start()])
        if length:
            yield match.start() - length, match.start(), "【姓名】", "name"
    for match in _SELF_NAMED.finditer(joined):
        if match.group(1)[0] in _SURNAMES:
            yield match.start(1), match.end(1), "【姓名】", "name"


def _name_before(before: str) -> int:
    """How many characters directly before a form of address are a name: the surname nearest to it decides."""
    for length in range(1, len(before) + 1):
        name = before[-length:]
        if name[0] in _SURNAMES and name not in _NOT_NAMES:
            return length
        if length == 1 and name[0] in _SAFE_BEFORE_TITLE:
            return 0
    return 0
