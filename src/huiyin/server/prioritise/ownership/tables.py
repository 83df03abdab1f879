"""Lists as rows of a file, and the map out of one."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from huiyin.server.foundation.people.models import Team, User
from huiyin.server.prioritise.ownership.queues import Standing, Watched
from huiyin.server.prioritise.ownership.selectors import OwnershipMap
from huiyin.server.prioritise.ownership.services.mapping import Wanted

MAP_COLUMNS = ("path", "product", "region", "team", "deputy", "person")
_NEEDED = ("path", "team")
_MOST_ROWS = 10_000


class FileWrong(Exception):  # noqa: N818 - no error of ours
    """A file that is no map; `troubles` are sentences with row and column."""

    def __init__(self, troubles: Sequence[str]) -> None:
        super().__init__("；".join(troubles))
        self.troubles = list(troubles)


def map_rows(known: OwnershipMap) -> Iterable[Sequence[Any]]:
    """Every node, so that gaps can be filled in the file, and every exception below it; then `person` is an e-mail address."""
    yield MAP_COLUMNS
    lines: dict[str, list[Any]] = {}
    for at, line in known.placed:
        lines.setdefault(at, []).append(line)
    paths = known.tree.paths()
    for node, _depth in known.tree.walk():
        found = sorted(lines.get(node.id, []), key=lambda one: (one.product, one.region))
        if not any(not one.product and not one.region for one in found):
            yield (paths[node.id], "", "", "", "", "")
        for one in found:
            yield (
                paths[node.id],
                one.product,
                one.region,
                one.team.name,
                one.deputy.name if one.deputy else "",
                one.person.email if one.person else "",
            )


def queue_rows(problems: Iterable[Standing]) -> Iterable[Sequence[Any]]:
    """Problems with whose they are."""
    yield (
        "rank",
        "problem_id",
        "name",
        "state",
        "team",
        "person",
        "since",
        "days",
        "complaints_since",
        "customers",
        "hand_offs",
        "days_lost",
        "target",
        "due",
    )
    for one in problems:
        owned = one.owned
        yield (
            one.rank or "", one.problem_id, one.name, owned.state, str(owned.team or ""), str(owned.person or ""), _day(one.since), one.days,
            one.complaints, one.customers, owned.hand_offs, owned.days_lost, owned.target, _day(owned.due),
        )  # fmt: skip


def watched_rows(found: Iterable[Watched]) -> Iterable[Sequence[Any]]:
    """Problems that were looked at and not taken on."""
    yield ("problem_id", "name", "state", "viewers", "views", "first_view", "days", "complaints_since")
    for one in found:
        at = one.standing
        yield (at.problem_id, at.name, at.owned.state, one.viewers, one.views, _day(one.first), one.days, one.complaints)


def lines_of_file(name: str, data: bytes, known: OwnershipMap) -> list[Wanted]:
    """The lines of a CSV file or workbook; rows without a team are gaps and say nothing.

    Raises:
        FileWrong: with every row and column that has to be mended.
    """
    rows = [[_text(cell) for cell in row] for row in (_sheet(data) if name.lower().endswith((".xlsx", ".xls", ".ods")) else _delimited(data))]
    columns = {cell.lower(): at for at, cell in enumerate(rows[0])} if rows else {}
    if missing := [one for one in _NEEDED if one not in columns]:
        raise FileWrong([_("第 1 行缺少列：%(names)s") % {"names": "、".join(missing)}])
    if len(rows) > _MOST_ROWS:
        raise FileWrong([_("有 %(rows)s 行，最多 %(most)s 行") % {"rows": len(rows), "most": _MOST_ROWS}])
    teams, people = {one.name: one for one in Team.objects.all()}, {one.email: one for one in User.objects.filter(is_active=True)}
    found: dict[tuple[str, str, str], Wanted] = {}
    wrong: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        said = {column: row[columns[column]] if columns.get(column, len(row)) < len(row) else "" for column in MAP_COLUMNS}
        if not said["team"]:
            continue
        troubles = _troubles(said, known, teams, people, found)
        wrong += [_("第 %(row)s 行「%(column)s」：%(text)s") % {"row": number, "column": column, "text": text} for column, text in troubles]
        if not troubles:
            key = (known.ids[said["path"]], said["product"], said["region"])
            found[key] = Wanted(key[0], teams[said["team"]], *key[1:], teams.get(said["deputy"]), people.get(said["person"].lower()))
    if wrong:
        raise FileWrong(wrong[:50])
    return list(found.values())


def _troubles(
    said: dict[str, str], known: OwnershipMap, teams: dict[str, Team], people: dict[str, User], found: dict[Any, Any]
) -> list[tuple[str, str]]:
    wrong = []
    if said["path"] not in known.ids:
        wrong.append(("path", _("没有 %(value)s 这个主题") % {"value": said["path"] or "—"}))
    elif (known.ids[said["path"]], said["product"], said["region"]) in found:
        wrong.append(("path", _("同一处出现了两次，一处只能有一个小组")))
    wrong += [
        (column, _("没有「%(value)s」这个小组") % {"value": said[column]})
        for column in ("team", "deputy")
        if said[column] and said[column] not in teams
    ]
    if said["deputy"] and said["deputy"] == said["team"]:
        wrong.append(("deputy", _("后备小组不能就是责任小组自己。")))
    if said["person"] and said["person"].lower() not in people:
        wrong.append(("person", _("没有 %(value)s 这个人，填邮箱") % {"value": said["person"]}))
    return wrong


def _sheet(data: bytes) -> list[list[Any]]:
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise FileWrong([_("这个文件打不开，需要 .xlsx 或 .csv：%(error)s") % {"error": error}]) from error


def _delimited(data: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [row for row in csv.reader(StringIO(data.decode(encoding))) if row]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise FileWrong([_("这个文件读不出字来，另存为 UTF-8 的 CSV 再试。")])


def _text(cell: Any) -> str:
    told = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    # What an export defused comes back as it was.
    return told[1:] if told.startswith("'") else told


def _day(day: Any) -> str:
    return timezone.localtime(day).date().isoformat() if hasattr(day, "hour") else day.isoformat() if day else ""
