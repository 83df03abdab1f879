"""The fictional company 栖川 Qichuan: what it sells, where, through which channels, to whom."""

from dataclasses import dataclass

COMPANY = "栖川 Qichuan"


@dataclass(frozen=True)
class Product:
    """What the company sells, and what its customers call it."""

    code: str
    name: str
    english: str
    share: float
    aliases: tuple[str, ...]  # how customers call it at first mention
    nouns: tuple[str, ...]  # and afterwards


@dataclass(frozen=True)
class Region:
    """Where customers live, with the stores there."""

    name: str
    share: float
    stores: tuple[str, ...]
    places: tuple[str, ...]  # how people there say where they live


@dataclass(frozen=True)
class Channel:
    """Where feedback comes in."""

    name: str
    share: float
    missing_score: float  # share of its records that carry no score
    english: float  # share of its records written in English


PRODUCTS = (
    Product(
        "tablet",
        "栖川平板 T11",
        "tablet",
        0.24,
        ("T11", "栖川T11", "栖川平板", "T11平板", "平板", "这个平板", "你家平板", "t11"),
        ("平板", "机子", "这平板"),
    ),
    Product(
        "robot",
        "栖川扫地机器人 R5",
        "robot vacuum",
        0.22,
        ("R5", "扫地机", "栖川扫地机", "扫地机器人", "R5扫地机", "这台扫地机", "你们扫地机", "r5"),
        ("扫地机", "机器", "这台"),
    ),
    Product(
        "lock",
        "栖川智能门锁 L2",
        "smart lock",
        0.18,
        ("L2", "门锁", "栖川门锁", "智能锁", "L2门锁", "这把锁", "指纹锁", "密码锁"),
        ("门锁", "锁", "这锁"),
    ),
    Product(
        "speaker",
        "栖川便携音箱 S3",
        "speaker",
        0.18,
        ("S3", "音箱", "栖川音箱", "智能音箱", "S3音箱", "这个小音箱", "小音响", "s3"),
        ("音箱", "音响", "这小玩意"),
    ),
    Product(
        "vacuum",
        "栖川无线吸尘器 V8",
        "cordless vacuum",
        0.18,
        ("V8", "吸尘器", "栖川V8", "无线吸尘器", "V8吸尘器", "这吸尘器", "手持吸尘器", "v8"),
        ("吸尘器", "机器", "这台"),
    ),
)

REGIONS = (
    Region("华东", 0.25, ("上海五角场店", "杭州湖滨店", "南京新街口店"), ("上海", "杭州", "苏州", "南京", "合肥")),
    Region("华南", 0.18, ("深圳万象店", "广州天河店", "厦门中山路店"), ("深圳", "广州", "佛山", "厦门", "南宁")),
    Region("华北", 0.15, ("北京朝阳店", "天津滨江道店", "石家庄北国店"), ("北京", "天津", "石家庄", "太原")),
    Region("华中", 0.12, ("武汉光谷店", "长沙五一店", "郑州二七店"), ("武汉", "长沙", "郑州", "南昌")),
    Region("西南", 0.11, ("成都春熙路店", "重庆解放碑店", "昆明南屏店"), ("成都", "重庆", "昆明", "贵阳")),
    Region("西北", 0.06, ("西安钟楼店", "兰州西关店", "乌鲁木齐友好店"), ("西安", "兰州", "银川", "乌鲁木齐")),
    Region("东北", 0.06, ("沈阳中街店", "大连青泥洼店", "哈尔滨中央大街店"), ("沈阳", "大连", "长春", "哈尔滨")),
    Region("港澳台", 0.07, ("香港旺角店", "澳门新马路店", "台北信义店"), ("香港", "九龙", "澳门", "台北", "高雄")),
)
TRADITIONAL_REGION = "港澳台"
TRADITIONAL_THERE, TRADITIONAL_ELSEWHERE = 0.78, 0.031  # 8 % of all records together

CHANNELS = (
    Channel("应用商店", 0.15, 0.10, 0.13),
    Channel("电商评价", 0.26, 0.16, 0.06),
    Channel("在线客服", 0.17, 0.55, 0.05),
    Channel("热线转写", 0.14, 1.00, 0.00),
    Channel("回访问卷", 0.18, 0.03, 0.045),
    Channel("微博", 0.10, 1.00, 0.02),
)
REVIEW_CHANNEL, HOTLINE_CHANNEL, SURVEY_CHANNEL, WEIBO_CHANNEL = "电商评价", "热线转写", "回访问卷", "微博"

SEGMENTS = (("新客", 0.34), ("老客", 0.33), ("会员", 0.25), ("企业采购", 0.08))

# Monday to Sunday; people write more at the weekend.
WEEKDAY_WEIGHTS = (0.98, 0.92, 0.93, 0.95, 1.0, 1.13, 1.09)
GROWTH_OVER_PERIOD = 0.18
HOUR_WEIGHTS = (2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 9, 8, 7, 8, 8, 8, 7, 7, 9, 11, 11, 8, 4)
