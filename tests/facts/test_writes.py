"""What is appended is there, what is replaced is replaced whole, who is erased is gone, and what is refused leaves nothing."""

from __future__ import annotations

import pyarrow as pa
import pytest
from tests.facts import world

from huiyin.facts import BatchRefused


def totals(facts) -> tuple[int, int]:
    voices = facts.query("SELECT count(*) AS n FROM voice")["n"][0].as_py()
    return voices, facts.query("SELECT count(*) AS n FROM opinion")["n"][0].as_py()


def rows(facts, feedback_id: str) -> list[dict[str, object]]:
    sql = "SELECT mention_no, aspect, polarity, product, customer_id, day FROM opinion WHERE feedback_id = ? ORDER BY mention_no"
    return facts.query(sql, (feedback_id,)).to_pylist()


def test_every_value_comes_back_as_it_went_in(facts):
    feedback, mentions = world.batch(60)
    facts.append(feedback, mentions)
    columns = ", ".join(f'"{name}"' for name in feedback.column_names)
    there = facts.query(f"SELECT {columns} FROM feedback ORDER BY feedback_id").to_pylist()
    assert there == feedback.to_pylist()
    columns = ", ".join(f'"{name}"' for name in mentions.column_names)
    there = facts.query(f"SELECT {columns} FROM mention ORDER BY feedback_id, mention_no").to_pylist()
    assert there == mentions.to_pylist()


def test_replacing_changes_what_was_said_and_nothing_else(facts):
    feedback, mentions = world.batch(80)
    facts.append(feedback, mentions)
    before = totals(facts)
    changed = feedback.slice(10, 5).set_column(feedback.column_names.index("product"), "product", pa.array(["T99"] * 5))
    facts.replace(changed, mentions.slice(0, 0))
    kept = [row for row in mentions.to_pylist() if row["feedback_id"] not in changed["feedback_id"].to_pylist()]
    assert facts.query("SELECT count(*) AS n FROM feedback").to_pylist() == [{"n": 80}]
    assert facts.query("SELECT count(*) AS n FROM mention").to_pylist() == [{"n": len(kept)}]
    facts.replace(feedback, mentions)
    facts.replace(feedback, mentions)
    assert totals(facts) == before


def test_a_mention_follows_its_feedback(facts):
    feedback, mentions = world.batch(30)
    wrong = mentions.set_column(mentions.column_names.index("product"), "product", pa.array(["not what the feedback says"] * mentions.num_rows))
    facts.append(feedback, wrong)
    assert facts.query("SELECT count(*) AS n FROM opinion WHERE product = 'not what the feedback says'").to_pylist() == [{"n": 0}]


def test_an_erased_customer_is_nowhere(facts):
    feedback, mentions = world.batch()
    facts.append(feedback, mentions)
    theirs = sum(1 for row in feedback.to_pylist() if row["customer_id"] == "c7")
    assert theirs > 1
    assert facts.erase_customer("c7") == theirs
    assert facts.erase_customer("c7") == 0
    for table in ("feedback", "mention"):
        assert facts.query(f"SELECT count(*) AS n FROM {table} WHERE customer_id = 'c7'").to_pylist() == [{"n": 0}]
    assert facts.query("SELECT count(*) AS n FROM feedback").to_pylist() == [{"n": feedback.num_rows - theirs}]


def test_erased_feedback_is_nowhere_and_the_rest_untouched(facts):
    feedback, mentions = world.batch()
    facts.append(feedback, mentions)
    ids = feedback["feedback_id"].to_pylist()
    gone, kept = ids[::7], sorted(set(ids) - set(ids[::7]))
    assert facts.erase([*gone, "never there"]) == len(gone)
    assert facts.erase(gone) == facts.erase([]) == 0
    assert facts.query("SELECT feedback_id FROM feedback ORDER BY feedback_id")["feedback_id"].to_pylist() == kept
    said = facts.query("SELECT count(*) AS n FROM mention")["n"][0].as_py()
    assert said == sum(one in set(kept) for one in mentions["feedback_id"].to_pylist()) < mentions.num_rows


def test_after_vacuum_the_words_of_an_erased_customer_are_not_in_the_file(tmp_path):
    from huiyin.facts import DuckDBFacts

    path = tmp_path / "facts.duckdb"
    feedback, mentions = world.batch(40)
    ids = pa.array(["who-is-erased"] * 3 + ["c1"] * 37)
    with DuckDBFacts(path) as facts:
        facts.append(feedback.set_column(feedback.column_names.index("customer_id"), "customer_id", ids), mentions)
        facts.erase_customer("who-is-erased")
        facts.vacuum()
        assert facts.query("SELECT count(*) AS n FROM feedback").to_pylist() == [{"n": 37}]
    assert all(b"who-is-erased" not in one.read_bytes() for one in tmp_path.iterdir())


