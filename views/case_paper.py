"""A case's timeline on paper: what `exchange/print/case.typ` is given, from the case as it is exported. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from views.event_words import actor_name, event_details, kind_word
from views.paper_words import PaperWords

Json = dict[str, Any]
Pairs = list[list[str]]


def case_paper(told: Json, words: PaperWords, photos: Sequence[str]) -> Json:
    """Return the paper's data; `photos` are the names of its files, by the photos' ids."""
    case = told["case"]
    # An event that names somebody has the id alone; whoever acted is known by name.
    acted = {entry["actor"]["id"]: entry["actor"]["name"] for entry in told["timeline"]}
    words = replace(words, people=acted)
    return {
        "lang": words.language,
        "title": words.category(case["category"]),
        "number": case["number"],
        "priority": f"{case['priority']} {words.coded('priority', case['priority'])}",
        "state": words.coded("state", case["state"]),
        "mark": words.say("case.exercise") if case["exercise"] else None,
        "head": [_county(told, words), words.say("paper.case.title")],
        "foot": _foot(told, words),
        "words": {name: words.say(f"paper.case.{name}") for name in HEADINGS},
        "text": case["text"],
        "facts": _facts(case, words),
        "parts": [_part(part, words) for part in told["parts"]],
        "assignments": [_assignment(one, words) for one in told["assignments"]],
        "reports": [_report(one, words) for one in told["reports"]],
        "events": [_event(entry, words) for entry in told["timeline"]],
        "photos": _photos(told["reports"], photos, words),
        "seal": _seal(told, words),
        "warning": _warning(told, words),
    }


HEADINGS = (
    *("facts", "text", "parts", "assignments", "reports", "timeline", "photos", "seal", "check"),
    *("department", "role", "offered", "accepted", "arrived", "cleared", "due", "note"),
    *("unit", "answered", "enroute", "on_scene", "ended", "time", "by", "what", "details"),
    *("source", "caller", "none"),
)


def _county(told: Json, words: PaperWords) -> str:
    county = told["county"]
    return f"{words.either(county['name_zh'], county['name_en'])} · {words.say('signin.product')}"


def _foot(told: Json, words: PaperWords) -> str:
    at, who = words.time(told["exported_at"]), told["exported_by"]["name"]
    kind = words.say("paper.personal" if told["personal"] else "paper.masked")
    return words.say("paper.foot", who=who, at=at, kind=kind)


def _facts(case: Json, words: PaperWords) -> Pairs:
    flags = [
        words.say("case.supervised") if case["supervised"] else "",
        words.say("case.suspended") if case["suspended"] else "",
        words.say("case.returned", n=case["returned_n"]) if case["returned_n"] else "",
        words.say("case.rework", n=case["rework_n"]) if case["rework_n"] else "",
    ]
    town = "" if case["address"].startswith(case["town"]) else case["town"]
    where = f"{town} {case['address']}".strip() or case["town"]
    clock = f"{words.coded('stage', case['stage'])} {words.time(case['due_at'])}".strip()
    rows = {
        "fact.reported_at": words.time(case["reported_at"]),
        "fact.source": words.coded("source", case["source"]),
        "queue.column.place": where,
        "fact.place": f"{case['lon']:.6f}, {case['lat']:.6f}",
        "fact.cell": case["cell"],
        "datum.lane": words.coded("lane", case["lane"]),
        "datum.level": words.coded("level", case["level"]),
        "fact.lead": words.department(case["lead"]),
        "fact.assists": words.listed([words.department(one) for one in case["assists"]]),
        "fact.units": words.listed([words.unit(one) for one in case["units"]]),
        "datum.due_at": clock if case["due_at"] else "",
        "paper.flags": words.listed([flag for flag in flags if flag]),
        "datum.master": words.number(case["merged_into"]) if case["merged_into"] else "",
    }
    return [[words.say(key), value] for key, value in rows.items() if value]


def _part(part: Json, words: PaperWords) -> list[str]:
    role = words.say("paper.lead" if part["lead"] else "paper.assist")
    steps = ("offered_at", "accepted_at", "arrived_at", "cleared_at")
    times = [words.time(part[name]) for name in steps]
    released = words.say("paper.released", at=words.time(part["released_at"]))
    note = part["note"] or (released if part["released_at"] else "")
    return [words.department(part["department"]), role, *times, words.time(part["due_at"]), note]


def _assignment(one: Json, words: PaperWords) -> list[str]:
    steps = ("offered_at", "acked_at", "enroute_at", "on_scene_at", "ended_at")
    end = words.coded("assignment", one["state"])
    note = " ".join(filter(None, (end, words.coded("assignment", one["reason"]))))
    return [words.unit(one["unit_id"]), *(words.time(one[name]) for name in steps), note]


def _report(report: Json, words: PaperWords) -> list[str]:
    caller = " ".join(filter(None, (report["caller_name"], report["caller_phone"])))
    if not caller and report["has_caller"]:
        caller = words.say("paper.caller_kept")
    source = words.coded("source", report["source"])
    return [words.time(report["occurred_at"]), source, report["text"], caller]


def _event(entry: Json, words: PaperWords) -> Json:
    happened = entry["source_at"] if (entry["source_at"] or "")[:19] != entry["at"][:19] else None
    return {
        "n": entry["version"],
        "at": words.time(entry["at"]),
        "source_at": words.say("timeline.source_time", at=words.time(happened)) if happened else "",
        "actor": actor_name(entry["actor"], words),
        "department": words.department(entry["actor"]["department"]),
        "what": words.coded("event", kind_word(entry["kind"])),
        "details": event_details(entry["kind"], entry["data"], words),
    }


def _photos(reports: list[Json], files: Sequence[str], words: PaperWords) -> list[Json]:
    there = {name.rpartition("/")[2].partition(".")[0]: name for name in files}
    return [
        {
            "file": there[photo["id"]],
            "caption": f"{words.time(report['occurred_at'])} · {photo['sha256'][:16]}",
        }
        for report in reports
        for photo in report["photos"]
        if photo["id"] in there
    ]


def _seal(told: Json, words: PaperWords) -> Pairs:
    chain = told["chain"]
    return [
        [words.say("paper.case.head"), chain["head"]],
        [words.say("paper.case.events"), str(chain["events"])],
        [words.say("paper.case.stream"), chain["stream"]],
    ]


def _warning(told: Json, words: PaperWords) -> str | None:
    broken = told["chain"]["broken"]
    return words.say("paper.case.broken", n=broken[0]) if broken else None
