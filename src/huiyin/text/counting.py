"""What the letters around a word count: numbers and their units behind it (等了两个小时) and before it (四十分钟才)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huiyin.text.compiled import compiled

_NUMBER, _TIME, _TIMES, END, STOP, _SPAN, _SINCE = 1, 2, 4, 8, 16, 32, 64
_KINDS = np.zeros(0x10000, dtype=np.uint8)
for _bit, _letters in (
    (_NUMBER, "0123456789半一二两俩三四五六七八九十百几好多来整足将近快隔当次翌"),
    (_TIME, "小天周星礼月年分钟下上晚"),
    (_TIMES, "次趟遍回通电客块台"),
    (_SPAN, "天周时钟月年晚期拜夜秒点半次趟遍回日程"),
    (_SINCE, "了后多内过"),
    (STOP, "，。！？、；,.!?;~… \n\x1e"),
    (END, '了的啊呀吧呢啦哦哈嘛些点得到太很非不但而也又还和且，。！？、~,.!?;；:： \n\x1e)）”"…哎诶么是有于过没'),
):
    for _letter in _letters:
        _KINDS[ord(_letter)] |= _bit


@compiled
def kind_at(codes: NDArray[np.uint32], at: int) -> int:
    """Bits of what a letter is to counting and to words: `END`, `STOP`, and the kinds of numbers and units."""
    return int(_KINDS[codes[at]]) if codes[at] < 0x10000 else 0


@compiled
def counted(waited: bool, repeated: bool, codes: NDArray[np.uint32], at: int) -> bool:
    """Whether a number and its unit stand at `at`: 等了|两个小时; 换了|三次, but not 换了|一个."""
    stop = at
    while stop < len(codes) and stop - at < 5 and kind_at(codes, stop) & _NUMBER:
        stop += 1
    if stop == at or stop >= len(codes):
        return False
    unit = stop + 1 if codes[stop] == 0x4E2A and stop + 1 < len(codes) else stop  # 个
    if waited and kind_at(codes, unit) & _TIME:
        return True
    return bool(repeated and kind_at(codes, unit) & _TIMES and not (stop - at == 1 and (codes[at] == 0x4E00 or codes[at] == 0x31)))


@compiled
def lasted(codes: NDArray[np.uint32], at: int) -> bool:
    """Whether a number and its unit, of time or times, stand right before `at`: 四十分钟|才, 两个月了|还没, 打了七遍|才."""
    at -= 1
    if at > 0 and kind_at(codes, at) & _SINCE:
        at -= 1
    if at < 1 or not kind_at(codes, at) & _SPAN:
        return False
    numbered = False
    for back in range(1, min(at, 3) + 1):
        numbered |= kind_at(codes, at - back) & _NUMBER != 0
    return numbered
