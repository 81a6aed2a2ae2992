"""How alike two texts are: pairs of neighbouring characters, weighed by how rare they are, and what is written alike in order."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from rapidfuzz.fuzz import partial_ratio

# Words that every report has and that tell nothing of what happened.
_IDLE: Final = re.compile(
    r"你好|您好|请问|请|麻烦|尽快|处理一下|处理|反映|来电|市民|群众|这边|这里|那边|那里|有人|有一?[个处根块辆]|一[个处根块辆]|了|的|吧|啊|呢|我们?"
)
_WORD: Final = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")
_PHONE: Final = re.compile(r"[0-9*]{7,}")
ORDER_SHARE: Final = 0.35  # of the whole; the rest is by pairs
SHORTEST_IN_ORDER: Final = 3


def folded(text: str) -> str:
    """Return a text without what makes equal things look different: width, case, phones, politeness."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return _IDLE.sub(" ", _PHONE.sub(" ", plain))


def grams(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of each Chinese run, and other words whole; of a lone character itself."""
    found: set[str] = set()
    for word in _WORD.findall(folded(text)):
        if word.isascii() or len(word) == 1:
            found.add(word)
        else:
            found.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(found)


class Rarity:
    """How many of the texts seen hold a pair: what is in every report ("路口") says less than what is in few ("井盖")."""

    def __init__(self) -> None:
        self._holding: Counter[str] = Counter()
        self._texts = 0

    def see(self, pairs: Iterable[str]) -> None:
        """Take a text in."""
        self._texts += 1
        self._holding.update(pairs)

    def weights(self, pairs: Iterable[str]) -> Mapping[str, float]:
        """Return the weight of each pair, at least 1."""
        whole = math.log(self._texts + 2)
        return {pair: 1 + whole - math.log(self._holding[pair] + 1) for pair in pairs}


def text_likeness(
    one: frozenset[str], other: frozenset[str], weights: Mapping[str, float], texts: tuple[str, str]
) -> float:
    """Return 0 (nothing in common) to 1; `weights` must know every pair of `one`, `texts` are both as folded."""
    if not one or not other:
        return 0.0
    common = sum(weights[pair] for pair in one & other)
    # Against the shorter: a long report of the same thing holds what the short one says.
    mine = sum(weights.values())
    theirs = sum(weights.get(pair, 1.0) for pair in other)
    by_pairs = common / min(mine, theirs) if common else 0.0
    whole = common / (mine + theirs - common)
    pairs = (2 * by_pairs + whole) / 3
    short, long = sorted(("".join(text.split()) for text in texts), key=len)
    if len(short) < SHORTEST_IN_ORDER:
        return min(1.0, pairs)
    in_order = partial_ratio(short, long) / 100
    return min(1.0, (1 - ORDER_SHARE) * pairs + ORDER_SHARE * in_order)
