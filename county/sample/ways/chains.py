"""Roads drawn whole: what goes straight on at a junction is one road there, and bends through it without a corner."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from county.sample.frame import Points, eased, passed
from county.sample.ways.network import Label

EASE_M: Final = 100.0
PACE_M: Final = 22.0
STRAIGHT_RAD: Final = (1.0, 1.75)  # a turn of more is a corner: of a lane, of a road with a name
AHEAD: Final = 2  # nodes after which a stretch has its direction
Path = list[int]


@dataclass(slots=True, eq=False)
class Drawn:
    """The stretches' lines, in the order they were given, and where the junctions came to lie."""

    lines: list[Points]
    at: dict[int, Points] = field(default_factory=dict)


def drawn(spots: Points, paths: Sequence[Path], labels: Sequence[Label]) -> Drawn:
    """Return the stretches `paths` as lines."""
    lines: list[Points] = [np.zeros((0, 2)) for _ in paths]
    at: dict[int, Points] = {}
    chains = sorted(
        _chains(spots, paths, labels), key=lambda one: (labels[one[0][0]][0], -len(one))
    )
    for chain in chains:
        for section in _sections(chain, paths, at):
            _draw(spots, section, paths, lines, at)
    for path in paths:
        for end in (path[0], path[-1]):
            at.setdefault(end, spots[end])
    for number, path in enumerate(paths):
        lines[number] = _pulled(lines[number], at[path[0]], at[path[-1]])
    return Drawn(lines, at)


Link = tuple[int, bool]  # a path's number, and whether it is gone along from its first node


def _chains(spots: Points, paths: Sequence[Path], labels: Sequence[Label]) -> list[list[Link]]:
    onward = _pairs(spots, paths, labels)
    seen: set[int] = set()
    out = []
    starts = [
        (n, way) for n in range(len(paths)) for way in (True, False) if (n, not way) not in onward
    ]
    for number, ahead in [*starts, *((n, True) for n in range(len(paths)))]:
        if number in seen:
            continue
        chain: list[Link] = []
        link: Link | None = (number, ahead)
        while link is not None and link[0] not in seen:
            chain.append(link)
            seen.add(link[0])
            link = onward.get(link)
        out.append(chain)
    return out


def _pairs(spots: Points, paths: Sequence[Path], labels: Sequence[Label]) -> dict[Link, Link]:
    """Return which stretch goes on where another ends: of the same name, and straightest first."""
    at: dict[int, list[Link]] = {}
    for number, path in enumerate(paths):
        at.setdefault(path[-1], []).append((number, True))
        at.setdefault(path[0], []).append((number, False))
    onward: dict[Link, Link] = {}
    for arriving in at.values():
        turns = [
            (_turn(spots, paths, one, other), one, other)
            for k, one in enumerate(arriving) for other in arriving[k + 1 :]
            if labels[one[0]] == labels[other[0]] and one[0] != other[0]
        ]  # fmt: skip
        for turn, one, other in sorted(turns):
            if (
                turn < STRAIGHT_RAD[bool(labels[one[0]][1])]
                and one not in onward
                and other not in onward
            ):
                onward[one], onward[other] = (other[0], not other[1]), (one[0], not one[1])
    return onward


def _turn(spots: Points, paths: Sequence[Path], one: Link, other: Link) -> float:
    first, second = (_heading(spots, paths[number], ahead) for number, ahead in (one, other))
    angle = float(np.arctan2(*first[::-1]) - np.arctan2(*(-second[::-1])))
    return abs((angle + np.pi) % (2 * np.pi) - np.pi)


def _heading(spots: Points, path: Path, ahead: bool) -> Points:
    along = path if ahead else path[::-1]
    step: Points = spots[along[-1]] - spots[along[max(-1 - AHEAD, -len(along))]]
    return step


def _sections(chain: list[Link], paths: Sequence[Path], at: dict[int, Points]) -> list[list[Link]]:
    """Return the chain cut where it crosses a better road, whose bend it cannot change."""
    out: list[list[Link]] = [[]]
    for number, ahead in chain:
        start = paths[number][0 if ahead else -1]
        if out[-1] and start in at:
            out.append([])
        out[-1].append((number, ahead))
    return out


def _draw(
    spots: Points,
    section: list[Link],
    paths: Sequence[Path],
    lines: list[Points],
    at: dict[int, Points],
) -> None:
    nodes: Path = []
    cuts = [0]
    for number, ahead in section:
        path = paths[number] if ahead else paths[number][::-1]
        nodes += path[1:] if nodes else path
        cuts.append(len(nodes) - 1)
    raw = spots[nodes]
    line = eased(raw, EASE_M, PACE_M)
    share = passed(raw) / max(float(passed(raw)[-1]), 1e-9)
    index = np.rint(share[cuts] * (len(line) - 1)).astype(int)
    for k in range(1, len(index)):
        index[k] = max(index[k], index[k - 1] + 1)
    index = np.minimum(index, np.arange(len(index)) - len(index) + len(line))
    for (number, ahead), begin, end in zip(section, index[:-1], index[1:], strict=True):
        piece = line[begin : end + 1]
        lines[number] = piece if ahead else piece[::-1]
    for cut, where in zip(cuts[1:-1], index[1:-1], strict=True):
        at.setdefault(nodes[cut], line[where])


def _pulled(line: Points, start: Points, end: Points) -> Points:
    share = passed(line) / max(float(passed(line)[-1]), 1e-9)
    out = (
        line
        + (start - line[0]) * (1 - share)[:, None] ** 2
        + (end - line[-1]) * share[:, None] ** 2
    )
    out[0], out[-1] = start, end
    return np.asarray(out)
