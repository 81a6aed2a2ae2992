"""The life of one alarm on one channel, pure and by event time: NORMAL → SUSPECT → ACTIVE → CLEARING → NORMAL."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

KEPT_RAISES: Final = 32


class Verdict(IntEnum):
    """What a condition says of a moment."""

    CLEAR = 0
    HOLD = 1  # between raising and clearing
    RAISE = 2
    UNKNOWN = 3  # not measured: nothing changes


class Phase(IntEnum):
    """Where an alarm's life stands; `ASIDE`: a person cleared it, and it must be normal once before it comes again."""

    NORMAL = 0
    SUSPECT = 1
    ACTIVE = 2
    CLEARING = 3
    ASIDE = 4


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long what must last, in microseconds."""

    on_us: int = 0
    off_us: int = 0
    flaps: int = 5
    flap_us: int = 600_000_000


@dataclass(frozen=True, slots=True)
class Life:
    """`since_us`: from when the phase is; `onset_us`: when the alarm's condition began; `raises`: the last ones' instants."""

    phase: Phase = Phase.NORMAL
    since_us: int = 0
    onset_us: int = 0
    raises: tuple[int, ...] = ()
    flapping: bool = False


@dataclass(frozen=True, slots=True)
class Raised:
    """The condition has lasted since `onset_us`, long enough at `at_us`."""

    onset_us: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """It has been over long enough at `at_us`."""

    onset_us: int
    at_us: int


@dataclass(frozen=True, slots=True)
class Flapping:
    """It came and went so many times: from now on it is one alarm until it is quiet."""

    onset_us: int
    at_us: int
    times: int


Change = Raised | Cleared | Flapping
NORMAL: Final = Life()


def due_us(life: Life, dwell: Dwell) -> int | None:
    """Return the instant after which time alone changes something, None where it does not."""
    if life.phase is Phase.SUSPECT:
        return life.since_us + dwell.on_us
    if life.phase is Phase.CLEARING:
        return life.since_us + _off_us(life, dwell)
    return None


def elapse(life: Life, now_us: int, dwell: Dwell) -> tuple[Life, tuple[Change, ...]]:
    """Return what time alone has done before `now_us`. What is due at that very instant waits for what is said at it."""
    due = due_us(life, dwell)
    if due is None or due >= now_us:
        return life, ()
    if life.phase is Phase.SUSPECT:
        return _raise(life, life.since_us, due, dwell)
    return _clear(life, due)


def step(life: Life, verdict: Verdict, at_us: int, dwell: Dwell) -> tuple[Life, tuple[Change, ...]]:
    """Return the life after a verdict of `at_us`, which must not be before the one before it."""
    life, changes = elapse(life, at_us, dwell)
    if verdict is Verdict.UNKNOWN:
        return life, changes
    after, more = _told(life, verdict, at_us, dwell)
    return after, changes + more


def _told(
    life: Life, verdict: Verdict, at_us: int, dwell: Dwell
) -> tuple[Life, tuple[Change, ...]]:
    if life.phase in {Phase.ACTIVE, Phase.CLEARING}:
        return _standing_told(life, verdict, at_us, dwell)
    raised = verdict is Verdict.RAISE
    match life.phase:
        case Phase.NORMAL if raised and dwell.on_us == 0:
            return _raise(life, at_us, at_us, dwell)
        case Phase.NORMAL if raised:
            return replace(life, phase=Phase.SUSPECT, since_us=at_us), ()
        case Phase.SUSPECT if not raised:
            return replace(life, phase=Phase.NORMAL, since_us=at_us), ()
        case Phase.SUSPECT if at_us - life.since_us >= dwell.on_us:
            return _raise(life, life.since_us, at_us, dwell)
        case Phase.ASIDE if verdict is Verdict.CLEAR:
            return replace(life, phase=Phase.NORMAL, since_us=at_us), ()
        case _:
            return life, ()


def _standing_told(
    life: Life, verdict: Verdict, at_us: int, dwell: Dwell
) -> tuple[Life, tuple[Change, ...]]:
    clear = verdict is Verdict.CLEAR
    match life.phase:
        case Phase.ACTIVE if clear and _off_us(life, dwell) == 0:
            return _clear(life, at_us)
        case Phase.ACTIVE if clear:
            return replace(life, phase=Phase.CLEARING, since_us=at_us), ()
        case Phase.CLEARING if not clear:
            return _back(life, at_us, dwell, raised=verdict is Verdict.RAISE)
        case Phase.CLEARING if at_us - life.since_us >= _off_us(life, dwell):
            return _clear(life, at_us)
        case _:
            return life, ()


def put_aside(life: Life, at_us: int) -> Life:
    """Return the life after a person cleared the alarm: until it has been normal once, it is not raised again."""
    return replace(life, phase=Phase.ASIDE, since_us=at_us, flapping=False)


def standing(onset_us: int, *, flapping: bool = False) -> Life:
    """Return the life of an alarm that stands, as it is known after a restart."""
    return Life(Phase.ACTIVE, onset_us, onset_us, (onset_us,), flapping)


def _off_us(life: Life, dwell: Dwell) -> int:
    return max(dwell.off_us, dwell.flap_us) if life.flapping else dwell.off_us


def _raise(life: Life, onset_us: int, at_us: int, dwell: Dwell) -> tuple[Life, tuple[Change, ...]]:
    raises, flapping = _counted(life, at_us, dwell)
    after = Life(Phase.ACTIVE, at_us, onset_us, raises, flapping)
    changes: tuple[Change, ...] = (Raised(onset_us, at_us),)
    if flapping:
        changes += (Flapping(onset_us, at_us, len(raises)),)
    return after, changes


def _back(life: Life, at_us: int, dwell: Dwell, *, raised: bool) -> tuple[Life, tuple[Change, ...]]:
    """Return to active; of a flapping alarm each return counts, and nobody is told again."""
    raises = _counted(life, at_us, dwell)[0] if raised else life.raises
    return replace(life, phase=Phase.ACTIVE, since_us=at_us, raises=raises), ()


def _counted(life: Life, at_us: int, dwell: Dwell) -> tuple[tuple[int, ...], bool]:
    recent = tuple(one for one in life.raises if at_us - one < dwell.flap_us)
    raises = (*recent, at_us)[-KEPT_RAISES:]
    return raises, dwell.flaps > 1 and len(raises) >= dwell.flaps


def _clear(life: Life, at_us: int) -> tuple[Life, tuple[Change, ...]]:
    after = replace(life, phase=Phase.NORMAL, since_us=at_us, flapping=False)
    return after, (Cleared(life.onset_us, at_us),)
