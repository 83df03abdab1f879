"""`huiyin insight QUESTION --store STORE`: what many voices say, from the command line.

Every question takes `--where`, a filter as it stands in a URL (`product=T11&since=2026-01-01`), and answers as tables, or with
`--json` as the whole result.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from rich.console import Console
from rich.table import Table
from rich.text import Text

from huiyin.analyze.outputs import catalogue_of
from huiyin.cli.language import english, say
from huiyin.facts import Facts, Filter, open_facts
from huiyin.insight import (
    comparing,
    conditions,
    decomposition,
    drivers,
    effects,
    emerging,
    integrity,
    metrics,
    movement,
    nowcast,
    records,
    surveillance,
)
from huiyin.insight.findings import Estimate
from huiyin.insight.problems import from_catalogue, problem_list
from huiyin.insight.ranking import Weights
from huiyin.text import load_taxonomy

_USAGE = 2
_KINDS = ("nps", "csat", "ces", "mean")
_ROWS = 20
_Options = argparse.Namespace


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """One question: what it asks, its own options, and how it is answered."""

    zh: str
    en: str
    answer: Callable[[Facts, Filter, _Options], object]
    options: tuple[tuple[str, dict[str, Any]], ...] = ()


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `insight` and its questions to the command line."""
    asking = commands.add_parser("insight", help=say("向一个长期的库提问", "ask a lasting store"))
    questions = asking.add_subparsers(dest="question", required=True, metavar="|".join(QUESTIONS))
    for name, question in QUESTIONS.items():
        one = questions.add_parser(name, help=say(question.zh, question.en))
        one.add_argument("--store", required=True, metavar="STORE")
        one.add_argument("--where", default="", metavar="FILTER", help=say("如 product=T11&since=2026-01-01", "such as product=T11&since=2026-01-01"))
        one.add_argument("--json", action="store_true")
        for option, settings in question.options:
            one.add_argument(option, **settings)


def run_insight(options: _Options) -> int:
    """Answer one question."""
    try:
        where = Filter.from_query(options.where)
        with open_facts(options.store) as store:
            answer = QUESTIONS[options.question].answer(store, where, options)
    except (ValueError, KeyError) as error:
        print(f"huiyin: {say('问法不对', 'cannot be asked like this')}: {error}", file=sys.stderr)
        return _USAGE
    if options.json:
        json.dump(plain(answer), sys.stdout, ensure_ascii=False, indent=2, default=str)
        print()
    else:
        _show(answer, Console(highlight=False, width=None if sys.stdout.isatty() else 160))
    return 0


def _problems(store: Facts, where: Filter, options: _Options) -> object:
    weights = Weights(*(float(part) for part in options.weights.split(","))) if options.weights else Weights()
    found = problem_list(store, from_catalogue(catalogue_of(load_taxonomy(options.taxonomy)), "en" if english() else "zh"), where, weights)
    return dataclasses.replace(found, ranked=None)  # type: ignore[arg-type]


def _steps(store: Facts, where: Filter, options: _Options) -> object:
    return decomposition.decompose(store, where, theme=options.theme)


def _conditions(store: Facts, where: Filter, options: _Options) -> object:
    return conditions.conditions(store, options.aspect, where)


def _metric(store: Facts, where: Filter, options: _Options) -> object:
    return metrics.measure(store, options.kind, where)


def _movement(store: Facts, where: Filter, options: _Options) -> object:
    return movement.explain(store, options.kind, where & Filter.from_query(options.before), where & Filter.from_query(options.after))


def _nowcast(store: Facts, where: Filter, options: _Options) -> object:
    return nowcast.nowcast(store, options.kind, where)


def _drivers(store: Facts, where: Filter, options: _Options) -> object:
    return drivers.score_drivers(store, options.kind, where)


def _churn(store: Facts, where: Filter, options: _Options) -> object:
    left = pa.csv.read_csv(options.customers)
    return drivers.churn_drivers(store, left, where)