def test_the_revision_rises_with_every_write_and_with_nothing_else(facts):
    feedback, mentions = world.batch(20)
    seen = [facts.revision]
    for write in (
        lambda: facts.append(feedback, mentions),
        lambda: facts.replace(feedback, mentions),
        lambda: facts.erase_customer("c1"),
        lambda: facts.publish("v2", "ann"),
    ):
        write()
        seen.append(facts.revision)
    assert seen == sorted(set(seen))
    totals(facts)
    with pytest.raises(BatchRefused):
        facts.append(feedback.slice(0, 1), mentions.slice(mentions.num_rows - 1))
    assert facts.revision == seen[-1]


def stray(feedback, mentions):
    return feedback.slice(0, 1), mentions.slice(mentions.num_rows - 1)


def twice(feedback, mentions):
    return pa.concat_tables([feedback, feedback.slice(3, 1)]), mentions


def unknown(feedback, mentions):
    return feedback.append_column("colour", pa.array(["red"] * feedback.num_rows)), mentions


def unfit(feedback, mentions):
    return feedback, mentions.set_column(mentions.column_names.index("polarity"), "polarity", pa.array(["bad"] * mentions.num_rows))


def nameless(feedback, mentions):
    return feedback.set_column(0, "feedback_id", pa.nulls(feedback.num_rows, pa.string())), mentions


@pytest.mark.parametrize(
    ("broken", "words"),
    [(stray, "belong"), (twice, "f0003"), (unknown, "colour"), (unfit, "polarity"), (nameless, "feedback_id")],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_what_is_no_batch_is_refused_whole_and_says_why(facts, broken, words):
    feedback, mentions = world.batch(20)
    for write in (facts.append, facts.replace):
        with pytest.raises(BatchRefused, match=words) as refusal:
            write(*broken(feedback, mentions))
        assert refusal.value.message_zh and refusal.value.message_en
    assert facts.query("SELECT count(*) AS n FROM feedback").to_pylist() == [{"n": 0}]


def test_a_batch_may_leave_out_columns(facts):
    facts.append(
        pa.table({"feedback_id": ["a"], "text": ["慢"]}), pa.table({"feedback_id": ["a"], "mention_no": [0], "aspect": ["x"], "polarity": [-1]})
    )
    assert rows(facts, "a") == [{"mention_no": 0, "aspect": "x", "polarity": -1, "product": None, "customer_id": None, "day": None}]


def test_tables_given_along_are_joined(facts):
    facts.append(*world.batch(30))
    wanted = pa.table({"feedback_id": ["f0003", "f0001", "nobody"], "weight": [2.5, 1.0, 9.0]})
    sql = "SELECT w.feedback_id, w.weight FROM wanted w JOIN feedback f ON f.feedback_id = w.feedback_id ORDER BY w.feedback_id"
    expected = [{"feedback_id": "f0001", "weight": 1.0}, {"feedback_id": "f0003", "weight": 2.5}]
    assert facts.query(sql, tables={"wanted": wanted}).to_pylist() == expected
    sql = "SELECT count(*) AS n FROM voice v JOIN wanted w ON w.feedback_id = v.feedback_id WHERE w.weight > ?"
    assert facts.query(sql, (1.5,), tables={"wanted": wanted})["n"][0].as_py() in (0, 1)


def test_snapshots_are_kept_by_name_and_day(facts):
    from datetime import date

    ranks = pa.table({"aspect": ["a", "b"], "rank": [1, 2]})
    assert facts.recall("ranks", date(2026, 4, 1)) is None
    for day in (2, 1, 3):
        facts.remember("ranks", date(2026, 4, day), ranks)
    facts.remember("ranks", date(2026, 4, 2), ranks.slice(1))
    facts.remember("other", date(2026, 4, 9), ranks)
    assert facts.recall("ranks", date(2026, 4, 2)).to_pylist() == [{"aspect": "b", "rank": 2}]
    assert facts.recall("ranks", date(2026, 4, 1)).equals(ranks)
    assert facts.remembered("ranks") == [date(2026, 4, day) for day in (1, 2, 3)]
    facts.forget("ranks", date(2026, 4, 3))
    assert facts.remembered("ranks") == [date(2026, 4, 3)]
    assert facts.remembered("other") == [date(2026, 4, 9)]
