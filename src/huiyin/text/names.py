"""Names of people in text, by what stands around them: a form of address, a trade, the word with which people name themselves, or what is done to
them and what they do, where no ordinary word explains the letters.

The words are those of data/names.yaml.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

from huiyin.text import vectors
from huiyin.text.codepoints import CodePoints
from huiyin.text.phrases import PhraseFinder
from huiyin.text.shipped import shipped

_HAN = "\u4e00-\u9fff"
_WORDS = shipped("data/names.yaml")
_SURNAMES, _COMMON, _COMPOUND = (frozenset(_WORDS[name]) for name in ("surnames", "common", "compound"))
_NOT_NAMES = frozenset(_WORDS["not_before_titles"])
_NO_NAMES = frozenset(_WORDS["not_names"]) | _NOT_NAMES
_TRADES = frozenset(_WORDS["trades"])
_FUNCTION_WORDS = frozenset("从都能应全终通步连班")
"""Surnames too, but before a form of address they nearly always mean something else."""
_SAFE_BEFORE_TITLE = frozenset("个位名的是那这大小老女男新有")
_AFTER_SHORT = frozenset("好不人真热亲介耐讲也帮说给来去办态服很真特非太也把让接处回推负的在")
_BEFORE_SHORT = frozenset("找给让和跟谢问帮叫请是的向对与由被长员服购家理柜")
_NAME_END = re.compile(rf"[{_HAN}]*\Z")
_NAMED = "|".join(f"{word}[: ]{{0,2}}" for word in _WORDS["self"] if word != "我是")
_SELF_NAMED = re.compile(rf"(?:{_NAMED})([{_HAN}]{{2,4}}?)(?=[^{_HAN}]|[住在家的是电手想要买来用有这今昨于从对请为号购订预没不身])")
_SURNAME = f"[{''.join(sorted(_COMMON))}白谢]"
_FULL = re.compile(
    rf"(?:[小老阿]{_SURNAME}|{_SURNAME}[{_HAN}]{{1,2}}?)"
    rf"(?=[^{_HAN}]|[的很办态帮给说也都非太特真一热耐认负处在]|服务|[小老]?师|先生|女士|小姐)"
)
_ITSELF = re.compile(rf"{_SURNAME}[{_HAN}]{{1,2}}(?=[，。！,.! \x1e\n])")
_INTRODUCED = re.compile(rf"[{_HAN}a-z0-9]{{2,24}}的({_SURNAME}[{_HAN}]{{1,2}})(?=[，。！,.! \x1e\n])")
"""Behind 我是: who lives or works there."""
_NICKNAME = re.compile(
    rf"[小阿][{''.join(sorted(set(_WORDS['given']) - set('姐哥伙妹弟气心声时事费票车店')))}](?=[^{_HAN}]|[的很办态帮给说非特真耐推])"
)
_BORNE = re.compile(
    rf"[:是为叫]?(?:叫|名叫)?((?:{_SURNAME}|{'|'.join(sorted(_COMPOUND))})[{_WORDS['given']}](?:[{_HAN}](?=[^{_HAN}])|[{_WORDS['given']}])?)"
)
_RARE = "".join(
    sorted(
        _SURNAMES
        - _FUNCTION_WORDS
        - frozenset(
            "安方向成常明平关单容经金万白时和边鱼花荣管贝充滕施满米汤双古全连扶纪乐居利路党习支包解计权车堵厚毛钱宁甘易于有冷印宣章项顾严温应任何水雷能"
        )
    )
)
_BORNE_RARE = re.compile(rf"[:是为叫]?([{_RARE}][{_WORDS['given']}]{{1,2}})(?=[^{_HAN}]|[的在没一不也被反要提来补说投等])")
_FAMILIAR = re.compile(rf"[老小][{_RARE}{''.join(sorted(_COMMON))}](?=[^{_HAN}]|[天总又经就还没不家帮说给的很也都])")
_CALLED = re.compile(rf"[叫是写填]([{_WORDS['surnames']}][{_WORDS['given']}]{{1,2}})(?=[^{_HAN}]|[的，来帮说给很])")
_SURNAMED = re.compile(rf"[{_WORDS['surnames']}](?=[^{_HAN}]|[的在叫是])")
_FOREIGN = re.compile(r"\.? ?([a-z]{2,15})(?![a-z])")
_TITLE = re.compile("|".join(_WORDS["titles"]))
_BRAND = re.compile(f"(?:{_TITLE.pattern})(?:{'|'.join(_WORDS['goods'])})")
_ALL = "".join(sorted((_SURNAMES | _COMMON) - _FUNCTION_WORDS))
_DOES, _STOP = "|".join(_WORDS["does"]), rf"[^{_HAN}a-z0-9]"


def _behind(words: Iterable[str]) -> str:
    """A pattern for a letter that stands right behind one of the words; one look back for each length."""
    of_length: dict[int, list[str]] = {}
    for word in sorted(set(words)):
        of_length.setdefault(len(word), []).append(word)
    return "(?:" + "|".join(f"(?<=(?:{'|'.join(same)}).)" for same in of_length.values()) + ")"


_DEALT, _BEARS = _behind(_WORDS["dealt"]), _behind([*_WORDS["bearers"], *_WORDS["trades"]])
_FIRST = rf"(?:(?<={_STOP}.)|(?<=\A.))"
_LETTER, _ANY = f"[{_WORDS['given']}]", f"[{_HAN}]{{2}}"
_GIVEN = f"(?:{_LETTER}{{2}}|{_LETTER})"
_FREE = re.compile(
    rf"[{_ALL}老小阿](?:"
    rf"(?<=[{_ALL}])(?:(?={_LETTER})(?:{_DEALT}|{_BEARS}){_GIVEN}(?={_STOP}|{_DOES})|(?={_ANY}(?:{_DOES})){_BEARS}{_ANY}"
    rf"|(?={_LETTER})(?:{_FIRST}|(?<=的.)){_GIVEN}(?={_DOES}))"
    rf"|(?<=[老小阿])(?:{_FIRST}|(?<=的.)|{_BEARS}|{_DEALT})[{''.join(sorted(_COMMON))}强](?={_DOES}|送|干)"
    rf"|(?<=[{_RARE}])({_LETTER}{{2}}))"
)
"""陈立群给我办的, 让梁凯回电, 多谢谭浩: no word says that it is a name, but people deal with it, or it does what people do; a surname and two
letters of given names, the group, need not even that. What a name may begin with stands first by itself, so that the search leaps to
it, and what costs little is asked before what stands behind."""
_ABROAD = f"[{_WORDS['abroad']}]"
_DOTTED = re.compile(rf"{_ABROAD}{{2,6}}·{_ABROAD}{{2,8}}(?={_STOP}|{_DOES}|{'|'.join(_WORDS['titles'])})")
_DOING = re.compile(_DOES)
_LISTS = ("titles", "short_titles", "no_titles", "self", "trades", "english", "bearers", "surnamed")
_TITLED, _SHORT, _PLAIN, _SELF, _TRADE, _FOREIGN_TITLE, _BEARER, _SURNAME_SAID = range(len(_LISTS))
_KINDS = [kind for kind, name in enumerate(_LISTS) for _ in _WORDS[name]]
_BEARERS = frozenset(_WORDS["bearers"])


@functools.cache
def _finder() -> PhraseFinder:
    return PhraseFinder([word for name in _LISTS for word in _WORDS[name]])


def _han(letter: str) -> bool:
    return "\u4e00" <= letter <= "\u9fff"


def find(joined: str, folded: CodePoints) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, surrogate, kind) of the names of a batch; `joined` is its folded text as one string."""
    hits = _finder().find(folded)
    for phrase, start, end in zip(hits.phrase.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True):
        found = _at(joined, _KINDS[phrase], start, end)
        if found:
            yield *found, "【姓名】", "name"
    for first, last in _free(joined):
        yield first, last, "【姓名】", "name"


