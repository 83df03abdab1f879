"""Writing habits: punctuation, typos, emoji, mentions. They change the look of a text, never what it says."""

from random import Random

from huiyin.simulate.company import HOTLINE_CHANNEL, WEIBO_CHANNEL
from huiyin.simulate.templates import Wordings

TYPOS = (
    ("怎么", "怎麽"),
    ("客服", "克服"),
    ("已经", "己经"),
    ("续航", "续行"),
    ("升级", "生级"),
    ("再也", "在也"),
    ("那么", "哪么"),
    ("地址", "地止"),
    ("快递", "快弟"),
    ("垃圾", "垃极"),
    ("质量", "质亮"),
    ("电池", "电磁"),
    ("更新", "跟新"),
    ("根本", "跟本"),
    ("得很", "的很"),
    ("慢得", "慢的"),
    ("响得", "响的"),
    ("烫得", "烫的"),
    ("卡得", "卡的"),
    ("扫得", "扫的"),
    ("做得", "做的"),
    ("默认", "墨认"),
    ("就是", "就事"),
    ("什么", "神马"),
    ("没有", "木有"),
    ("屏幕", "屏目"),
    ("声音", "生音"),
    ("包装", "包庄"),
    ("希望", "希忘"),
    ("的时候", "得时候"),
    ("充电", "冲电"),
    ("发货", "发或"),
    ("价格", "价各"),
    ("喜欢", "稀饭"),
    ("推荐", "推建"),
    ("的", "滴"),
    ("真的", "真滴"),
    ("比较", "笔较"),
    ("在线", "再线"),
    ("安装", "按装"),
    ("师傅", "师父"),
    ("非常", "灰常"),
)
TYPO_SHARE = 0.09
WEIBO_PREFIXES = ("@栖川 ", "@栖川智能 ", "#栖川# ", "#栖川日常# ", "@栖川官方微博 ", "", "", "", "")
LAUGHS = ("哈哈哈", "hhh", "笑死", "233", "哈哈", "[吃瓜]", "[doge]")
ENDINGS = "。！？!?～…，"


def punctuate(parts: list[str], random: Random, furious: bool, formal: bool) -> str:
    """Join the parts by the habit of one writer: full stops, spaces, 。。。, ！！, half-width commas, line noise."""
    dice = random.random()
    if formal:
        return _joined(parts, "，", "。" if dice < 0.8 else "", random, 0.12)
    if dice < 0.48:
        return _joined(parts, "，", "。" if random.random() < 0.6 else "", random, 0.4)
    if dice < 0.63:
        return _joined(parts, "，", "", random, 0).replace("，", " ")
    if dice < 0.70:
        return _joined(parts, "。。。", "。。。" if random.random() < 0.5 else "", random, 0)
    if dice < 0.76:
        return _joined(parts, ",", "", random, 0).replace("，", ",")
    if dice < (0.92 if furious else 0.82):
        return _joined(parts, "！", "！" * (1 + int(random.random() * 3)), random, 0)
    if dice < 0.86 and not furious:
        return _joined(parts, "～", "～", random, 0)
    return _joined(parts, "，", "", random, 0.1)


def _joined(parts: list[str], separator: str, end: str, random: Random, stops: float) -> str:
    text = parts[0]
    for part in parts[1:]:
        if text[-1] in ENDINGS:
            text += part
        else:
            text += ("。" if stops and random.random() < stops else separator) + part
    return text if text[-1] in ENDINGS else text + end


def misspell(text: str, random: Random) -> str:
    """One homophone or slip of the input method, if the text offers the place."""
    start = int(random.random() * len(TYPOS))
    for right, wrong in TYPOS[start:] + TYPOS[:start]:
        if right in text:
            return text.replace(right, wrong, 1)
    return text


def decorate(text: str, random: Random, words: Wordings, channel: str, mood: str) -> str:
    """Typos, emoji, @ and # as the channel invites them."""
    if random.random() < TYPO_SHARE:
        text = misspell(text, random)
    if channel == HOTLINE_CHANNEL:
        return text
    weibo = channel == WEIBO_CHANNEL
    if mood == "playful" and random.random() < 0.3:
        text += LAUGHS[int(random.random() * len(LAUGHS))]
    if random.random() < (0.3 if weibo else 0.09):
        symbols = words.emoji[{"playful": "neutral", "furious": "angry"}.get(mood, mood) + "_emoji"]
        text += symbols[int(random.random() * len(symbols))] * (1 + int(random.random() ** 3 * 4))
    if weibo:
        text = WEIBO_PREFIXES[int(random.random() * len(WEIBO_PREFIXES))] + text
    return text
