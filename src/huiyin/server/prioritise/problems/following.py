"""When the taxonomy moves its aspects, problems move with them and keep their ids."""

from __future__ import annotations

from huiyin.insight.analysis import problem_id
from huiyin.insight.problems import Register
from huiyin.server.foundation.audit.services import record
from huiyin.server.foundation.writing import state_write
from huiyin.server.prioritise.problems.models import FollowedVersion, ProblemChange
from huiyin.server.prioritise.problems.services import change_write
from huiyin.server.understand.taxonomy.selectors import version_in_force
from huiyin.server.understand.taxonomy.tree import Tree, moved


def taxonomy_follow() -> int:
    """Bring the register under the version in use; gives how many problems moved. Done twice it is done once."""
    with state_write():
        now = version_in_force()
        followed, made = FollowedVersion.objects.select_for_update().get_or_create(pk=1, defaults={"number": now.number, "said": now.said})
        if made or followed.number == now.number:
            return 0
        went = moved(Tree.of(followed.said), now.tree)
        count = _moved(went)
        followed.number, followed.said = now.number, now.said
        followed.save()
    return count


def _moved(went: dict[str, str | None]) -> int:
    """Write where each problem's aspects are now."""
    edited = Register.of((), (row.change for row in ProblemChange.objects.all()))
    covered = {path for one in edited.problems.values() for path in one.aspects}
    count = 0
    for path, target in sorted(went.items()):
        if path not in covered and target is not None:
            # Nobody had touched it: its id came from the old path and is written down before the path goes.
            key = problem_id(path)
            if key not in edited.problems and key not in edited.went_into:
                change_write("add", key, {"name": "", "aspects": [target], "condition": ""}, None)
                count += 1
    for one in edited.problems.values():
        now = tuple(dict.fromkeys(new for path in one.aspects if (new := went.get(path, path)) is not None))
        if now != one.aspects:
            change_write("move", one.problem_id, {"aspects": list(now)}, None)
            record("problem.moved", one.problem_id, object_type="problem", object_name=one.name or one.problem_id, after={"aspects": list(now)})
            count += 1
    return count
