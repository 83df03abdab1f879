from huiyin.text import Reader


def mentions(reader: Reader, text: str) -> list[dict[str, object]]:
    columns = reader.read([text]).mention_columns()
    return [{name: column[at].as_py() for name, column in columns.items()} for at in range(len(columns["row"]))]


def test_one_mention_for_each_aspect_with_its_span(general: Reader) -> None:
    text = "客服态度很好，物流太慢了"
    found = mentions(general, text)
    assert [text[one["start"] : one["end"]] for one in found] == ["客服态度很好", "客服态度很好", "物流太慢了"]
    assert [one["polarity"] for one in found] == [1, 1, -1]
    assert len({one["aspect"] for one in found}) == 3


def test_an_opinion_takes_the_aspect_of_the_clause_before() -> None:
    text = "这个前台，真的很差"
    (one,) = mentions(Reader.load("hotel"), text)
    assert one["target"] == "前台"
    assert one["opinion"] == "真的很差"
    assert (one["start"], one["end"]) == (0, len(text))


def test_a_negated_complaint_phrase_is_no_complaint(general: Reader) -> None:
    (plain,), (negated,) = mentions(general, "经常闪退"), mentions(general, "从来没有闪退")
    assert plain["aspect"] == negated["aspect"]
    assert (plain["polarity"], negated["polarity"]) == (-1, 1)


def test_an_opinion_on_nothing_known_stays_unplaced(general: Reader) -> None:
    (one,) = mentions(general, "非常失望")
    assert one["aspect"] is None
    assert one["target"] is None
    assert one["opinion"] == "非常失望"


def test_mentions_are_numbered_within_their_text(general: Reader) -> None:
    columns = general.read(["客服很好，物流很慢", "", "物流很快"]).mention_columns()
    assert columns["row"].to_pylist() == [0, 0, 2]
    assert columns["mention_no"].to_pylist() == [0, 1, 0]
