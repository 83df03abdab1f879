"""Where the header stands, and names for its columns."""

from collections.abc import Sequence

from huiyin.files.vocabulary import is_known_name

_LOOKED_AT = 10


def find_header(rows: Sequence[Sequence[str]]) -> int:
    """The place of the header among the first rows: below any titles, which fill few cells.

    >>> find_header([["门店评价导出", "", ""], ["编号", "内容", "评分"], ["1", "好", "5"]])
    1
    """
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[:50]]
    usual = sorted(filled)[int(0.8 * len(filled))] if filled else 0
    wide = [place for place, count in enumerate(filled[:_LOOKED_AT]) if count > 0.5 * usual]
    known = [place for place in wide[:4] if any(is_known_name(cell) for cell in rows[place])]
    if known:
        return known[0]
    return wide[0] if wide else 0


def column_names(header: Sequence[str]) -> list[str]:
    """Every column gets a name of its own, the nameless and the repeated ones too.

    >>> column_names(["id", "", "id"])
    ['id', 'column_2', 'id_2']
    """
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(header, start=1):
        name = " ".join(cell.replace("\x00", "").split()) or f"column_{number}"
        unique, copy = name, 2
        while unique in taken:
            unique, copy = f"{name}_{copy}", copy + 1
        taken.add(unique)
        names.append(unique)
    return names
