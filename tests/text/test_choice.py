import pytest

from huiyin.text import PACKS, Reader
from huiyin.text.taxonomy import best_of, choose

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
    "insurance": [
        "住院报销被拒赔，说我投保前没如实告知",
        "退保只退了一半现金价值，业务员当初没讲",
        "车险出险以后定损太低，理赔款拖了一个月",
        "保费每年涨，续保还要重新健康告知",
    ],
    "education": [
        "课程顾问说包过，退费的时候找各种理由",
        "老师讲课照本宣科，孩子听不懂，作业也没人批改",
        "排课总是临时调，约课约不上，课时还过期",
        "网课回放打不开，题库里错题很多，班主任不回消息",
    ],
    "healthcare": [
        "专家号挂不上，候诊等了一上午，医生两分钟就打发了",
        "护士扎针很温柔，病房也干净",
        "做个彩超要排队三天，报告还拿不到",
        "医保报销材料跑了几趟，药房又缺药",
    ],
    "property": [
        "电梯三天两头坏，物业费倒是催得勤",
        "保安形同虚设，地下车库电动车被偷",
        "楼道没人打扫，垃圾堆着，绿化也枯死了",
        "业委会要换物业，门禁卡还要收费，车位只租不卖",
    ],
    "logistics": [
        "快递员不送货上门，直接放驿站也不打电话",
        "包裹压坏了，客服只肯赔运费，保价等于没保",
        "物流三天不更新，中转站分拣错了，件丢了",
        "上门取件一直爽约，运费按体积重算太贵",
    ],
    "travel": [
        "跟团游行程缩水，导游带我们进了五个购物店",
        "景区门票一百多，排队两小时，缆车还停运",
        "航班延误六个小时，行李箱也摔坏了",
        "机票退票费太高，平台客服让我找旅行社",
    ],
    "games": [
        "匹配机制有问题，队友全是人机，连跪十把",
        "抽卡概率太低，不氪金根本玩不下去",
        "更新后闪退，团战掉帧，服务器还老掉线",
        "外挂泛滥，举报没用，还无故封号",
    ],
    "telecom": [
        "家里信号差，打电话断断续续，客服让我重启",
        "套餐改不了，流量莫名其妙超了，话费多扣五十",
        "宽带网速慢，报修三天没人上门，携号转网又不让转",
        "营业厅办补卡排队太久",
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


def test_what_no_pack_speaks_of_goes_to_the_general_one() -> None:
    chosen, scores = choose(["今晚月色很美", "想念外婆了", "凌晨三点还没睡着", "又是一年春天", "他唱得我想哭", "加油武汉"])
    assert chosen.pack == "general"
    assert set(scores) == set(PACKS)


def test_the_best_pack_must_speak_of_a_quarter_of_the_texts() -> None:
    found = dict.fromkeys(PACKS, (0.1, 0.9))
    assert best_of(found | {"hotel": (3.0, 0.3)}) == "hotel"
    assert best_of(found | {"hotel": (3.0, 0.2)}) == "general"
    assert best_of(found) == PACKS[0]