@functools.cache
def _ordinary() -> frozenset[str]:
    """Words that are no names, and those that begin or end like one: 高兴, 方便."""
    return frozenset(word for word in vectors.load().words if len(word) in (2, 3))


def _free(joined: str) -> Iterator[tuple[int, int]]:
    """Names that only what is done to them, or what they do, gives away; never where ordinary words explain the letters."""
    ordinary = _ordinary()
    for match in _FREE.finditer(joined):
        first, last = match.span()
        said = joined[first:last]
        around: tuple[str, ...] = (said, said[:2], said[1:], joined[first - 1 : first + 1], joined[last - 1 : last + 1], joined[last - 2 : last + 1])
        if match.lastindex:
            around = (*around, joined[first - 1 : first + 2], joined[first - 2 : first + 1])
        if _may_be_name(said) and not any(one in ordinary for one in around) and not _TITLE.match(joined, first + 1):
            yield first, last
    if "·" in joined:
        yield from (match.span() for match in _DOTTED.finditer(joined))


def _at(joined: str, kind: int, start: int, end: int) -> tuple[int, int] | None:
    """Where the name at this sign stands."""
    if kind == _TITLED:
        if not _BRAND.match(joined, start) and (length := _name_before(joined[max(0, start - 4) : start])):
            first = start - length
            familiar = first > 0 and joined[first - 1] in "老小" and (first == 1 or not _han(joined[first - 2]) or joined[first - 2] in _BEFORE_SHORT)
            return first - familiar, start
        kind = _TRADE if joined[start:end] in _TRADES else _BEARER if joined[start:end] in _BEARERS else kind
    if kind == _SHORT and _shortly(joined, start, end):
        return start - 1, start
    if kind == _SELF:
        return _self_named(joined, start, end)
    if kind == _TRADE:
        return _after_trade(joined, end) or _borne(joined, end)
    if kind == _BEARER:
        return _borne(joined, end)
    if kind == _SURNAME_SAID:
        return match.span() if (match := _SURNAMED.match(joined, end)) else None
    if kind == _FOREIGN_TITLE and (match := _FOREIGN.match(joined, end)) and (joined[end - 1] == "." or match.group()[0] in ". "):
        return match.span(1)
    return None


