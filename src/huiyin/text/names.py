"""Names of people in text, by what stands around them: a form of address, a trade, or the word with which people name themselves."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from huiyin.text.codepoints import CodePoints
from huiyin.text.phrases import PhraseFinder

_HAN = "\u4e00-\u9fff"
_NAME_END = re.compile(rf"[{_HAN}]*\Z")
_SELF_NAMED = re.compile(
    rf"(?:我叫|本人叫|姓名[: ]{{0,2}}|联系人[: ]{{0,2}}|收件人[: ]{{0,2}}|收货人[: ]{{0,2}}|签名: ?|投诉人[: ]{{0,2}}|我是业主|本人)([{_HAN}]{{2,4}}?)"
    rf"(?=[^{_HAN}]|[住在家的是电手想要买来用有这今昨于从对请为号购订预没不身])"
)
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬"
    "安常乐于傅皮卞齐康伍余卜顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳焦侯宓蓬全班仰秋仲伊宫宁仇栾甘厉武符刘景詹束龙叶司黎薄印白怀蒲邰从赖卓蔺屠蒙池乔阴胥"
    "能苍双闻莘党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀尚农温庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广阙东欧利师巩聂关荆"
)
_COMMON = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范石姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙段雷钱汤尹黎"
)
_COMPOUND = frozenset(["欧阳", "司马", "上官", "诸葛", "夏侯", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "端木", "南宫"])
_FUNCTION_WORDS = frozenset("从都能应全终通步连班")
"""Surnames too, but before a form of address they nearly always mean something else."""
_NOT_NAME_WORDS = (
    "高级 全体 有个 这个 那个 各位 双方 我方 对方 官方 成都 国内 通过 应该 从此 东方 文化 关于 任何 能让 都能 大堂 客户 销售 "
    "理财 产品 项目 区域 值班 店面 门店 部门 公司 网点 支行 分行 银行 总行 前厅 餐厅 酒店 主治 住院 主任 主管 全科 语文 英文 "
    "中文 外文 人文 数学 美术 音乐 舞蹈 体育 外国 中国 国外 美国 安装 安检 保安 平安 公安 维修 快递 司机 房东 宿管 保管 城管 "
    "仓管 美容 整容 容易 家长 校长 店长 班长 高中 初中 小学 大学 非常 经常 日常 平常 异常 正常 感谢 谢谢 多谢 答谢 方向 终于 "
    "对于 由于 属于 等于 处于 至于 位于 全部 师傅 老师 医生 经理 阿姨 先生 女士 小姐 警官 太太 大姐 大哥 古文 国文 作文 生意 "
    "何时 有关 相关 机关 海关 无关 关于 高级 金牌 施工 包装 装修 管道 管家 水管 江苏 浙江 贵州 云南 山东 广东 广西 江西 安徽 陕西 云贵 万达 万科 时候 当时 及时 按时 小时 "
    "平时 临时 同时 准时 实时 单元 订单 工单 单位 简单 "
)
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())
_SAFE_BEFORE_TITLE = frozenset("个位名的是那这大小老女男新有")

_SELF_NAMING = ("我叫", "本人叫", "姓名", "联系人", "收件人", "收货人", "签名", "投诉人", "我是业主", "本人", "我是")
_TITLES = (
    "先生", "女士", "小姐", "师傅", "太太", "阿姨", "大姐", "大哥", "经理", "主任", "医生", "老师", "警官",
    "大夫", "护士", "律师", "教练", "店长", "校长", "院长", "科长", "处长", "局长", "所长", "站长", "队长", "组长", "班长", "主管", "导游", "同学", "教授",
    "法官", "书记", "会计", "技师", "管家", "顾问", "大爷", "大妈", "大叔", "叔叔", "奶奶", "爷爷", "医师", "药师", "护士长", "总监", "总经理", "副总",
)
_SHORT_TITLES = ("总", "姐", "哥", "工", "姨", "叔")
"""One letter: only behind a common surname that stands by itself."""
_AFTER_SHORT = frozenset("帮说给来去办态服很真特非太也把让接处回推负，。！？、 ,.!?的在")
_BEFORE_SHORT = frozenset("找给让和跟谢问帮叫请是的向对与由被长员服购家理柜，。！？、 ,.!?")
_NO_TITLE = ("小姐姐", "老师傅", "小哥哥", "大姐大", "同学会", "同学们", "总是", "总共", "总结", "总之", "总体", "总价", "总部", "哥哥", "姐姐", "工作", "工程", "工资", "工具", "工人", "工号", "工单", "总裁", "叔叔们")
_BRAND = re.compile(r"(?:先生|师傅|太太|小姐|阿姨|大妈|大叔|奶奶|老师)(?:牌|家的|方便面|牛肉面|拉面|面馆|红茶|冰红茶|奶茶|凉茶|酱|辣酱|饺子|包子|烤鸭|火锅|酸辣粉|加州|汉堡|炸鸡|糕点|蛋糕|咖啡)")
_TRADES = (
    "客服", "柜员", "营业员", "管家", "导购", "店员", "销售", "顾问", "技师", "前台", "服务员", "收银员", "快递员", "外卖员", "骑手", "司机", "护士", "教练", "保安",
    "保洁", "客户经理", "大堂经理", "理发师", "设计师", "业务员", "工程师", "工作人员", "教师", "护工", "月嫂", "中介", "经纪人", "接线员", "话务员", "业务经理", "房产经纪", "健身教练",
    "班主任", "讲师", "导师", "医助", "安装工", "维修工", "配送员", "送货员", "乘务员", "空姐",
)
_ENGLISH = ("mr", "mrs", "ms", "dr", "mr.", "mrs.", "ms.", "dr.")
_COMMON_LETTERS = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑韩唐冯董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶余潘杜戴夏钟汪田姜范石姚谭廖邹熊陆郝孔崔邱秦顾侯邵孟龙段雷钱汤尹黎白谢"
_FULL = re.compile(rf"(?:[小老阿][{_COMMON_LETTERS}]|[{_COMMON_LETTERS}][{_HAN}]{{1,2}}?)(?=[^{_HAN}]|[的很办态帮给说也都非太特真一热耐认负处在]|服务|[小老]?师|先生|女士|小姐)")
_ITSELF = re.compile(rf"[{_COMMON_LETTERS}][{_HAN}]{{1,2}}(?=[，。！,.! \x1e\n])")
_FOREIGN = re.compile(r"\.? ?([a-z]{2,15})(?![a-z])")
_NO_NAMES = frozenset(
    "马上 高兴 高级 高峰 高效 高度 高温 方便 金牌 程序 黄金 黄牛 白天 石头 江湖 何时 何况 何必 任何 曾经 安排 严重 温柔 明白 解释 全程 全部 高冷 高傲 马虎 周到 周末 周一 周二 周三 "
    "周四 周五 周六 周日 孔武 熊样 白痴 龙头 段位 田园 夏天 夏季 秦岭 唐突 宋体 丁点 白眼 白人 钱包 钱款 钱都 余额 余下 汤水 高速 高大 小高 老白 老高 老石 小石 老黄 小黄 小白 小马 小龙 小田 小钱 老汤 小汤 小夏 "
    "林场 程度 何人 何事 何处 何种 黎明 石材 石油 雷人 雷声 姜汤 贾维 顾客 顾虑 谢谢 谢绝 谢意 周围 周边 周期 许多 许久 许可 徐徐 孙子 朱砂 高管 高层 高手 高薪 马路 马桶 马力 马达 罗列 梁子 冯虚 董事 程控 "
    "曹操 陆续 陆陆 陈述 陈旧 陈列 杨树 王者 王牌 王道 李子 张口 张嘴 张贴 刘海 黄色 黄昏 吴语 胡说 胡乱 胡扯 郭德 汪汪 范围 范例 石墨 姚明 谭木 邹城 郝好 崔促 邱陵 侯车 邵阳 孟加 龙门 段子 尹始 白费 白跑 白等".split()
)


_TITLE = re.compile("|".join(_TITLES))


@functools.cache
def _finder() -> PhraseFinder:
    return PhraseFinder([*_TITLES, *_SHORT_TITLES, *_NO_TITLE, *_SELF_NAMING, *_TRADES, *_ENGLISH])


_KINDS = [0] * len(_TITLES) + [1] * len(_SHORT_TITLES) + [2] * len(_NO_TITLE) + [3] * len(_SELF_NAMING) + [4] * len(_TRADES) + [5] * len(_ENGLISH)
_TITLED, _SHORT, _PLAIN, _SELF, _TRADE, _FOREIGN_TITLE = range(6)


def find(joined: str, folded: CodePoints) -> Iterator[tuple[int, int, str, str]]:
    """(start, end, surrogate, kind) of the names of a batch; `joined` is its folded text as one string."""
    hits = _finder().find(folded)
    for phrase, start, end in zip(hits.phrase.tolist(), hits.start.tolist(), hits.end.tolist(), strict=True):
        found = _at(joined, _KINDS[phrase] if phrase < len(_KINDS) else _PLAIN, start, end)
        if found:
            yield *found, "【姓名】", "name"


def _at(joined: str, kind: int, start: int, end: int) -> tuple[int, int] | None:
    """Where the name at this sign stands."""
    if kind == _TITLED:
        if not _BRAND.match(joined, start) and (length := _name_before(joined[max(0, start - 4) : start])):
            return start - length - (joined[start - length - 1 : start - length] in ("老", "小") and _bounded(joined, start - length - 1)), start
        kind = _TRADE if joined[start:end] in _TRADE_NAMES else kind
    if kind == _SHORT:
        before, after = joined[start - 2 : start - 1], joined[end : end + 1]
        common = start > 0 and joined[start - 1] in _COMMON and joined[start - 1 : end + 1] not in _NO_NAMES
        if common and (not before or before in _BEFORE_SHORT or not "\u4e00" <= before <= "\u9fff") and (after in _AFTER_SHORT or not "\u4e00" <= after <= "\u9fff"):
            return start - 1, start
    if kind == _SELF:
        return _self_named(joined, start, end)
    if kind == _TRADE and (match := _FULL.match(joined, end)) and not (_TITLE.search(joined, end + 1, match.end() + 2) or match.group() in _NO_NAMES or match.group()[:2] in _NO_NAMES | _NOT_NAMES):
        return match.span()
    if kind == _FOREIGN_TITLE and (match := _FOREIGN.match(joined, end)) and (joined[end - 1] == "." or match.group()[0] in ". "):
        return match.span(1)
    return None


_TRADE_NAMES = frozenset(_TRADES)


def _bounded(joined: str, at: int) -> bool:
    return at == 0 or not "\u4e00" <= joined[at - 1] <= "\u9fff" or joined[at - 1] in _BEFORE_SHORT


def _self_named(joined: str, start: int, end: int) -> tuple[int, int] | None:
    if joined[start:end] == "我是":
        match = _ITSELF.match(joined, end)
        return match.span() if match and match.group()[:2] not in _NO_NAMES | _NOT_NAMES and match.group() not in _NO_NAMES else None
    named = _SELF_NAMED.match(joined, start)
    if not named:
        return None
    name = named.group(1)
    if name[:2] in _NOT_NAMES | _NO_NAMES or not (name[:2] in _COMPOUND or (name[0] in _SURNAMES and name[0] not in _FUNCTION_WORDS)):
        return None
    if joined[start:end] == "本人" and name[0] not in _COMMON:
        return None
    return named.span(1)


def _name_before(before: str) -> int:
    """How many characters directly before a form of address are a name; a common surname outranks a nearer rare one."""
    before = _NAME_END.search(before).group()  # type: ignore[union-attr]
    if not before or before[-1] in _SAFE_BEFORE_TITLE or before[-2:] in _NOT_NAMES:
        return 0
    for length in (4, 3, 2):
        if before[-length:][:2] in _COMPOUND and len(before) >= length:
            return length
    surnames = [length for length in range(1, min(len(before), 3) + 1) if before[-length] in _SURNAMES and before[-length:] not in _NOT_NAMES]
    if not surnames or before[-surnames[0]] in _FUNCTION_WORDS:
        return 0
    # 李国强先生: 国 is a surname, but behind a common one it is part of the given name.
    common = [length for length in surnames if before[-length] in _COMMON and before[-length - 1 : len(before) - length + 1] not in _NOT_NAMES]
    return max([surnames[0], *common])
