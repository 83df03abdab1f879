"""The foreign customers: a few plain sentences in English."""

from random import Random

from huiyin.simulate.company import PRODUCTS
from huiyin.simulate.templates import Template, english, fill
from huiyin.simulate.voices import CODES, Saying

LINKS = (". Also, ", " and ", ". ", "; ", ". On top of that, ")
TURNS = (", but ", ". However, ", " but ", ", although ")
ENDS = (".", ".", "", "!", "...")


def write_english(saying: Saying, random: Random) -> str:
    """The whole text of an English record."""
    words, product = english(CODES), PRODUCTS[saying.product]
    slots = words.slots | {"e": (product.english, f"Qichuan {product.english}", product.name.split()[-1])}

    def one(templates: tuple[Template, ...]) -> str:
        return fill(templates[int(random.random() * len(templates))], random, slots)

    bad = [one(words.complaints[path, product.code]) for path in saying.complaints]
    good = [one(words.praises[path, product.code]) for path in saying.praises]
    sentences = [one(words.frames["situation"])] if random.random() < 0.6 else []
    if bad:
        said = _linked(bad, LINKS, random)
        sentences.append(_linked([_linked(good, LINKS, random), said], TURNS, random) if good else said)
        sentences += [one(words.frames[name]) for name in ("consequence", "wish") if random.random() < 0.45]
    elif good:
        sentences.append(_linked(good, LINKS, random))
        sentences += [one(words.frames["praise_closer"])] if random.random() < 0.6 else []
    else:
        mood = "happy" if saying.feeling >= 7 else "unhappy" if saying.feeling < 5.5 else "neutral"
        sentences = [one(words.frames[mood if random.random() < 0.75 else "neutral"])]
    return _written(sentences, random)


def _linked(said: list[str], links: tuple[str, ...], random: Random) -> str:
    text = said[0]
    for sentence in said[1:]:
        link = links[int(random.random() * len(links))]
        text += link + (sentence[0].upper() + sentence[1:] if link == ". " else sentence)
    return text


def _written(sentences: list[str], random: Random) -> str:
    """Capitals and full stops, or none of either."""
    if random.random() < 0.15:
        return ", ".join(sentences).lower()
    end = ENDS[int(random.random() * len(ENDS))]
    text = ". ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)
    return (text if text[-1] in ".?!" else text + end).replace("?. ", "? ")
