"""Where people live, in text: street and number, estate, building, unit and door. Nothing that is less than a door or a house number."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HAN = "\u4e00-\u9fff"
_COUNT = r"(?:\d{1,5}|[一二三四五六七八九十百零〇]{1,6})"
_UNIT = rf"(?:[a-z]|[a-z]?{_COUNT})(?:期|区|号楼|号院|栋|幢|座|单元|层|楼|室|房|号房|户|号)"
_DOOR = r"(?:[a-z]?\d{3,4}(?:室|房|号房|户)?(?!\d|多|个|元|万|人|间|块|年|次))?"
_TAIL = rf"(?:{_UNIT}){{0,6}}{_DOOR}"
_STREET = re.compile(
    rf"(?:(?<![走铁线电思套\d])路|街道|街|大道|巷|弄|胡同|道)[东南西北中]?(?:[一二三四五六七八九十东南西北]段)?(?:甲|乙)?{_COUNT}(?:弄\d{{1,4}})?号(?:院)?(?![线下上])"
    rf"(?:{_TAIL}|(?:[{_HAN}a-z0-9\-]{{0,14}}?(?:室|单元|栋|幢|号楼|座|房))?{_TAIL})"
)
_SECTION = re.compile(rf"(?:段|甲|乙){_COUNT}号{_TAIL}")
_BEFORE_SECTION = re.compile(
    rf"((?:[{_HAN}]{{2,7}}?(?:省|市|区|县)){{0,3}}[{_HAN}]{{1,8}}(?:路|街|大道|里)[东南西北中一二三四五六七八九十]{{0,2}}[街段]?)\Z"
)
_VILLAGE = re.compile(rf"村{_COUNT}(?:组|队)?{_COUNT}号")
_STREET_NAME = 24
_BEFORE_STREET = re.compile(rf"(?:.*[在住到址是于至])?((?:[{_HAN}]{{2,7}}?(?:省|自治区|市|区|县|镇|乡)){{0,4}}[{_HAN}]{{1,8}})\Z")
_ROOM = re.compile(
    r"(?:[a-z]座|\d{1,3}(?:(?:栋|幢|号楼|号院)(?:[a-z]座)?|座(?=\d{1,2}单元|\d{2,4}[室房])))(?:(?:\d{1,3}|[a-z])(?:号楼|单元|层|楼|栋)){0,3}"
    r"\d{2,4}(?:室|房|号房|户)?(?!\d|多|个|元|万|人|间|块|年|次|款|公里)"
)
_ESTATE = re.compile(
    rf"((?:[{_HAN}]{{2,7}}?(?:省|市|区|县|镇)){{0,3}}[{_HAN}]{{1,8}}?(?:小区|花园|家园|公寓|宿舍|大厦|广场|新村|庄园|华庭|苑|园|城|里|府|湾|庭|居|村|郡|邸)"
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
    """The building and door at whose first figure `at` stands, with the estate before it."""
    for start in (at - 2, at - 1, at):
        if start >= free and not (start and joined[start - 1].isdigit()) and (match := _ROOM.match(joined, start)):
            estate = _ESTATE.search(joined[max(free, start - _STREET_NAME) : start])
            yield start - (len(_bare(estate.group(1))) if estate else 0), match.end(), *ADDRESS
            return


def crossings(joined: str, begin: int, end: int) -> Iterator[tuple[int, int, str, str]]:
    """长江路与黄河路交叉口向东50米."""
    yield from ((match.start(), match.end(), *ADDRESS) for match in _CROSSING.finditer(joined, begin, end))


def _bare(name: str) -> str:
    """Without 我家住在 and the like before it."""
    return _LEADING.sub("", name)
