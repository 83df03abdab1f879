"""Where people live, in text: street and number, estate, building, unit and door. Nothing that is less than a door or a house number."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = "\u4e00-\u9fff"
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百零〇]{1,6})"
_UNIT = rf"(?:[a-z]|[a-z]?{_COUNT})(?:期|区|号楼|号院|栋|幢|座|单元|门|层|楼|室|房|号房|户|号)"
_DOOR = r"(?:[a-z]?\d{3,4}(?:室|房|号房|户)?(?!\d|多|个|元|万|人|间|块|年|次))?"
_TAIL = rf"(?:{_UNIT}){{0,6}}{_DOOR}"
_STREET = re.compile(
    rf"(?:(?<![走铁线电思套\d])路|街道|街|大道|巷|弄|胡同|道)[东南西北中]?(?:[一二三四五六七八九十东南西北]段)?(?:甲|乙)?{_COUNT}(?:弄\d{{1,4}})?号(?:院|楼)?(?:附{_COUNT}号)?(?:[东南西北]{{1,2}}门)?(?![线下上])"
    rf"(?:[{_HAN}]{{2,6}}?(?:大厦|大楼|广场|公寓|小区|花园)(?:[东南西北a-z][座楼])?(?={_COUNT}))?"
    rf"(?:{_TAIL}|(?:[{_HAN}a-z0-9\-]{{0,14}}?(?:室|单元|栋|幢|号楼|座|房))?{_TAIL})"
)
_SECTION = re.compile(rf"(?:段|甲|乙){_COUNT}号{_TAIL}")
_BEFORE_SECTION = re.compile(
    rf"((?:[{_HAN}]{{2,7}}?(?:省|市|区|县)){{0,3}}[{_HAN}]{{1,8}}(?:路|街|大道|里)[东南西北中一二三四五六七八九十]{{0,2}}[街段]?)\Z"
)
_VILLAGE = re.compile(rf"村{_COUNT}(?:组|队|社|巷|弄|街|区)?{_COUNT}号(?:附{_COUNT}号)?{_DOOR}")
_STREET_NAME = 24
_ESTATE_NAME = 3
"""The name of an estate with figures alone behind it has at least so many letters."""
_FIGURE = re.compile("[0-9a-z一二三四五六七八九十百零〇]")
_BEFORE_STREET = re.compile(rf"(?:.*[在住到址是于至])?((?:[{_HAN}]{{2,7}}?(?:省|自治区|市|区|县|镇|乡)){{0,4}}[{_HAN}]{{1,8}})\Z")
_HAN_COUNT = "[一二三四五六七八九十百零〇]{1,5}"
_BUILDING = rf"(?:[a-z]座|(?:[a-z]?\d{{1,3}}|[a-z]|{_HAN_COUNT})(?:(?:栋|幢|号楼|号院|#楼?)(?:[a-z]座)?|座(?=\d{{1,2}}单元|\d{{2,4}}[室房])))"
_PARTS = rf"(?:(?:\d{{1,3}}|[a-z]|{_HAN_COUNT})(?:号楼|单元|层|楼|栋|门)){{0,3}}"
_ROOM = re.compile(
    rf"{_BUILDING}{_PARTS}(?:\d{{2,4}}|[一二三四五六七八九零〇]{{3,4}})(?:室|房|号房|户)?(?!\d|多|个|元|万|人|间|块|年|次|款|公里|层|楼|米)"
)
_ENTRANCE = re.compile(rf"{_BUILDING}(?:\d{{1,3}}|{_HAN_COUNT})(?:单元|门)|\d{{1,3}}座\d{{3,4}}(?!\d)")
"""Without a door it is an address only behind the name of an estate."""
_DASHED = re.compile(r"[a-z]?\d{1,3}(?:(?:-\d{1,4}){1,3}(?:室|号)?|(?:楼|层)[a-z]?\d{2,4}(?:室|号|房|座)?)(?![\d\-.:%])")
_ESTATE_KINDS = (
    "小区|社区|花园|家园|公寓|宿舍|大厦|广场|新村|庄园|山庄|公馆|别墅|名都|国际|中心|华庭|大院|丽舍|半岛"
    "|北区|南区|东区|西区|苑|园|城|里|府|湾|庭|居|村|郡|邸"
)
_ESTATE = re.compile(
    rf"((?:[{_HAN}]{{2,7}}?(?:省|市|区|县|镇)){{0,3}}[{_HAN}]{{1,8}}?(?:{_ESTATE_KINDS})"
    r"(?:\d{1,2}期|[一二三四五六七八九十]{1,2}[期区])?)\Z"
)
_LEADING = re.compile(r"^(?:.*(?:住在|送到|寄到|搬到|家住|地址是|地址|我家是|我家|我在|送至|到|在|住|是|寄|送))(?=.{3})")
_CROSSING = re.compile(rf"[{_HAN}]{{1,6}}路(?:与|和|跟)[{_HAN}]{{1,6}}路(?:交叉口|交汇处|交界处|路口)(?:[向往]?[东南西北]{{1,2}}\d{{1,4}}米)?")
ADDRESS = ("【地址】", "address")


def street(joined: str, at: int, free: int) -> Iterator[tuple[int, int, str, str]]:
    """The address whose street (路, 街, 段, 村) ends at `at`; nothing that starts before `free`."""
    for start in (at - 1, at):
        if start >= free and (match := _STREET.match(joined, start)):
            before = _BEFORE_STREET.search(joined[max(free, match.start() - _STREET_NAME) : match.start()])
            yield match.start() - (len(before.group(1)) if before else 0), match.end(), *ADDRESS
            return
    for pattern, name in ((_SECTION, _BEFORE_SECTION), (_VILLAGE, _BEFORE_STREET)):
        match = pattern.match(joined, at)
        before = name.search(joined[max(free, at - _STREET_NAME) : at]) if match else None
        if match and before:
            yield at - len(_bare(before.group(1))), match.end(), *ADDRESS
            return


def rooms(joined: str, at: int, free: int) -> Iterator[tuple[int, int, str, str]]:
    """The building and door at whose last figure or letter `at` stands, with the estate before it."""
    for start in range(max(at - 3, free), at + 1):
        if start and _FIGURE.match(joined, start - 1):
            continue
        match = _ROOM.match(joined, start)
        estate = _ESTATE.search(joined[max(free, start - _STREET_NAME) : start]) if match or _ENTRANCE.match(joined, start) else None
        match = match or (_ENTRANCE.match(joined, start) if estate else None)
        if match:
            yield start - (len(_bare(estate.group(1))) if estate else 0), match.end(), *ADDRESS
            return


def dashed(joined: str, at: int, free: int) -> Iterator[tuple[int, int, str, str]]:
    """阳光小区12-3-402, 建国大厦15楼1503: figures behind an estate whose name ends at `at`."""
    match = _DASHED.match(joined, at + 1)
    estate = _ESTATE.search(joined[max(free, at + 1 - _STREET_NAME) : at + 1]) if match and at >= free else None
    if match and estate and len(_bare(estate.group(1))) >= _ESTATE_NAME:
        yield at + 1 - len(_bare(estate.group(1))), match.end(), *ADDRESS


def crossings(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """长江路与黄河路交叉口向东50米."""
    yield from ((match.start(), match.end(), *ADDRESS) for match in _CROSSING.finditer(joined, begin, end))


def _bare(name: str) -> str:
    """Without 我家住在 and the like before it."""
    return _LEADING.sub("", name)