def _alarms(store: Facts, where: Filter, options: _Options) -> object:
    return surveillance.watch(store, where, dimension=options.by or None)


def _new(store: Facts, where: Filter, options: _Options) -> object:
    return emerging.emerging(store, where)


def _effect(store: Facts, where: Filter, options: _Options) -> object:
    act = effects.Intervention(date.fromisoformat(options.day), tuple(options.aspect), Filter.from_query(options.scope))
    return effects.judge(store, act, where=where)


def _needs(store: Facts, where: Filter, options: _Options) -> object:
    return comparing.two_needs(store, Filter.from_query(options.first), Filter.from_query(options.second), where)


def _groups(store: Facts, where: Filter, options: _Options) -> object:
    return comparing.by_aspect(store, Filter.from_query(options.first), Filter.from_query(options.second), where)


def _words(store: Facts, where: Filter, options: _Options) -> object:
    return comparing.words_apart(store, Filter.from_query(options.first), Filter.from_query(options.second), where)


def _opportunities(store: Facts, where: Filter, options: _Options) -> object:
    return comparing.opportunities(store, where)


def _integrity(store: Facts, where: Filter, options: _Options) -> object:
    return integrity.audit(store, where, unit=options.unit)


def _voices(store: Facts, where: Filter, options: _Options) -> object:
    if options.draw:
        drawn = records.draw(store, options.size, where, options.draw)
        return {"frame": drawn.frame, "seed": drawn.seed, "voices": drawn.voices}
    return {**dataclasses.asdict(records.count(store, where)), "page": records.page(store, where, options.order, options.first, options.size)}


_KIND = ("kind", {"choices": _KINDS})
_TWO = (("--first", {"required": True, "metavar": "FILTER"}), ("--second", {"required": True, "metavar": "FILTER"}))
QUESTIONS: dict[str, Question] = {
    "problems": Question(
        "哪些问题最伤人",
        "which problems hurt most",
        _problems,
        (("--weights", {"metavar": "F,I,H"}), ("--taxonomy", {"required": True, "metavar": "PACK|FILE"})),
    ),
    "steps": Question("抱怨集中在哪一步", "in which step complaints gather", _steps, (("theme", {"metavar": "THEME"}),)),
    "conditions": Question("在什么条件下发生", "under which conditions it happens", _conditions, (("aspect", {"metavar": "ASPECT"}),)),
    "metric": Question("NPS、满意度、费力度", "NPS, CSAT, CES", _metric, (_KIND,)),
    "movement": Question(
        "分数为什么变了",
        "why the score moved",
        _movement,
        (_KIND, ("--before", {"required": True, "metavar": "FILTER"}), ("--after", {"required": True, "metavar": "FILTER"})),
    ),
    "nowcast": Question("两次调查之间现在大概多少", "where it stands between two surveys", _nowcast, (_KIND,)),
    "drivers": Question("什么在带动分数", "what moves the score", _drivers, (_KIND,)),
    "churn": Question("流失与什么同行", "what goes with leaving", _churn, (("customers", {"type": Path, "metavar": "CSV"}),)),
    "alarms": Question("什么反常地多了", "what rose beyond the usual", _alarms, (("--by", {"default": "product", "metavar": "COLUMN"}),)),
    "emerging": Question("有什么是新的", "what is new", _new),
    "effect": Question(
        "修了有没有用",
        "did the fix help",
        _effect,
        (
            ("--aspect", {"required": True, "action": "append", "metavar": "ASPECT"}),
            ("--day", {"required": True, "metavar": "DATE"}),
            ("--scope", {"default": "", "metavar": "FILTER"}),
        ),
    ),
    "needs": Question("两个需要，哪个声音大", "two needs side by side", _needs, _TWO),
    "groups": Question("两组客户差在哪", "where two groups differ", _groups, _TWO),
    "words": Question("两组各自的词", "words that set two groups apart", _words, _TWO),
    "opportunities": Question("要紧又没做好的", "what matters and is served badly", _opportunities),
    "integrity": Question("声音是不是真的", "are the voices honest", _integrity, (("--unit", {"default": "store", "metavar": "COLUMN"}),)),
    "voices": Question(
        "背后的原声",
        "the voices behind it",
        _voices,
        (
            ("--order", {"choices": ("newest", "oldest", "most_negative", "most_positive"), "default": "newest"}),
            ("--first", {"type": int, "default": 0, "metavar": "N"}),
            ("--size", {"type": int, "default": 10, "metavar": "N"}),
            ("--draw", {"type": int, "default": 0, "metavar": "SEED", "help": say("盲抽", "draw blindly")}),
        ),
    ),
}


