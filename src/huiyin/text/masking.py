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

from huiyin.text import addresses, names
from huiyin.text.codepoints import CodePoints, encode, fold, replaced
from huiyin.text.compiled import compiled
from huiyin.text.edits import Edit, Edited, apply

_HANDLES = "tel|phone|mobile|call|qq|vx|wx|wechat"
_BEFORE_DIGITS = "".join(f"(?<!{one})" for one in (r"[\da-z]", r"\d\.")) + "|" + "|".join(f"(?<={one})" for one in _HANDLES.split("|"))
_DIGITS = re.compile(rf"(?:{_BEFORE_DIGITS})\+?\d(?:[ \-—_]{{0,2}}\d){{6,}}x?(?:(?![\da-z])|(?=(?:{_HANDLES})))")
_HANDLE = 8
"""How far behind its last digit a number is looked at: the longest handle and an x."""
_GROUP = re.compile(r"\+?\d+x?")
_GROUPS = 7
"""So many groups of digits, with spaces or dashes between them, may make up one number."""
_MOBILE = re.compile(r"(?:\+?86|0086)?1[3-9]\d{9}")
_MOBILE_GROUPS = re.compile(
    r"(?:(?:\+?86|0086) ?)?(?:1[3-9]\d{9}|1[3-9]\d \d{4} ?\d{4}|1[3-9]\d{2} \d{3} ?\d{4}|1[3-9]\d{5} \d{4}|1[3-9]\d \d{3} \d{5})"
)
_LAND = re.compile(r"\(\+?86\)[ \-]?\Z")
_MOBILE_DOTTED = re.compile(r"(?<![\d.a-z])1[3-9]\d([._/])\d{4}\1\d{4}(?![\d.a-z])")
_LANDLINE = re.compile(r"0(?:10|2\d|[3-9]\d{2}) ?\d{3,4} ?\d{4}")
_LANDLINE_BRACKETS = re.compile(r"\(0(?:10|2\d|[3-9]\d{2})\) ?\d{3,4}[ \-]?\d{4}(?!\d)")
_IDENTITY = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_BANK_CARD = re.compile(r"3[47]\d{13}|(?:4|5[1-5]|35|6)\d{14,17}|62\d{14,17}|9558\d{12,15}")
_OTHER_NUMBER = re.compile(r"(?:单号|编号|流水号|序列号|订单|工单|运单|快递|物流|imei|sn|编码|条码)(?:号|是|为)?[:# ]{0,2}\Z")
"""A number that calls itself so is no bank card, whatever its check digit."""
_EMAIL = re.compile(
    r"[a-z0-9][a-z0-9._%+\-]{0,63}(?: ?@ ?|\[at\]|\(at\)|#at?#)[a-z0-9\-]{1,63}(?:(?:\.|#dot#)[a-z0-9\-]{1,63}){1,4}"
    r"|[a-z0-9][a-z0-9._\-]{2,63}#(?:at)?#?(?:qq|163|126|gmail|sina|outlook)#?(?:\.|#)?(?:com|cn)"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATE = re.compile(
    rf"(?<![最全更])[{_PROVINCES}][a-hj-np-z][·•. \-]?(?=[a-hj-np-z]{{0,5}}\d)"
    "[a-hj-np-z0-9]{4,5}[a-hj-np-z0-9挂学警港澳](?![a-z0-9])"
)
_ACCOUNT = re.compile(
    r"(?:(?:微信|薇信|威信|v信|薇❤?|抖音|快手|小红书|微博|支付宝|(?<![a-z])(?:vx|wx|wechat))(?:账号|帐号|号|是|加|id){0,2}[: ]{0,2}|加我?v[: ]{1,2})"
    r"(?!iphone|ipad|android|windows|version)(?=[a-z_\-]{0,19}[\d_]|(?<=[:号是])[a-z])([a-z][a-z0-9_\-]{5,19})(?![a-z0-9_])"
)
_QQ = re.compile(r"(?:(?<![a-z])qq|扣扣|企鹅|(?<![a-z])q群|加q(?![a-z]))(?:群|号|是|加|为){0,3}[: ]{0,2}([1-9]\d{4,10})(?![\da-z.])")
_PAPER = re.compile(
    r"(?:护照|passport)(?:号码|号|no\.?|number|是|为|[: ]){0,4}([a-z]{1,2}\d{7,8})(?![a-z0-9])"
    r"|(?:通行证|回乡证)(?:号码|号|是|[: ]){0,3}([a-z]\d{8,10})(?![a-z0-9])"
    r"|(?:台胞证)(?:号码|号|是|[: ]){0,3}(\d{8}(?:\d{2})?)(?!\d)"
    r"|(?:军官证|士官证)(?:号码|号|是|[: ]){0,3}([\u4e00-\u9fff]字?第?\d{4,8}号?)"
)
"""Papers whose numbers have no check digit are known by their name."""
_PAPER_ALONE = re.compile(r"(?<![a-z0-9])(?:[eg]\d{8}|e[a-hj-np-z]\d{7})(?=(?:丢|遗失|过期|办|签|护照))")
_SPOKEN = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两", "001234567891123456789" + "2")
_SPOKEN_LETTERS = frozenset("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖")
_PROVINCE = np.zeros(0x10000, dtype=bool)
_PROVINCE[[ord(one) for one in _PROVINCES]] = True
_NAMED = np.array([ord(one) for one in "微信薇信威信扣扣企鹅护照行证胞证官证乡证抖音快手小红微博付宝交叉交汇交界"], dtype=np.uint32)
_NAMED_FIRST = np.zeros(0x10000, dtype=bool)
_NAMED_FIRST[_NAMED[::2]] = True
_ESTATE_ENDS = frozenset("区园苑厦场寓城里府湾庭居村郡邸馆墅")
_STREET_ENDS = np.zeros(0x10000, dtype=bool)
_STREET_ENDS[[ord(one) for one in {*"路街道巷弄同段甲乙村", *_ESTATE_ENDS}]] = True
_NUMERALS = np.zeros(0x10000, dtype=bool)
_NUMERALS[[ord(one) for one in _SPOKEN_LETTERS]] = True


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
    yield from names.find(joined, folded)
    signs = _signs(folded.codes, _PROVINCE, _NUMERALS, _STREET_ENDS)
    last_end = [0] * (_SPOKEN_NUMBER + 1)
    for kind, at, stop in signs.T.tolist():
        if kind == _NUMBER:
            yield from _numbers(joined, at, stop)
        elif kind == _SPOKEN_NUMBER:
            yield from _spoken(joined, at, stop)
        elif kind != _REST:
            for found in _figure(joined, kind, at, last_end[kind]):
                last_end[kind] = found[1]
                yield found
    rows = np.unique(folded.text_of(signs[1, signs[0] == _REST]))
    for row in rows.tolist():
        begin, end = int(folded.starts[row]), int(folded.starts[row + 1])
        yield from _accounts(joined, begin, end)


_NUMBER, _DOTTED, _BRACKETS, _STREETS, _ROOMS, _PLATES, _REST, _SPOKEN_NUMBER = range(8)
"""Kinds of signs. `_REST`: something in the text may be a mail address or an account."""


@compiled
def _digit(code: int) -> bool:
    return 0x30 <= code <= 0x39


@compiled
def _signs(codes: NDArray[np.uint32], province: NDArray[np.bool_], numerals: NDArray[np.bool_], streets: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows kind, position, end of the digits; shape (3, signs)."""
    count, length = 0, len(codes) - 1
    out = np.empty((3, max(2 * length, 0)), np.int64)
    digits, first, last = 0, 0, -10
    spoken, spoken_first, spoken_last, letters = 0, 0, -10, 0
    for at in range(length):
        code, after = codes[at], codes[at + 1]
        kind = -1
        if _digit(code) or (code < 0x10000 and numerals[code]):
            if at - spoken_last > 2 or (at - spoken_last == 2 and not _joins(codes, spoken_last + 1, at)):
                spoken, spoken_first, letters = 0, at, 0
            spoken, spoken_last, letters = spoken + 1, at, letters + (code >= 0x80)
            goes_on = _digit(after) or (after < 0x10000 and numerals[after])
            if spoken >= 11 and letters > 0 and not goes_on:
                out[0, count], out[1, count], out[2, count] = _SPOKEN_NUMBER, spoken_first, at + 1
                count += 1
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
                elif after == 0x680B or after == 0x5E62 or after == 0x53F7 or after == 0x5EA7 or after == 0x23:  # 栋幢号座#
                    kind = _ROOMS
                elif code == 0x31 and at + 8 < length and codes[at + 8] == codes[at + 3] and 0x2E <= codes[at + 3] <= 0x5F:
                    kind = _DOTTED
            else:
                kind = _latin_sign(code, after)
        else:
            kind = _han_sign(code, after, province, numerals, streets)
        if kind >= 0:
            out[0, count], out[1, count], out[2, count] = kind, (first if kind == _NUMBER else at), at + 1
            count += 1
    return out[:, :count].copy()


@compiled
def _latin_sign(code: int, after: int) -> int:
    """The kind of sign that an ASCII character, no digit, and the one after it are; −1: none."""
    if (after == 0x5EA7 or after == 0x680B or after == 0x5E62) and 0x61 <= code <= 0x7A:  # a座 a栋 a幢
        return _ROOMS
    if code == 0x28 and after == 0x30:
        return _BRACKETS
    if code == 0x40 or ((code == 0x5B or code == 0x23 or code == 0x28) and after == 0x61):  # @ [a #a (a
        return _REST
    if (code == 0x73 and after == 0x73) or (code == 0x71 and after == 0x7FA4) or (code == 0x76 and after == 0x4FE1):  # passport q群 v信
        return _REST
    if (after == 0x78 and (code == 0x76 or code == 0x77)) or (code == 0x71 and after == 0x71) or (code == 0x77 and after == 0x65):  # vx wx qq we
        return _REST
    return -1


@compiled
def _han_sign(code: int, after: int, province: NDArray[np.bool_], numerals: NDArray[np.bool_], streets: NDArray[np.bool_]) -> int:
    """The same for any other character."""
    if code >= 0x10000 or after >= 0x10000:
        return -1
    if (after == 0x680B or after == 0x5E62) and numerals[code]:  # 五栋
        return _ROOMS
    if _digit(after) or (after >= 0x80 and numerals[after]):
        return _STREETS if streets[code] else -1
    if 0x61 <= after <= 0x7A and province[code]:
        return _PLATES
    if (after == 0x76 or after == 0x71) and (code == 0x52A0 or code == 0x6211):  # 加v 我v 加q
        return _REST
    return _REST if code == 0x8587 or _named(code, after) else -1  # 薇


@compiled
def _named(code: int, after: int) -> bool:
    """Whether the two letters open the name of an account, of a paper or of a crossing."""
    found = False
    if _NAMED_FIRST[code]:
        for at in range(0, len(_NAMED), 2):
            found |= _NAMED[at] == code and _NAMED[at + 1] == after
    return found


@compiled
def _joins(codes: NDArray[np.uint32], begin: int, end: int) -> bool:
    """Whether only spaces and dashes stand there, as between the groups of one number."""
    blank = 0
    for at in range(begin, end):
        blank += codes[at] == 0x20 or codes[at] == 0x2D or codes[at] == 0x2014 or codes[at] == 0x5F
    return blank == end - begin


def _figure(joined: str, kind: int, at: int, free: int) -> Iterator[tuple[int, int, str, str]]:
    """The address, plate or number at a sign, if it is one; what starts before `free` belongs to the one before."""
    if kind == _STREETS:
        found = list(addresses.dashed(joined, at, free)) if joined[at] in _ESTATE_ENDS else []
        yield from found or addresses.street(joined, at, free)
        return
    if kind == _ROOMS:
        yield from addresses.rooms(joined, at, free)
        return
    match = _at({_PLATES: _PLATE, _DOTTED: _MOBILE_DOTTED, _BRACKETS: _LANDLINE_BRACKETS}[kind], joined, at, free)
    if match:
        yield match.start(), match.end(), *_SURROGATES[kind]


_SURROGATES = {
    _PLATES: ("【车牌】", "plate"),
    _DOTTED: ("【手机号】", "mobile"),
    _BRACKETS: ("【座机】", "landline"),
}


def _at(pattern: re.Pattern[str], joined: str, start: int, free: int) -> re.Match[str] | None:
    return pattern.match(joined, start) if start >= free else None


def _accounts(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """Mail addresses and accounts of one text."""
    if "@" in joined[begin:end] or "at" in joined[begin:end] or "#" in joined[begin:end]:
        yield from ((match.start(), match.end(), "【邮箱】", "email") for match in _EMAIL.finditer(joined, begin, end))
    if "交" in joined[begin:end]:
        yield from addresses.crossings(joined, begin, end)
    for match in _PAPER.finditer(joined, begin, end):
        yield (*match.span(match.lastindex or 0), "【证件号】", "identity")
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
                    land = _LAND.search(joined[max(0, first - 8) : first]) if kind[1] == "mobile" else None
                    yield first - (len(land.group()) if land else 0), stop, *kind
                    at = last
                    break
            else:
                at += 1


def _spoken(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """A mobile number read out: 幺三八零零幺三八零零零."""
    digits = re.sub(r"[ \-]", "", joined[begin:end].translate(_SPOKEN))
    if _MOBILE.fullmatch(digits):
        yield begin, end, "【手机号】", "mobile"


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
