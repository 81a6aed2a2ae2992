"""Which category a text speaks of, by the table's words and the office's own past cases; the likeliest first, with reasons."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from incidents.categories import Category
from incidents.likeness import folded, grams
from incidents.table_files import rows

WORD_WORTH: Final = 1.5  # a whole word of the table counts as so many pairs of a past case
NAME_WORTH: Final = 2.0
CONDITION_WORTH: Final = 0.6
PAST_WORTH: Final = 1.0
PAST_MOST: Final = 40.0  # however many past cases a category has, they do not drown the table
SMOOTH: Final = 0.35
REASONS: Final = 4
LIKELY: Final = 0.02
SIGN_WORTH: Final = 0.4  # one character says less than two
AGAIN_WORTH: Final = (
    0.75  # neighbours say much the same twice: each further reason counts so much less
)
# Where it is says nothing of what it is: without this every text with a crossing in it spoke of cars parked at one.
_STREET: Final = r"[\u3400-\u9fff]{2}(?:路|街|大道|巷)"
_CROSSING: Final = r"(?:十字|丁字|交叉)?路口|交叉口|交汇处|[\u3400-\u9fff]{2}(?:路|街)口"
_SITE: Final = (
    "(?:学校|小学|中学|幼儿园|医院|小区|公园|车站|菜市场|商场|超市|饭店|单位|村委会|居委会)"
    "(?:大门口?|门口|门前|门外|外面)"
)
_WHERE: Final = re.compile(
    rf"在?(?:{_STREET}(?:与|和|跟|、)?)*(?:{_CROSSING})|{_SITE}|附近|旁边|对面|边上|\d+号"
)
# Whom it hurt, and how, says little of what it is: "a cover is gone, an old man stumbled" is no case of old age.
_WHO: Final = (
    "(?:老人家?|老太太|老大爷|大爷|大妈|小孩子?|孩子|小朋友|学生|行人|路人|居民|骑车的|人)"
)
_STRUCK: Final = re.compile(
    rf"(?:已经)?(?:有|一位|一名|一个|几个|两个|个|差点|险些|差一点|让|把|害得|好多|好几个)*{_WHO}(?:了|都|被|差点|险些|差一点)*"
    "(?:绊倒|绊了|绊着|摔倒|摔了|摔着|摔伤|崴了?脚|掉下去|掉进去|掉了?进去|踩空)了?(?:一跤)?"
)
_ENGLISH_IDLE: Final = frozenset(
    ("a", "an", "the", "of", "on", "in", "at", "is", "are", "to", "and", "by", "for", "with", "no")
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


def features(text: str) -> dict[str, float]:
    """Return what a text is judged by: pairs of characters whole, single Chinese characters for less.

    Places count not at all, and whom it hurt only where nothing else is said.
    """
    matter = _WHERE.sub(" ", text)
    pairs = grams(_STRUCK.sub(" ", matter)) or grams(matter)
    signs = _HAN.findall(" ".join(pairs))
    return dict.fromkeys(signs, SIGN_WORTH) | dict.fromkeys(pairs - _ENGLISH_IDLE, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A category that a text may belong to: `score` is its share of 1, `reasons` are the text's own words that spoke for it."""

    category: Category
    score: float
    reasons: tuple[tuple[str, float], ...]
    learned: int


def parse_words(text: str) -> dict[str, tuple[str, ...]]:
    """Return the words of `category_words.csv` by short code."""
    found = rows("category_words.csv", text, ("code", "words"))
    return {row.text("code"): tuple(row.text("words").split()) for row in found}


class Suggester:
    """Naive Bayes over pairs of characters, with the table's words as whole; made anew from time to time."""

    def __init__(
        self,
        categories: Iterable[Category],
        words: Mapping[str, Collection[str]],
        past: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Learn from the table and from past cases (short code, text)."""
        self._categories = {row.code: row for row in categories}
        self._words = {
            code: tuple(folded(word).strip() for word in words.get(code, ()))
            for code in self._categories
        }
        self._counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._learned: Counter[str] = Counter()
        for row in self._categories.values():
            self._read_table(row, words.get(row.code, ()))
        for code, text in past:
            self._learn(code, text)
        self._totals = {code: sum(counts.values()) for code, counts in self._counts.items()}
        everywhere: dict[str, float] = defaultdict(float)
        for counts in self._counts.values():
            for gram, n in counts.items():
                everywhere[gram] += n
        self._everywhere = everywhere
        self._whole = sum(everywhere.values())
        self._holders = Counter(gram for counts in self._counts.values() for gram in counts)

    def _read_table(self, row: Category, words: Collection[str]) -> None:
        counts = self._counts[row.code]
        said = [(row.name_zh, NAME_WORTH), (row.name_en, NAME_WORTH)]
        said += [(condition.zh, CONDITION_WORTH) for condition in row.filing_conditions]
        said += [(word, WORD_WORTH) for word in words]
        for text, worth in said:
            for feature in features(text):
                counts[feature] += worth

    def _learn(self, code: str, text: str) -> None:
        if code not in self._categories:
            return
        self._learned[code] += 1
        worth = PAST_WORTH * min(1.0, PAST_MOST / self._learned[code])
        for feature in features(text):
            self._counts[code][feature] += worth

    def suggest(self, text: str, most: int = 3) -> list[Suggestion]:
        """Return the likeliest categories; none where nothing in the text speaks for any."""
        asked, plain = features(text), "".join(folded(text).split())
        spoken = {code: self._reasons(code, asked, plain) for code in self._counts}
        speaking = {code: reasons for code, reasons in spoken.items() if reasons}
        if not speaking:
            return []
        heights = {code: _height(reasons) for code, reasons in speaking.items()}
        top = max(heights.values())
        shares = {code: math.exp((height - top) / 2) for code, height in heights.items()}
        whole = sum(shares.values())
        best = sorted(shares, key=lambda code: (-shares[code], code))[:most]
        return [
            Suggestion(
                category=self._categories[code],
                score=shares[code] / whole,
                reasons=tuple(Counter(speaking[code]).most_common(REASONS)),
                learned=self._learned[code],
            )
            for code in best
            if shares[code] / whole >= LIKELY or code == best[0]
        ]

    def _reasons(self, code: str, asked: Mapping[str, float], plain: str) -> dict[str, float]:
        """Return what speaks for a category: how much likelier each pair is in it than anywhere, and its whole words."""
        counts, total = self._counts[code], self._totals[code]
        found: dict[str, float] = {}
        for gram, worth in asked.items():
            if gram in counts:
                here = (counts[gram] + SMOOTH) / (total + SMOOTH * 50)
                anywhere = (self._everywhere[gram] + SMOOTH) / (self._whole + SMOOTH * 50)
                rare = 1 + math.log(len(self._counts) / self._holders[gram]) / 6
                found[gram] = min(4.0, max(0.0, math.log(here / anywhere))) * rare * worth
        for word in self._words[code]:
            squeezed = "".join(word.split())
            if len(squeezed) > 1 and squeezed in plain:
                found[word] = found.get(word, 0.0) + 1.2 * len(squeezed) ** 0.5
        return {gram: value for gram, value in found.items() if value > 0}


def _height(reasons: Mapping[str, float]) -> float:
    ordered = sorted(reasons.values(), reverse=True)
    return sum(value * AGAIN_WORTH**place for place, value in enumerate(ordered))
