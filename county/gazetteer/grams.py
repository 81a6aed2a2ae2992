"""Which rows share short pieces with a query: postings in flat numpy arrays, counted by one bincount."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from county.gazetteer.model import Floats, Rows

Tokens = NDArray[np.int64]
Postings = NDArray[np.int32]

BITS: Final = 21  # a Unicode code point, or the number of a sound
EDGE: Final = (1 << BITS) - 1  # stands before and after every row; no character has this number
MOST_POSTINGS: Final = 150_000  # read for one query; what is on every second row tells nothing
DEMANDED: Final = 4  # pieces; what holds the rarest of them is looked at letter by letter anyway
GOOD_SHARE: Final = 0.45  # of the best row's weight; below it a row is no candidate


class GramIndex:
    """Pieces of every row: of `width` tokens in a row (and the shorter ones and those with a gap, where `loose`)."""

    def __init__(self, tokens: Tokens, sizes: Rows, *, width: int, loose: bool) -> None:
        """Cut all rows (their tokens in one array, `sizes` says how many each has) into pieces and sort who has which."""
        self._width, self._loose, self._count = width, loose, len(sizes)
        tokens, owner = _laid_out(tokens, sizes)
        keys, of_row = self._pieces(tokens, owner)
        pairs = _distinct(keys, of_row)
        self._keys, starts = np.unique(pairs[0], return_index=True)
        self._starts: Rows = np.append(starts, len(pairs[0])).astype(np.int64)
        self._rows: Postings = pairs[1].astype(np.int32)
        self._weights: Floats = np.log1p(max(1, self._count) / np.diff(self._starts))
        self._lengths = sizes.astype(np.float64)

    def _pieces(self, tokens: Tokens, owner: Rows) -> tuple[Tokens, Rows]:
        out = [_run(tokens, owner, self._width)]
        if self._loose:
            inner = tokens != EDGE
            out.append((tokens[inner], owner[inner]))
            out.append(_gapped(tokens, owner))
        return np.concatenate([keys for keys, _ in out]), np.concatenate([rows for _, rows in out])

    def sharing(self, query: Tokens, most: int) -> Rows:
        """Return at most `most` rows that share pieces with the query, weighed by how rare the pieces are."""
        at = self._find(self._query_pieces(query))
        if not len(at):
            return _NONE
        scores = self._scores(at)
        return _best(scores, GOOD_SHARE * float(scores.max()), most, self._lengths)

    def holding(self, query: Tokens) -> Rows:
        """Return all rows that hold the rarest pieces of the query, of whatever they begin and end with."""
        pieces = self._query_pieces(query)
        pieces = pieces[~_touches_edge(pieces)]
        at = self._find(pieces)
        if not len(pieces) or len(at) < len(pieces):
            return _NONE
        sizes = np.diff(self._starts)[at]
        first, *others = at[np.argsort(sizes, kind="stable")][:DEMANDED]
        rows = self._rows[self._starts[first] : self._starts[first + 1]]
        for i in others:
            posted = self._rows[self._starts[i] : self._starts[i + 1]]
            place = np.minimum(np.searchsorted(posted, rows), len(posted) - 1)
            rows = rows[posted[place] == rows]
        return rows.astype(np.int64)

    def _query_pieces(self, query: Tokens) -> Tokens:
        return np.unique(self._pieces(*_laid_out(query, np.array([len(query)])))[0])

    def _find(self, pieces: Tokens) -> Rows:
        at = np.searchsorted(self._keys, pieces)
        there = at < len(self._keys)
        there[there] = self._keys[at[there]] == pieces[there]
        found: Rows = at[there].astype(np.int64)
        return found

    def _scores(self, at: Rows) -> Floats:
        sizes = np.diff(self._starts)[at]
        order = np.argsort(sizes, kind="stable")
        reading = max(1, int(np.searchsorted(np.cumsum(sizes[order]), MOST_POSTINGS, side="right")))
        at = at[order[:reading]]
        posted = [self._rows[self._starts[i] : self._starts[i + 1]] for i in at]
        weights: Floats = np.repeat(self._weights[at], [len(rows) for rows in posted])
        return np.asarray(np.bincount(np.concatenate(posted), weights, self._count), dtype=float)


_NONE: Final[Rows] = np.empty(0, dtype=np.int64)


def _touches_edge(pieces: Tokens) -> NDArray[np.bool_]:
    touches: NDArray[np.bool_] = (np.abs(pieces) & EDGE) == EDGE
    for shift in (BITS, 2 * BITS):
        touches |= (np.abs(pieces) >> shift) == EDGE
    return touches


def _distinct(keys: Tokens, rows: Rows) -> tuple[Tokens, Rows]:
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
    return keys[new], rows[new]


def _laid_out(tokens: Tokens, sizes: Rows) -> tuple[Tokens, Rows]:
    """Return the tokens with EDGE around every row, and the row each of them belongs to."""
    owner = np.repeat(np.arange(len(sizes)), sizes + 2)
    ends = np.cumsum(sizes + 2)
    inner = np.ones(len(owner), dtype=bool)
    inner[ends - 1] = False
    inner[ends - sizes - 2] = False
    out = np.full(len(owner), EDGE, dtype=np.int64)
    out[inner] = tokens
    return out, owner


def _run(tokens: Tokens, owner: Rows, width: int) -> tuple[Tokens, Rows]:
    if len(tokens) < width:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    size = len(tokens) - width + 1
    keys = np.zeros(size, dtype=np.int64)
    for place in range(width):
        keys = (keys << BITS) | tokens[place : place + size]
    same = owner[:size] == owner[width - 1 :]
    return keys[same], owner[:size][same]


def _gapped(tokens: Tokens, owner: Rows) -> tuple[Tokens, Rows]:
    first, second = tokens[:-2], tokens[2:]
    same = (owner[:-2] == owner[2:]) & (first != EDGE) & (second != EDGE)
    # The sign keeps "a?b" apart from "ab".
    return -((first[same] << BITS) | second[same]), owner[:-2][same]


def _best(scores: Floats, least: float, most: int, lengths: Floats) -> Rows:
    rows = np.flatnonzero(scores >= max(least, 1e-9))
    if len(rows) > most:
        # Of equals the shorter: it leaves less unexplained.
        value = scores[rows] - 0.05 * lengths[rows]
        rows = rows[np.argpartition(-value, most)[:most]]
    return rows.astype(np.int64)
