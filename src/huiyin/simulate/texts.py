"""Words for a drawn block: Chinese, traditional Chinese (converted in one call) and English."""

from functools import cache
from random import Random

from opencc import OpenCC

from huiyin.simulate import company
from huiyin.simulate.company import HOTLINE_CHANNEL
from huiyin.simulate.draws import ENGLISH, TRADITIONAL, Draw
from huiyin.simulate.english import write_english
from huiyin.simulate.habits import decorate, punctuate
from huiyin.simulate.rates import COMPLAINT_PATHS, PRAISE_PATHS, Flags
from huiyin.simulate.voices import Saying, Voice

LONGEST = 300
CHANNEL_NAMES = tuple(channel.name for channel in company.CHANNELS)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def paths_per_row(flags: Flags, paths: tuple[str, ...]) -> list[list[str]]:
    """The aspect paths raised in each row."""
    found: list[list[str]] = [[] for _ in range(flags.shape[1])]
    for aspect, row in zip(*(axis.tolist() for axis in flags.nonzero()), strict=True):
        found[row].append(paths[aspect])
    return found


def write_texts(draw: Draw, random: Random) -> list[str]:
    """One text for each row; a row that repeats another repeats its text."""
    complaints, praises = paths_per_row(draw.complaints, COMPLAINT_PATHS), paths_per_row(draw.praises, PRAISE_PATHS)
    languages = draw.language.tolist()
    texts: list[str] = []
    columns = (draw.channel, draw.product, draw.region, draw.feeling, draw.bought, draw.repeats)
    for row, (channel, product, region, feeling, bought, repeats) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        if repeats >= 0:
            texts.append(texts[repeats])
            continue
        saying = Saying(CHANNEL_NAMES[channel], product, region, complaints[row], praises[row], feeling, bought)
        texts.append(write_english(saying, random) if languages[row] == ENGLISH else _chinese(saying, random))
    traditional = [row for row, language in enumerate(languages) if language == TRADITIONAL]
    converted = _converter().convert("\n".join(texts[row] for row in traditional)).split("\n")
    for row, text in zip(traditional, converted, strict=False):
        texts[row] = text
    return texts


def _chinese(saying: Saying, random: Random) -> str:
    voice = Voice(saying, random)
    furious, formal = voice.tone == "furious", saying.channel == HOTLINE_CHANNEL
    text = punctuate(voice.parts(), random, furious, formal)
    if len(text) > LONGEST - 30:
        text = punctuate(voice.bare(), random, furious, formal)[: LONGEST - 30]
    mood = voice.tone if voice.tone in ("furious", "playful") else "angry" if saying.complaints else "happy" if saying.feeling >= 7 else "neutral"
    return decorate(text, random, voice.words, saying.channel, mood)