def plain(value: object) -> Any:
    """A result as dictionaries, lists and numbers."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, pa.Table):
        return plain(value.to_pylist())
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, date | datetime):
        return value.isoformat()
    return None if isinstance(value, float) and value != value else value


def _show(value: object, console: Console) -> None:
    """Single values line by line, lists of results as tables."""
    if isinstance(value, tuple):
        _show_rows("", value, console)
        return
    fields: Mapping[str, object]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    elif isinstance(value, Mapping):
        fields = value
    else:
        console.print(Text(_cell(value)))
        return
    for name, one in fields.items():
        if isinstance(one, pa.Table):
            shown = [column for column in ("day", "product", "score", "sentiment", "text") if column in one.column_names]
            _show_rows(name, tuple(one.select(shown).to_pylist()), console)
        elif isinstance(one, tuple) and one and (dataclasses.is_dataclass(one[0]) or isinstance(one[0], Mapping)):
            _show_rows(name, one, console)
        elif dataclasses.is_dataclass(one) and not isinstance(one, Estimate | type):
            console.print(Text(name, style="bold"))
            _show(one, console)
        elif one is not None:
            console.print(Text(f"{name}: {_cell(one)}"))


def _show_rows(name: str, rows: tuple[object, ...], console: Console) -> None:
    table = Table(box=None, padding=(0, 2, 0, 0), title=name or None, title_justify="left", title_style="bold")
    dicts = [_as_mapping(row) for row in rows[:_ROWS]]
    if not dicts:
        console.print(Text(f"{name} {say('（无）', '(none)')}"))
        return
    simple = [column for column in dicts[0] if not all(_nested(row[column]) for row in dicts)]
    for column in simple:
        table.add_column(column, overflow="ellipsis", no_wrap=True, max_width=48)
    for row in dicts:
        table.add_row(*(Text(" ".join(_cell(row[column]).split())) for column in simple))
    console.print(table)
    if len(rows) > _ROWS:
        console.print(Text(say(f"…… 共 {len(rows)} 行，--json 给出全部", f"… {len(rows)} rows in all, --json gives them"), style="dim"))


def _as_mapping(row: object) -> Mapping[str, object]:
    if isinstance(row, Mapping):
        return row
    assert dataclasses.is_dataclass(row)
    return {one.name: getattr(row, one.name) for one in dataclasses.fields(row)}


def _nested(value: object) -> bool:
    if isinstance(value, Estimate) or value is None or hasattr(value, "name"):
        return False
    listed = isinstance(value, tuple | list | Mapping) and not all(isinstance(one, str | int | float) for one in value)
    return listed or dataclasses.is_dataclass(value)


def _cell(value: object) -> str:
    if dataclasses.is_dataclass(value) and hasattr(value, "name"):
        return str(value.name)
    if isinstance(value, Estimate):
        if value.value is None:
            return f"– (n={value.n})"
        return f"{value.value:.3g}" if value.low is None or value.high is None else f"{value.value:.3g} [{value.low:.3g}, {value.high:.3g}]"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, tuple | list):
        return ", ".join(_cell(one) for one in value)
    return "–" if value is None else str(value)
