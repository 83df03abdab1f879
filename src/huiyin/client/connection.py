"""The connection: a key, filters as keywords, pages fetched as they are needed, refusals as exceptions with their code."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import quote

import httpx

_PATIENCE = 60.0
_PAGE = 200
_BATCH = 1000


class HuiyinError(Exception):
    """The server refused; `code` is stable, `problem` the whole document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.code, self.problem = status, str(problem.get("code", "")), problem
        said = problem.get("title_en") or problem.get("title") or problem.get("detail") or "no answer that can be read"
        detail = problem.get("detail")
        super().__init__(f"{status} {said}" + (f": {detail}" if detail and detail != said else ""))


class Huiyin:
    """One server, as the owner of a key sees it: her rows, personal data masked."""

    def __init__(
        self,
        url: str,
        key: str,
        timeout: float = 60.0,
        *,
        patience: float = _PATIENCE,
        headers: Mapping[str, str] | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`patience`: seconds that it waits at most, in all, when told to come back later."""
        said = {**(headers or {}), "Authorization": f"Bearer {key}"}
        self._patience = patience
        self._http = httpx.Client(base_url=url.rstrip("/") + "/api/v1", headers=said, timeout=timeout, transport=transport)

    def __enter__(self) -> Huiyin:
        """The connection itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def ask(self, method: str, path: str, *, params: Sequence[tuple[str, Any]] | None = None, body: Any = None) -> Any:
        """Any operation of `/api/v1/`; the JSON of the answer. Told to come back later, it waits and comes back.

        Raises:
            HuiyinError: the server refused. httpx.HTTPError: it does not answer.
        """
        answer = self.answer(method, path, params=params, body=body)
        if answer.is_success:
            return answer.json() if answer.content else None
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        raise HuiyinError(answer.status_code, problem if isinstance(problem, dict) else {})

    def answer(self, method: str, path: str, *, params: Sequence[tuple[str, Any]] | None = None, body: Any = None) -> httpx.Response:
        """The same as the server sent it, refusals too: for files, and for who wants the headers."""
        waited = 0.0
        while True:
            answer = self._http.request(method, path, params=list(params or ()), json=body)
            if answer.status_code != 429:
                return answer
            pause = float(answer.headers.get("Retry-After", "1"))
            waited += pause
            if waited > self._patience:
                return answer
            time.sleep(pause)

    def me(self) -> dict[str, Any]:
        """Whose key it is, and what it may do."""
        return dict(self.ask("GET", "/me"))

    def voices(self, most: int | None = None, order: str = "newest", **asked: Any) -> Iterator[dict[str, Any]]:
        """Voices within a filter: `product="平板"`, `aspect=["delivery"]`, `polarity=-1`, `since="2026-01-01"`, `q="换新"`."""
        page, given = 1, 0
        while True:
            size = _PAGE if most is None else min(_PAGE, most)
            answer = self.ask("GET", "/voices", params=[*_flat(asked), ("order", order), ("page", page), ("size", size)])
            for voice in answer["items"]:
                if most is not None and given >= most:
                    return
                given += 1
                yield voice
            if answer["next"] is None:
                return
            page += 1

    def count(self, **asked: Any) -> dict[str, Any]:
        """How many voices, customers and opinions lie within a filter, and the voices of each day."""
        return dict(self.ask("GET", "/voices/count", params=_flat(asked)))

    def random(self, size: int = 10, seed: int = 1, **asked: Any) -> dict[str, Any]:
        """Voices drawn blindly."""
        return dict(self.ask("GET", "/voices/random", params=[*_flat(asked), ("size", size), ("seed", seed)]))

    def voice(self, feedback_id: str) -> dict[str, Any]:
        """One voice."""
        return dict(self.ask("GET", f"/voices/{quote(feedback_id, safe='')}"))

    def send(self, records: Iterable[dict[str, Any]], source: str = "") -> int:
        """Send feedback; gives how many records were new. A record with an `external_id` may be sent twice and counts once."""
        batch: list[dict[str, Any]] = []
        made = 0
        for one in records:
            batch.append(one)
            if len(batch) == _BATCH:
                made += self._sent(batch, source)
                batch = []
        return made + (self._sent(batch, source) if batch else 0)

    def taxonomy(self) -> dict[str, Any]:
        """The taxonomy in use with counts."""
        return dict(self.ask("GET", "/taxonomy"))

    def problems(self, **asked: Any) -> dict[str, Any]:
        """The ranked list of problems within a filter."""
        return dict(self.ask("GET", "/problems", params=_flat(asked)))

    def problem(self, problem_id: str, **asked: Any) -> dict[str, Any]:
        """One problem."""
        return dict(self.ask("GET", f"/problems/{quote(problem_id, safe='')}", params=_flat(asked)))

    def evidence(self, problem_id: str, **asked: Any) -> dict[str, Any]:
        """What different customers say about a problem."""
        return dict(self.ask("GET", f"/problems/{quote(problem_id, safe='')}/evidence", params=_flat(asked)))

    def metrics(self) -> Any:
        """The metrics there are, with their definitions."""
        return self.ask("GET", "/metrics")

    def metric(self, key: str, **asked: Any) -> dict[str, Any]:
        """One metric within a filter: value, interval, n, and how it changed."""
        return dict(self.ask("GET", f"/metrics/{quote(key, safe='')}", params=_flat(asked)))

    def customer(self, pseudonym: str, page: int = 1) -> dict[str, Any]:
        """One customer: what they said, what about, their scores, what happened."""
        return dict(self.ask("GET", f"/customers/{quote(pseudonym, safe='')}", params=[("page", page)]))

    def topics(self, state: str = "new", page: int = 1) -> dict[str, Any]:
        """New topics, those that most customers speak of first."""
        return dict(self.ask("GET", "/topics", params=[("state", state), ("page", page)]))

    def boards(self) -> list[dict[str, Any]]:
        """Boards that one finds: one's own, the team's, those for everyone."""
        return list(self.ask("GET", "/boards"))

    def board(self, board_id: int, days: int = 90) -> dict[str, Any]:
        """A board with the table behind each widget, over the last 30, 90 or 365 days, or all (0)."""
        return dict(self.ask("GET", f"/boards/{board_id}", params=[("days", days)]))

    def sources(self) -> list[dict[str, Any]]:
        """Every source with its health; those in trouble first."""
        return list(self.ask("GET", "/sources"))

    def fetch(self, source_id: int) -> dict[str, Any]:
        """Let a source be fetched now; the run, whose `job` see `job`."""
        return dict(self.ask("POST", f"/sources/{source_id}/run"))

    def job(self, number: int) -> dict[str, Any]:
        """How far a job has come."""
        return dict(self.ask("GET", f"/jobs/{number}"))

    def checked(self) -> dict[str, Any]:
        """How often the machine is right, and how far people agree."""
        return dict(self.ask("GET", "/review/figures"))

    def audit(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """Who changed what, newest first, to the end: `kind="source"`, `since="2026-01-01"`, `words=…`."""
        before: list[tuple[str, Any]] = []
        while True:
            answer = self.ask("GET", "/audit", params=[*_flat(asked), *before, ("size", _PAGE)])
            yield from answer["items"]
            if answer["next"] is None:
                return
            before = [("before", answer["next"])]

    def _sent(self, batch: list[dict[str, Any]], source: str) -> int:
        answer = self.ask("POST", "/feedback/batch", params=[("source", source)] if source else [], body={"records": batch})
        return int(answer["created"])


def _flat(asked: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keywords as the query takes them; a list stands for several values.

    >>> _flat({"product": ["甲", "乙"], "polarity": -1, "since": None})
    [('product', '甲'), ('product', '乙'), ('polarity', -1)]
    """
    flat: list[tuple[str, Any]] = []
    for name, value in asked.items():
        if value is None:
            continue
        flat += [(name, one) for one in value] if isinstance(value, list | tuple) else [(name, value)]
    return flat
