"""A shift's sheet on paper: what `exchange/print/shift.typ` is given, from the handover as the API tells it. Pure."""

from datetime import datetime
from typing import Any, Final

from views.paper_words import PaperWords
from vocabulary.clock import to_text

Json = dict[str, Any]
HEADINGS: Final = ("counts", "note", "cases", "remarks", "signatures", "none", "left_out")
COLUMNS: Final = ("priority", "number", "category", "where", "state", "due", "why", "note")


def shift_paper(told: Json, words: PaperWords, county: str, who: str, at: datetime) -> Json:
    """Return the paper's data."""
    sheet = told["sheet"]
    title = words.say("shift.title")
    return {
        "lang": words.language,
        "title": title,
        "mark": words.say("shift.state.withdrawn") if told["state"] == "withdrawn" else None,
        "head": [f"{county} · {words.say('signin.product')}", title],
        "foot": words.say("shift.foot", who=who, at=words.time(to_text(at))),
        "words": {name: words.say(f"shift.{name}") for name in HEADINGS},
        "columns": [words.say(f"shift.column.{name}") for name in COLUMNS],
        "facts": _facts(told, words),
        "counts": _counts(sheet, words),
        "note": told["note"],
        "rows": [_row(item, words) for item in sheet["items"]],
        "left_out": words.say("shift.more", n=sheet["left_out"]) if sheet["left_out"] else "",
        "remarks": told["remarks"],
        "signatures": _signatures(told, words),
    }


def _facts(told: Json, words: PaperWords) -> list[list[str]]:
    rows = {
        "shift.taken": words.time(told["sheet"]["taken_at"]),
        "shift.seat": told["seat"],
        "shift.number": told["id"],
        "shift.standing": words.say(f"shift.state.{told['state']}"),
        "shift.reason": told["reason"],
    }
    return [[words.say(key), value] for key, value in rows.items() if value]


def _counts(sheet: Json, words: PaperWords) -> list[list[str]]:
    """Return the counts as tiles: a figure and what it counts."""
    why = [[str(n), words.say(f"shift.why.{name}")] for name, n in sheet["by_why"].items()]
    levels = [
        [str(n), f"{name} {words.coded('priority', name)}"]
        for name, n in sheet["by_priority"].items()
    ]
    drills = [[str(sheet["exercises"]), words.say("case.exercise")]] if sheet["exercises"] else []
    return [[str(sheet["open"]), words.say("shift.open")], *levels, *why, *drills]


def _row(item: Json, words: PaperWords) -> list[str]:
    why = [words.say(f"shift.why.{name}") for name in item["why"]]
    due = words.time(item["due_at"] or item["resumes_at"], seconds=False)
    return [
        item["priority"],
        item["number"],
        words.category(item["category"]),
        item["where"],
        words.coded("state", item["state"]),
        due,
        words.listed(why),
        item["note"],
    ]


def _signatures(told: Json, words: PaperWords) -> list[list[str]]:
    going, coming = told["outgoing"], told["incoming"]
    waiting = words.say("shift.waiting")
    return [
        [words.say("shift.outgoing"), going["name"], words.time(going["at"])],
        [
            words.say("shift.incoming"),
            coming["name"] if coming else "",
            words.time(coming["at"]) if coming else waiting,
        ],
    ]
