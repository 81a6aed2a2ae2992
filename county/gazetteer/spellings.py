"""All spellings of one sort (as written, in Latin letters, in initials): found by beginning, by part, and by likeness."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from county.gazetteer.grams import GramIndex, Tokens
from county.gazetteer.model import Floats, Rows

LAST: Final = "\U0010ffff"
KEPT: Final = 300  # of one sort of candidates; more are looked at only by weight and nearness
Prefer = Callable[[Rows], Floats]


def letters(text: str) -> Tokens:
    """Return the code points of a text."""
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64)


class Spellings:
    """Spellings and the rows they name; `tokens` turns texts into what is compared in pieces (letters, or sounds)."""

    def __init__(
        self,
        texts: list[str],
        rows: Sequence[int],
        *,
        tokens: Callable[[str], Tokens],
        width: int,
        loose: bool,
    ) -> None:
        """Sort the texts for their beginnings and cut them into pieces."""
        self.texts = texts
        self.rows: Rows = np.array(rows, dtype=np.int64)
        self._tokens = tokens
        order = sorted(range(len(texts)), key=texts.__getitem__)
        self._order: Rows = np.array(order, dtype=np.int64)
        self._sorted = [texts[i] for i in order]
        sizes = np.array([len(text) for text in texts], dtype=np.int64)
        self._grams = GramIndex(tokens("".join(texts)), sizes, width=width, loose=loose)

    def beginning(self, query: str, prefer: Prefer) -> tuple[Rows, NDArray[np.bool_]]:
        """Return the spellings that begin with `query` (of many, those preferred), and which of them are it."""
        low = bisect_left(self._sorted, query)
        high = bisect_left(self._sorted, query + LAST, lo=low)
        same = bisect_left(self._sorted, query + "\0", lo=low, hi=high)
        exact = self._preferred(self._order[low:same], prefer)
        longer = self._preferred(self._order[same:high], prefer)
        return np.concatenate([exact, longer]), np.arange(len(exact) + len(longer)) < len(exact)

    def holding(self, query: str, prefer: Prefer) -> Rows:
        """Return the spellings in which `query` stands somewhere."""
        found = self._preferred(self._grams.holding(self._tokens(query)), prefer)
        return np.array([i for i in found.tolist() if query in self.texts[i]], dtype=np.int64)

    def like(self, query: str, prefer: Prefer) -> tuple[Rows, Floats]:
        """Return the spellings most like `query`, or like it at their beginning, and how like (0 to 1)."""
        found = self._grams.sharing(self._tokens(query), KEPT)
        texts = [self.texts[i] for i in found.tolist()]
        return found, alike(query, texts)

    def _preferred(self, found: Rows, prefer: Prefer) -> Rows:
        if len(found) <= KEPT:
            return found
        value = prefer(self.rows[found])
        return found[np.argpartition(-value, KEPT)[:KEPT]]


def alike(query: str, texts: list[str]) -> Floats:
    """Return how like each text is, as a whole or up to the query's length (insertions, deletions, changes, swaps)."""
    if not texts:
        return np.empty(0)
    size = len(query)
    cut = [text[:size] for text in texts]
    longer = [text[: size + 1] for text in texts]
    whole = _measured(query, texts)
    begun = np.maximum(_measured(query, cut), _measured(query, longer))
    return np.maximum(whole, 0.97 * begun)


def _measured(query: str, texts: list[str]) -> Floats:
    table = cdist([query], texts, scorer=OSA.normalized_similarity, dtype=np.float32)
    out: Floats = table[0].astype(np.float64)
    return out
