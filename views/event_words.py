"""What an event of a case tells, in words: the same readings as in the desk's timeline (`assets/case_parts.mjs`)."""

from collections.abc import Callable
from typing import Any, Final

from views.paper_words import PaperWords

Json = dict[str, Any]
Reader = Callable[[PaperWords, Any, Json], str]

SHOWN: Final = (
    *("what", "step", "roles", "stage", "lead", "assists", "units", "department", "category"),
    *("condition", "priority", "priority_rule", "lane", "level", "disposition", "basis", "reason"),
    *("note", "text", "until", "checker", "master", "joined", "parted", "rule", "by_rule"),
    *("filed_by_rule", "collector", "desk", "why", "evidence", "ack_due_at", "due_at"),
    *("closes_at", "by_radio", "implied"),
)
# Said only where they are so.
IF_SO: Final = frozenset({"by_radio", "implied"})
# The first report's words stand at the head already, the further ones' in the list of reports.
REPEATED: Final[dict[str, Callable[[str], bool]]] = {
    "incidents.case_opened": lambda name: name == "text",
    "incidents.report_received": lambda name: name != "text",
}


def _coded(prefix: str) -> Reader:
    return lambda words, value, _data: words.coded(prefix, value)


def _instant(words: PaperWords, value: Any, _data: Json) -> str:
    return words.time(value)


def _case(words: PaperWords, value: Any, _data: Json) -> str:
    return words.number(value)


def _department(words: PaperWords, value: Any, _data: Json) -> str:
    return words.department(value)


def _step(words: PaperWords, value: Any, _data: Json) -> str:
    if isinstance(value, int):
        return words.say("alert.step", n=value)
    return words.coded("role", value)


def _evidence(words: PaperWords, value: Any, _data: Json) -> str:
    told = [source.partition(":") for source in value]
    return words.listed([f"{words.coded('evidence', kind)} {rest}" for kind, _, rest in told])


READERS: Final[dict[str, Reader]] = {
    "lead": _department,
    "department": _department,
    "assists": lambda words, value, _: words.listed([words.department(one) for one in value]),
    "units": lambda words, value, _: words.listed([words.unit(one) for one in value]),
    "roles": lambda words, value, _: words.listed([words.coded("role", one) for one in value]),
    "category": lambda words, value, _: words.category(value),
    "condition": lambda words, value, data: words.condition(data.get("category", ""), value),
    "lane": _coded("lane"),
    "level": _coded("level"),
    "disposition": _coded("disposition"),
    "basis": _coded("basis"),
    "reason": _coded("reason"),
    "priority_rule": _coded("rule"),
    "rule": _coded("rule"),
    "by_rule": _coded("rule"),
    "filed_by_rule": _coded("rule"),
    "what": _coded("approval"),
    "stage": _coded("stage"),
    "step": _step,
    "until": _instant,
    "ack_due_at": _instant,
    "due_at": _instant,
    "closes_at": _instant,
    "master": _case,
    "joined": _case,
    "parted": _case,
    "checker": lambda words, value, _: words.person(value),
    "collector": lambda words, value, _: words.unit(value),
    "evidence": _evidence,
    "by_radio": lambda words, _value, _data: words.say("timeline.by_radio"),
    "implied": lambda words, _value, _data: words.say("timeline.implied"),
}


def kind_word(kind: str) -> str:
    """Return the word that a kind is listed under: incidents.case_opened.v1 → incidents.case_opened."""
    return kind.rpartition(".v")[0]


def event_details(kind: str, data: Json, words: PaperWords) -> list[list[str]]:
    """Return what is worth saying of an event, as names and values in a fixed order."""
    repeated = REPEATED.get(kind_word(kind))
    told: list[list[str]] = []
    for name in SHOWN:
        value = data.get(name)
        if value in (None, "", [], ()) or (repeated and repeated(name)):
            continue
        if isinstance(value, bool) and not (value and name in IF_SO):
            continue
        read = READERS.get(name)
        told.append([words.say(f"datum.{name}"), read(words, value, data) if read else str(value)])
    return told


def actor_name(actor: Json, words: PaperWords) -> str:
    """Return who did it; the console itself has no name of its own language."""
    return words.say("timeline.system") if actor["kind"] == "system" else str(actor["name"])
