"""What a recommendation is asked with and what it answers, as values."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dispatch.model import Unit, UnitKind, UnitStatus
from dispatch.reach import PointReach, is_hole
from vocabulary.ids import UnitId


class Gap(StrEnum):
    """Why a need is not met (domain.md, issue words in zh beside)."""

    NO_CANDIDATE = "no_candidate"  # 无候选
    OUT_OF_RANGE = "out_of_range"  # 超范围
    POSITION_STALE = "position_stale"  # 位置过期
    RESTING = "resting"  # 休整
    OFF_DUTY = "off_duty"  # 未当班
    SHORT = "short"  # 力量不足


class Way(StrEnum):
    """How the time to the scene was found, or why there is none."""

    ROAD = "road"
    AIR = "air"
    STRAIGHT = "straight"  # the roads are not read yet, or none is near the scene: an estimate, and called so
    NO_ROAD = "no_road"
    CLOSED = "closed"
    CUT_OFF = "cut_off"
    NO_POSITION = "no_position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """So many units of a make for a role; what is left open (None) may be anything. `advised`: good to have, not owed."""

    count: int
    kind: UnitKind | None = None
    skill: str | None = None
    department: str | None = None
    role_zh: str = ""
    role_en: str = ""
    level: str = ""
    advised: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A unit as it stands now. `seconds` is None where `way` says why; `back_at` is when a resting or absent one is back."""

    unit: Unit
    status: UnitStatus
    way: Way
    seconds: float | None = None
    age_s: float | None = None
    stale: bool = False
    from_home: bool = False
    back_at: datetime | None = None
    runs: int = 0
    worked_s: float = 0.0
    on_case: bool = False
    in_hole: bool = False
    silent: bool = False  # not seen although a network reaches where it was last


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is known of the place itself; `walk_m` is how far from the last open road when closures bar the scene."""

    reach: tuple[PointReach, ...] = ()
    walk_m: float | None = None

    @property
    def hole(self) -> bool:
        """Say whether no network reaches the scene."""
        return is_hole(self.reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that spoke for or against a unit: its code, its figures, and the seconds it counted for."""

    code: str
    cost_s: float = 0.0
    n: int | None = None
    seconds: float | None = None
    metres: float | None = None
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A unit for a need; the less it costs, in seconds of road time and what counts like them, the better."""

    unit_id: UnitId
    seconds: float | None
    cost_s: float
    reasons: tuple[Reason, ...]
    on_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A unit that could do it but is not offered, when it could be there, and how far it is."""

    unit_id: UnitId
    seconds: float | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Why units are missing: the code, how many units it concerns, and the nearest of them."""

    code: Gap
    n: int
    nearest: tuple[Absent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One need with who is recommended, in order, who comes next, how many are missing and why."""

    need: Need
    picks: tuple[Pick, ...]
    others: tuple[Pick, ...]
    missing: int
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Who is recommended to go, need by need."""

    answers: tuple[Answer, ...]
    scene: Scene

    @property
    def proposed(self) -> tuple[UnitId, ...]:
        """Return the units to send now: those owed and not there yet, each once."""
        return tuple(
            pick.unit_id
            for answer in self.answers
            if not answer.need.advised
            for pick in answer.picks
            if not pick.on_case
        )
