"""The commands by name: class, permission, label, and whether the desk offers a button; a new command is a row here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from incidents import commands as c
from vocabulary.errors import Refused
from vocabulary.message import Command

ACT_FOR: Final = "case.act_for"


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command as the API, the forms and the buttons know it.

    `departmental`: a department does it; the centre may record it for one (by radio), which needs `case.act_for` instead.
    """

    name: str
    command: type[Command]
    permission: str
    zh: str
    en: str
    button: bool = True
    departmental: bool = False


_ROWS: Final = (
    CommandRow("receive_report", c.ReceiveReport, "report.create", "登记", "Take a report", button=False),
    CommandRow("request_verification", c.RequestVerification, "case.verify", "核实", "Have it verified"),
    CommandRow("file", c.File, "case.file", "立案", "File"),
    CommandRow("reject", c.Reject, "case.reject", "不予立案", "Do not file"),
    CommandRow("merge", c.Merge, "case.merge", "并案", "Merge"),
    CommandRow("unmerge", c.Unmerge, "case.merge", "取消并案", "Unmerge"),
    CommandRow("dispatch", c.Dispatch, "case.dispatch", "派遣", "Dispatch"),
    CommandRow("accept", c.Accept, "case.act", "签收", "Accept", departmental=True),
    CommandRow("return", c.Return, "case.act", "退回", "Return", departmental=True),
    CommandRow("arrive", c.Arrive, "case.act", "到场", "On scene", departmental=True),
    CommandRow("control", c.Control, "case.act", "险情控制", "Under control", departmental=True),
    CommandRow("clear_assist", c.ClearAssist, "case.act", "联动完成", "Assist done", departmental=True),
    CommandRow("release_assist", c.ReleaseAssist, "case.dispatch", "解除联动", "Release assist"),
    CommandRow("resolve", c.Resolve, "case.act", "处置反馈", "Report done", departmental=True),
    CommandRow("assign_check", c.AssignCheck, "case.check", "核查", "Have it checked"),
    CommandRow("pass_check", c.PassCheck, "case.check", "核查通过", "Check passed"),
    CommandRow("close", c.Close, "case.close", "结案", "Close"),
    CommandRow("rework", c.OrderRework, "case.check", "返工", "Order rework"),
    CommandRow("reopen", c.Reopen, "case.reopen", "重新打开", "Reopen"),
    CommandRow("void", c.Void, "case.void", "作废", "Void"),
    CommandRow("suspend", c.Suspend, "case.suspend", "申请挂账", "Ask for a hold"),
    CommandRow("resume", c.Resume, "case.suspend", "恢复", "Resume"),
    CommandRow("extend", c.Extend, "case.extend", "申请延期", "Ask for more time"),
    CommandRow("supervise", c.Supervise, "case.supervise", "督办", "Supervise"),
    CommandRow("change_level", c.ChangeLevel, "case.supervise", "调整级别", "Change level"),
    CommandRow("change_lane", c.ChangeLane, "case.supervise", "平急转换", "Change lane"),
    CommandRow("change_priority", c.ChangePriority, "case.priority", "调整优先级", "Change priority"),
    CommandRow("correct_category", c.CorrectCategory, "case.file", "更正类别", "Correct category"),
    CommandRow("approve", c.Approve, "case.approve", "批准", "Approve"),
    CommandRow("refuse", c.Refuse, "case.approve", "不批准", "Refuse"),
    CommandRow("withdraw", c.Withdraw, "case.suspend", "撤回申请", "Withdraw the request"),
    CommandRow("acknowledge", c.Acknowledge, "case.acknowledge", "响应", "Acknowledge"),
    CommandRow("all_clear", c.GiveAllClear, "case.close", "险情解除", "All clear"),
    CommandRow("keep_open", c.KeepOpen, "case.close", "撤销自动结案", "Keep open"),
    CommandRow("add_note", c.AddNote, "case.note", "备注", "Add note"),
)  # fmt: skip

COMMANDS: Final[dict[str, CommandRow]] = {row.name: row for row in _ROWS}
ROW_OF: Final[dict[type[Command], CommandRow]] = {row.command: row for row in _ROWS}


def permissions_needed(row: CommandRow, department: str | None) -> frozenset[str]:
    """Return what somebody of `department` (None: the centre) must be permitted in order to give this command."""
    if row.departmental and department is None:
        return frozenset({ACT_FOR})
    return frozenset({row.permission})


@cache
def argument_schema(name: str) -> dict[str, Any]:
    """Return the JSON schema of a command's arguments (without `kind`), for OpenAPI and forms."""
    schema = _adapter(name).json_schema()
    schema["properties"].pop("kind")
    return {**schema, "additionalProperties": False, "title": f"{name}_arguments"}


def read_command(name: str, arguments: Mapping[str, Any]) -> Command:
    """Return the command that `name` and its arguments make; Refused, naming the field, where they make none."""
    if name not in COMMANDS:
        raise Refused("incidents.unknown_command", value=name, known=", ".join(COMMANDS))
    known = [field.name for field in fields(COMMANDS[name].command) if field.name != "kind"]
    for field in arguments:
        if field not in known:
            raise Refused(
                "incidents.unknown_argument", command=name, field=field, known=", ".join(known)
            )
    try:
        return _adapter(name).validate_python(dict(arguments))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "-"
        raise Refused(
            "incidents.bad_argument", command=name, field=field, problem=first["msg"]
        ) from None


@cache
def _adapter(name: str) -> TypeAdapter[Command]:
    return TypeAdapter(COMMANDS[name].command)
