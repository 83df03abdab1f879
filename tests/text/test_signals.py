import pytest

from huiyin.text import Reader
from huiyin.text.signals import SPAM_REASONS


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("客服态度恶劣", "intent", "complaint"),
        ("非常满意", "intent", "praise"),
        ("希望增加夜间模式", "intent", "wish"),
        ("请问在哪里可以查看订单", "intent", "question"),
        ("太差了，再也不买了", "intent", "churn"),
        ("非常满意", "urgency", "low"),
        ("漏电冒烟，太危险了，尽快处理", "urgency", "urgent"),
        ("打了好几次电话都没人处理，太差", "effort", "high"),
        ("一键搞定，非常方便", "effort", "low"),
        ("气死人了，垃圾", "emotion", "anger"),
        ("很开心，很高兴", "emotion", "joy"),
        ("蟑螂，太恶心了", "emotion", "disgust"),
        ("好评返现，五星返现", "is_spam", True),
        ("加微信日赚千元", "is_spam", True),
        ("非常满意", "is_spam", False),
        ("🚗", "intent", "none"),
    ],
)
def test_signal(general: Reader, text: str, column: str, expected: object) -> None:
    assert general.read([text]).feedback_columns()[column][0].as_py() == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("晒图好评返现三元，我拿到了", "bought_praise"),
        ("加微信日赚千元，宝妈兼职", "advert"),
        ("懒得打字，每次都是这段评价", "template"),
        ("包装严实，用着放心", "none"),
    ],
)
def test_a_flag_says_why(general: Reader, text: str, reason: str) -> None:
    found = general.read([text]).signals
    assert SPAM_REASONS[found.spam_reason[0]] == reason
    assert found.spam[0] == (reason != "none")
