"""How one person says it in Chinese: which parts stand in which order, for each channel and temper."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Literal

from huiyin.simulate.company import HOTLINE_CHANNEL, PRODUCTS, REGIONS, SURVEY_CHANNEL
from huiyin.simulate.effects import COMPLAINTS
from huiyin.simulate.templates import SLOT_MARK, Template, Wordings, chinese, fill

Tone = Literal["neutral", "polite", "furious", "playful", "hotline"]
CODES = tuple(product.code for product in PRODUCTS)
PRODUCT_SLOT = SLOT_MARK + "p"
PRODUCT_THEMES = ("software", "battery", "safety", "hardware")
NOTHING_TO_TRY = ("safety/overheat", "safety/electric", "software/ads", "software/privacy", "hardware/build_quality")
HARM = {complaint.path: complaint.harm for complaint in COMPLAINTS}
MILD = 0.85  # complaints that cost less than this are told with a shrug


@dataclass(frozen=True)
class Saying:
    """What a record has to say, before any words."""

    channel: str
    product: int
    region: int
    complaints: list[str]
    praises: list[str]
    feeling: float
    bought: bool


@cache
def _slots(product: int, region: int) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Slot fillers before and after the product has been named."""
    shared = chinese(CODES).slots | {"r": REGIONS[region].places}
    return shared | {"p": PRODUCTS[product].aliases}, shared | {"p": PRODUCTS[product].nouns}


