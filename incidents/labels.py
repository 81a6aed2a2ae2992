"""The words for states, stages and kinds of limit in both languages. 核实 is before filing, 核查 is after handling."""

from dataclasses import dataclass
from typing import Final

from incidents.model import LimitKind, Stage, State


@dataclass(frozen=True, slots=True)
class StateLabel:
    """A state's name in both languages, and its stage in GB/T 30428 practice (empty: the case left the line)."""

    zh: str
    en: str
    gb_stage: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A name in both languages."""

    zh: str
    en: str


STATES: Final = {
    State.NEW: StateLabel("待受理", "new", "信息采集"),
    State.VERIFYING: StateLabel("核实中", "being verified", "信息采集"),
    State.FILED: StateLabel("已立案·待派遣", "filed, to be dispatched", "案卷建立"),
    State.DISPATCHED: StateLabel("已派遣·待签收", "dispatched, to be accepted", "任务派遣"),
    State.ACCEPTED: StateLabel("已签收", "accepted", "任务处理"),
    State.ON_SCENE: StateLabel("到场处置", "on scene", "任务处理"),
    State.CONTROLLED: StateLabel("险情控制", "under control", "任务处理"),
    State.RESOLVED: StateLabel("处置反馈·待核查", "reported done, to be checked", "处理反馈"),
    State.CHECKING: StateLabel("核查中", "being checked", "核查结案"),
    State.CLOSED: StateLabel("已结案", "closed", "核查结案"),
    State.REJECTED: StateLabel("不予立案", "not filed"),
    State.MERGED: StateLabel("并案", "merged"),
    State.VOID: StateLabel("作废", "void"),
}

STAGES: Final = {
    Stage.VERIFY: Label("核实", "verification"),
    Stage.FILE: Label("立案", "filing"),
    Stage.DISPATCH: Label("派遣", "dispatch"),
    Stage.ACCEPT: Label("签收", "acceptance"),
    Stage.HANDLE: Label("处置", "handling"),
    Stage.CHECK: Label("核查", "check"),
}

LIMIT_KINDS: Final = {
    LimitKind.URGENT_HOURS: Label("紧急工作时", "h, round the clock"),
    LimitKind.WORK_HOURS: Label("工作时", "working hours"),
    LimitKind.WORK_DAYS: Label("工作日", "working days"),
    LimitKind.CALENDAR_DAYS: Label("自然日", "days"),
}
