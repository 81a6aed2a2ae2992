"""How a name is written down for comparing: folded, in pinyin, in initials, and as the sounds people confuse."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final

HAN: Final = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
WORD: Final = re.compile(r"[^\W_]+")
# How characters read in names of places, where running text reads them otherwise.
PLACE_READINGS: Final = {
    "都": "dū",
    "地": "dì",
    "长": "cháng",
    "弄": "lòng",
    "曾": "zēng",
    "仇": "qiú",
    "埔": "pǔ",
    "堡": "bǎo",
}
ABBREVIATIONS: Final = {
    "st": "street", "str": "street", "rd": "road", "ave": "avenue", "av": "avenue", "blvd": "boulevard", "hwy": "highway",
    "ln": "lane", "sq": "square", "hosp": "hospital", "sch": "school", "dist": "district",
}  # fmt: skip
# Pairs that southern speakers, and whoever writes down what they say on the phone, do not tell apart.
CONFUSED: Final = (
    (re.compile(r"^zh"), "z"), (re.compile(r"^ch"), "c"), (re.compile(r"^sh"), "s"), (re.compile(r"^l"), "n"),
    (re.compile(r"ing$"), "in"), (re.compile(r"eng$"), "en"), (re.compile(r"ang$"), "an"),
)  # fmt: skip


class _Folding(dict[int, str]):
    """A table for `str.translate` that fills itself: small letters, no accents, half width, letters and digits only."""

    def __missing__(self, code: int) -> str:
        wide = unicodedata.normalize("NFKC", chr(code)).casefold()
        plain = unicodedata.normalize("NFKD", wide)
        self[code] = folded = "".join(c for c in plain if c.isalnum())
        return folded


_FOLDING: Final = _Folding()


def fold(text: str) -> str:
    """Return `text` as it is compared: "Ａ座－Café 12" becomes "a座cafe12"."""
    return text.translate(_FOLDING)


def fold_words(text: str) -> str:
    """Return Latin text as it is compared: folded, run together, "Rd" and "St" written out."""
    return "".join(ABBREVIATIONS.get(word, word) for word in words(text))


def words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return [folded for word in WORD.findall(text) if (folded := fold(word))]


def has_han(text: str) -> bool:
    """Say whether there is a Chinese character in `text`."""
    return HAN.search(text) is not None


class Speller:
    """Pinyin of folded names: a phrase's reading where the phrase book has one (重庆 chongqing), else the usual one."""

    def __init__(self) -> None:
        """Load the phrase book (0.4 s the first time)."""
        from pypinyin import lazy_pinyin  # its tables take 0.4 s, and only who searches needs them
        from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

        self._lazy_pinyin = lazy_pinyin
        self._readings: dict[int, str] = PINYIN_DICT
        self._usual: dict[str, str] = {}
        self._turning = self._turning_characters(PHRASES_DICT)

    def _turning_characters(self, phrases: dict[str, list[list[str]]]) -> frozenset[str]:
        # Only these ever read otherwise than usual, so that most names need no look into the phrase book.
        found = set()
        for phrase, readings in phrases.items():
            if len(phrase) == len(readings):
                for character, reading in zip(phrase, readings, strict=True):
                    if character not in found and plain(reading[0]) != self.usual(character):
                        found.add(character)
        return frozenset(found)

    def usual(self, character: str) -> str:
        """Return one character's most usual reading without its tone; what is no Chinese character stays as it is."""
        known = self._usual.get(character)
        if known is None:
            readings = self._readings.get(ord(character), character)
            usual = PLACE_READINGS.get(character, readings.partition(",")[0])
            known = self._usual[character] = plain(usual)
        return known

    def usual_syllables(self, text: str) -> list[str]:
        """Return the usual reading of every character."""
        return [self.usual(character) for character in text]

    def syllables(self, text: str) -> list[str]:
        """Return the reading of every character, by the phrase book where it turns."""
        if self._turning.isdisjoint(text):
            return self.usual_syllables(text)
        out: list[str] = []
        for part in re.split(r"([^\W\u3007\u3400-\U0003ffff]+)", text):
            if part and not has_han(part):
                out += list(part)
            elif part:
                read = [fold(syllable) for syllable in self._lazy_pinyin(part)]
                # Characters the phrase book does not know come back as one piece.
                out += (
                    self._as_places(part, read)
                    if len(read) == len(part)
                    else self.usual_syllables(part)
                )
        return out

    def _as_places(self, part: str, read: list[str]) -> list[str]:
        # Where the phrase book had nothing to say it gave the commonest reading, which for a place may be another.
        return [
            self.usual(c)
            if c in PLACE_READINGS and r == plain(self._readings[ord(c)].partition(",")[0])
            else r
            for c, r in zip(part, read, strict=True)
        ]


@cache
def plain(syllable: str) -> str:
    """Return a syllable without its tone ("lǜ" gives "lv", as it is typed)."""
    bare = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in bare if not unicodedata.combining(c))


@cache
def confused(syllable: str) -> str:
    """Return the sound a syllable is easily taken for: "zhang" and "zan" are one."""
    for pattern, other in CONFUSED:
        syllable = pattern.sub(other, syllable)
    return syllable


# What a name ends in, in English; longer endings first. "人民路" is also asked for as "Renmin Road".
ENDINGS: Final = {
    "高速公路": "expressway", "人民政府": "government", "汽车站": "bus station", "火车站": "railway station",
    "派出所": "police station", "卫生院": "hospital", "加油站": "petrol station", "幼儿园": "kindergarten",
    "街道": "subdistrict", "大道": "avenue", "大街": "street", "大桥": "bridge", "公路": "highway", "高速": "expressway",
    "医院": "hospital", "中学": "middle school", "小学": "primary school", "大学": "university", "公园": "park",
    "广场": "square", "水库": "reservoir", "路": "road", "街": "street", "巷": "lane", "桥": "bridge", "镇": "town",
    "乡": "township", "村": "village", "县": "county", "河": "river", "山": "mountain",
}  # fmt: skip


def english_ending(name: str) -> tuple[str, str] | None:
    """Return what stands before a name's ending, and the ending in English: 人民路 gives 人民 and "road"."""
    for size in (4, 3, 2, 1):
        told = ENDINGS.get(name[-size:]) if len(name) > size else None
        if told is not None:
            return name[:-size], told
    return None


def initials(syllables: Iterable[str]) -> str:
    """Return the first letter of every syllable."""
    return "".join(syllable[:1] for syllable in syllables)
