import pytest

from huiyin.text import Reader

KINDS = {
    "hotel": [
        "酒店前台办理入住很慢，房间隔音差",
        "早餐种类少，床很舒服，退房也快",
        "房间卫生不好，床单有污渍，空调声音大",
        "大床房很宽敞，浴室热水不稳定",
    ],
    "automobile": [
        "发动机异响，变速箱顿挫，4S店推诿",
        "油耗很低，方向盘手感好，底盘扎实",
        "刹车偏软，车机卡顿，座椅舒服",
        "车漆有色差，后备箱空间大，动力足",
    ],
    "restaurant": [
        "菜品味道很好，上菜太慢，服务员热情",
        "排队很久，菜量少，口味偏咸",
        "环境不错，包间干净，烤鸭好吃",
        "火锅锅底很香，食材新鲜，买单方便",
    ],
    "banking": [
        "手机银行转账失败，信用卡年费乱收",
        "柜台排队太久，理财产品亏损",
        "信用卡额度太低，还款不方便，客服打不通",
        "贷款利率高，开户手续繁琐，网点少",
    ],
    "public_service": [
        "小区物业不作为，垃圾没人清理，希望政府管管",
        "工地夜间施工噪音扰民，反映多次没解决",
        "公积金提取怎么办理，社保转移要多久",
        "拖欠农民工工资，路灯坏了没人修，占道经营",
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_auto_picks_the_pack(kind: str) -> None:
    reader = Reader.load()
    assert reader.taxonomy is None
    assert reader.settle(KINDS[kind]).pack == kind
    assert reader.version.endswith(f"+{kind}@{reader.taxonomy.version}")


def test_the_choice_does_not_depend_on_order() -> None:
    texts = [text for kind in ("hotel", "restaurant") for text in KINDS[kind]]
    assert Reader.load().settle(texts).pack == Reader.load().settle(texts[::-1]).pack