class Voice:
    """One speaker; keeps what was already mentioned so that the product is named once and then called by a noun."""

    def __init__(self, saying: Saying, random: Random) -> None:
        self.saying = saying
        self.random = random
        self.words: Wordings = chinese(CODES)
        self.product = PRODUCTS[saying.product]
        self.slots, self.slots_later = _slots(saying.product, saying.region)
        self.tone: Tone = self._tone()
        self.terse = self.chance(0.12)
        self.mild = bool(saying.complaints) and all(HARM[path] < MILD for path in saying.complaints)
        self.to_try = not any(path in NOTHING_TO_TRY for path in saying.complaints)
        self.about_product = all(path.split("/")[0] in PRODUCT_THEMES for path in saying.complaints)

    def _tone(self) -> Tone:
        if self.saying.channel == HOTLINE_CHANNEL:
            return "hotline"
        dice = self.random.random()
        if self.saying.complaints and self.saying.feeling < 5:
            return "furious" if dice < 0.6 else "polite" if dice < 0.75 else "neutral"
        return "neutral" if dice < 0.62 else "polite" if dice < 0.78 else "playful" if dice < 0.92 or not self.saying.complaints else "furious"

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.random.random() < probability

    def say(self, templates: tuple[Template, ...]) -> str:
        """One of these wordings, filled."""
        template = templates[int(self.random.random() * len(templates))]
        text = fill(template, self.random, self.slots)
        if PRODUCT_SLOT in template:
            self.slots = self.slots_later
        return text

    def frame(self, name: str) -> str:
        """A wording from around the opinion, such as a closer."""
        return self.say(self.words.frames[name])

    def parts(self) -> list[str]:
        """The clauses of the whole text, in order."""
        saying = self.saying
        if saying.bought:
            return [self.frame("bought")]
        if saying.complaints:
            return self._hotline(self._complaints()) if self.tone == "hotline" else self._complaint_parts()
        if saying.praises:
            return self._praise_parts()
        return self._general()

    def bare(self) -> list[str]:
        """The opinions alone, for the rare text that would run too long."""
        said = [self.say(self.words.complaints[path, self.product.code]) for path in self.saying.complaints]
        return said + [self.say(self.words.praises[path, self.product.code]) for path in self.saying.praises]

    def _complaints(self) -> list[str]:
        """The complained aspects in random order, linked now and then, with praise before or after."""
        paths = self.saying.complaints[:]
        self.random.shuffle(paths)
        said = [self.say(self.words.complaints[path, self.product.code]) for path in paths]
        said = said[:1] + [self.frame("also") + text if self.chance(0.45) else text for text in said[1:]]
        praised = [self.say(self.words.praises[path, self.product.code]) for path in self.saying.praises]
        if not praised:
            return said
        if self.chance(0.7):
            return [*praised, self.frame("turn") + said[0], *said[1:]]
        return [*said, self.frame("turn_good") + praised[0], *praised[1:]]

    def _complaint_parts(self) -> list[str]:
        opener: list[str] = []
        if self.tone == "polite" and self.chance(0.6):
            opener = [self.frame("polite_opener")]
        elif self.chance(0.3):
            opener = [self.frame("complaint_opener")]
        if not self.terse:
            opener += [self.frame(name) for name, often in (("situation", 0.72), ("background", 0.36)) if self.chance(often)]
        said = self._complaints()
        if self.saying.channel == SURVEY_CHANNEL and len(said) > 1 and not self.saying.praises and self.chance(0.3):
            said = [f"{number}、{text}" for number, text in enumerate(said, 1)]
        elif self.chance(0.14):
            said[0] = self._filler() + said[0]
        after = [] if self.terse else self._aftermath()
        if self.chance(0.05) and after:
            return [*after, *said] if self.chance(0.5) else [*opener, after[0], *said, *after[1:]]
        return [*opener, *said, *after]

    def _aftermath(self) -> list[str]:
        furious, polite, mild = self.tone == "furious", self.tone == "polite", self.mild
        after: list[str] = []
        if not mild and self.to_try and self.chance(0.48):
            after.append(self.frame("attempt_product" if self.about_product else "attempt_other"))
        if self.chance(0.65 if furious else 0.55):
            after.append(self._consequence())
        if furious and not mild and self.chance(0.4):
            after.append(self.frame("threat"))
        elif self.chance(0.75 if polite else 0.5):
            after.append(self.frame("wish"))
        if furious and self.chance(0.5):
            after.append(self.frame("furious_closer"))
        elif self.chance(0.3):
            after.append(self.frame("mild_closer"))
        return after

    def _consequence(self) -> str:
        if self.mild:
            return self.frame("consequence_mild")
        return self.frame("consequence_product" if self.about_product and self.chance(0.4) else "consequence")

    def _filler(self) -> str:
        fillers = self.words.emoji["fillers"]
        return fillers[int(self.random.random() * len(fillers))]

    def _hotline(self, said: list[str]) -> list[str]:
        opener = self.frame("hotline_opener" if self.about_product else "hotline_opener_plain")
        after = [self.frame("hotline_closer") for _ in range(1 + self.chance(0.35))] if self.chance(0.85) else []
        if self.chance(0.3):
            after.insert(0, self._consequence())
        if self.chance(0.35) and self.to_try and not self.mild:
            after.insert(0, self.frame("attempt_product" if self.about_product else "attempt_other"))
        if len(after) > 1 and after[-1] == after[-2]:
            after.pop()
        return [opener + said[0], *said[1:], *after]

    def _praise_parts(self) -> list[str]:
        said = [self.say(self.words.praises[path, self.product.code]) for path in self.saying.praises]
        if self.tone == "hotline":
            return [self.frame("hotline_opener_praise") + said[0], *said[1:], self.frame("hotline_praise_closer")]
        opener = [self.frame("praise_opener")] if self.chance(0.42) else []
        situation = [self.frame(name) for name, often in (("situation", 0.75), ("background", 0.5)) if self.chance(often) and not self.terse]
        if self.chance(0.12):
            said[0] = self._filler() + said[0]
        closers = [self.frame("praise_closer") for _ in range(self.chance(0.7) + self.chance(0.2))]
        if len(closers) > 1 and closers[0] == closers[1]:
            closers.pop()
        return [*opener, *situation, *said, *closers]

    def _general(self) -> list[str]:
        """Nothing in particular: short verdicts, questions, reviews written for the points."""
        feeling = self.saying.feeling
        if self.tone == "hotline":
            return [self.frame("hotline_general")]
        if self.chance(0.28):
            return [self.frame("neutral_general")]
        mood = "happy_general" if feeling >= 7 else "unhappy_general" if feeling < 5.5 else "neutral_general"
        said = [self.frame(mood)]
        if mood == "happy_general" and self.chance(0.62):
            context = [self.frame("background")] if self.chance(0.4) else []
            return [self.frame("situation"), *context, *said, *([self.frame("praise_closer")] if self.chance(0.4) else [])]
        return said