def _shortly(joined: str, start: int, end: int) -> bool:
    """邓总, 韩姐: a common surname that stands by itself."""
    if start == 0 or joined[start - 1] not in _COMMON or joined[start - 1 : end + 1] in _NO_NAMES:
        return False
    before, after = joined[start - 2 : start - 1] if start > 1 else "", joined[end : end + 1]
    return (not _han(before) or before in _BEFORE_SHORT) and (not _han(after) or after in _AFTER_SHORT or _DOING.match(joined, end) is not None)


def _after_trade(joined: str, end: int) -> tuple[int, int] | None:
    """客服小王, 管家彭晓梅; a name with a form of address behind it is found by that."""
    match = _FULL.match(joined, end) or _NICKNAME.match(joined, end)
    if not match or not _may_be_name(match.group()) or _TITLE.search(joined, end + 1, match.end() + 2):
        return None
    return match.span()


def _may_be_name(said: str) -> bool:
    return said not in _NO_NAMES and said[:2] not in _NO_NAMES


def _borne(joined: str, end: int) -> tuple[int, int] | None:
    """患者周国平, 邻居老周, 服务员叫夏雨: a surname and letters of given names right behind who bears it."""
    if joined[end : end + 1] in "老小" and (familiar := _FAMILIAR.match(joined, end)):
        return None if familiar.group() in _NO_NAMES else familiar.span()
    match = _CALLED.match(joined, end) or _BORNE.match(joined, end) or _BORNE_RARE.match(joined, end)
    if not match or not _may_be_name(match.group(1)) or _TITLE.search(joined, match.start(1) + 1, match.end(1) + 2):
        return None
    return match.span(1)


def _self_named(joined: str, start: int, end: int) -> tuple[int, int] | None:
    if joined[start:end] == "我是":
        if match := _ITSELF.match(joined, end):
            return match.span() if _may_be_name(match.group()) else None
        match = _INTRODUCED.match(joined, end)
        return match.span(1) if match and _may_be_name(match.group(1)) else None
    named = _SELF_NAMED.match(joined, start)
    if not named:
        return None
    name = named.group(1)
    if name[:2] in _NO_NAMES or not (name[:2] in _COMPOUND or (name[0] in _SURNAMES and name[0] not in _FUNCTION_WORDS)):
        return None
    return None if joined[start:end] == "本人" and name[0] not in _COMMON else named.span(1)


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
