"""CAP 1.2 as the Chinese profile uses it (GB/T 35965.1-2018): bytes in, a warning's message out, or what is wrong with it.

Positions in CAP are "latitude,longitude" in WGS 84; radii are kilometres.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from exchange.cap_areas import read_areas
from exchange.safe_xml import Element, read_xml
from incidents.warnings.hazards import hazard_of, hazards
from incidents.warnings.model import Act, Colour, Source, Status, WarningMessage, Words
from incidents.warnings.rules import UNTOLD_LASTS
from vocabulary.errors import Refused

NAMESPACES: Final = (
    "urn:oasis:names:tc:emergency:cap:1.2",
    "urn:oasis:names:tc:emergency:cap:1.1",
    "",
)
IDENTIFIER: Final = re.compile(r"[0-9A-Za-z]{14}_\d{14}(_\d{1,6})?", re.ASCII)
IDENTIFIER_FORM: Final = "99010141600000_20261127180000_1"
INSTANT: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
INSTANT_FORM: Final = "2026-11-27T18:00:00+08:00"
EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
ACTS: Final = {"Alert": Act.ALERT, "Update": Act.UPDATE, "Cancel": Act.CANCEL}
STATUSES: Final = {"Actual": Status.ACTUAL, "Exercise": Status.EXERCISE, "Test": Status.TEST}
# The Chinese profile writes the colour where CAP has its severity; CAP's own severities stand for it otherwise.
SEVERITIES: Final = {
    "red": Colour.RED,
    "orange": Colour.ORANGE,
    "yellow": Colour.YELLOW,
    "blue": Colour.BLUE,
    "extreme": Colour.RED,
    "severe": Colour.ORANGE,
    "moderate": Colour.YELLOW,
    "minor": Colour.BLUE,
}
# A colour said as such, in a parameter or an event code, goes before both.
COLOUR_NAMES: Final = frozenset(
    {
        "colour",
        "color",
        "warningcolor",
        "colorcode",
        "colourcode",
        "warningcolour",
        "alertcolor",
        "预警颜色",
        "颜色",
        "预警级别",
    }
)
COLOUR_WORDS: Final = {
    **{one.value: one for one in Colour},
    **dict(zip("红橙黄蓝", Colour, strict=True)),
    **dict(zip(("红色", "橙色", "黄色", "蓝色"), Colour, strict=True)),
}
LONGEST: Final = {"headline": 300, "description": 5000, "instruction": 5000, "event": 80}
MOST_REFERENCES: Final = 200


def read_cap(body: bytes) -> WarningMessage:
    """Return the message; raises Refused that names the element, its value and what would be right."""
    root = read_xml(body)
    if root.name != "alert" or root.space not in NAMESPACES:
        raise Refused("cap.not_cap", value=f"{root.space} {root.name}".strip()[:120])
    act = _one_of(root, "msgType", ACTS)
    sent_at = _instant(root, "sent")
    _one_of(root, "scope", {"Public": True})
    info = _main_info(root, act)
    told = info or Element("", "info")
    effective_at = _instant(told, "effective", sent_at)
    code, words = _event_code(told), _words(root)
    hazard = hazard_of(code, *(one.event for one in words))
    return WarningMessage(
        identifier=_identifier(root),
        sender=_required(root, "sender")[:120],
        sent_at=sent_at,
        status=_one_of(root, "status", STATUSES),
        act=act,
        references=_references(root),
        source=Source.CAP,
        hazard=hazard,
        event_code=code[:40],
        colour=_colour(told, act),
        severity=told.said("severity")[:20],
        urgency=told.said("urgency")[:20],
        certainty=told.said("certainty")[:20],
        effective_at=effective_at,
        onset_at=_instant(told, "onset") if told.said("onset") else None,
        expires_at=_instant(told, "expires", effective_at + UNTOLD_LASTS),
        expires_told=bool(told.said("expires")),
        words=_named(words, hazard),
        areas=read_areas(_same_language(root, told)),
    )


def _main_info(root: Element, act: Act) -> Element | None:
    """Return the Chinese block, else the first; of several in one language (an area each) the gravest."""
    blocks = root.all("info")
    if not blocks:
        if act is Act.CANCEL:
            return None
        raise Refused("cap.missing", field="info", wanted="<info> … </info>")
    chosen = [one for one in blocks if _language(one) == "zh"] or blocks
    return min(chosen, key=_rank)


def _rank(info: Element) -> int:
    colour = SEVERITIES.get(info.said("severity").lower())
    return len(Colour) if colour is None else colour.rank


def _same_language(root: Element, told: Element) -> list[Element]:
    return [one for one in root.all("info") if _language(one) == _language(told)]


def _language(info: Element) -> str:
    said = info.said("language").lower()
    if not said:  # CAP would read it as English; what is written in Chinese is Chinese
        text = info.said("event") + info.said("headline")
        return "en" if text.isascii() else "zh"
    return "zh" if said.startswith("zh") else "en" if said.startswith("en") else said


def _words(root: Element) -> tuple[Words, ...]:
    found: dict[str, Words] = {}
    for info in root.all("info"):
        language = _language(info)
        if language == "zh" and "zh" not in found:
            found["zh"] = Words(language="zh", **_texts(info))
        elif language == "en" and "en" not in found:
            found["en"] = Words(language="en", **_texts(info))
    if not found and (other := root.first("info")) is not None:
        found["en"] = Words(language="en", **_texts(other))
    return tuple(found[language] for language in sorted(found, reverse=True))


def _texts(info: Element) -> dict[str, str]:
    told = {}
    for name, most in LONGEST.items():
        text = info.said(name)
        if len(text) > most:
            raise Refused("cap.too_long", field=name, length=len(text), most=most)
        told[name] = text
    return told


def _named(words: tuple[Words, ...], hazard: str) -> tuple[Words, ...]:
    """Return the words, with the event named in both languages where it is in our table."""
    known = hazards().get(hazard)
    if known is None:
        return words
    told = {one.language: one for one in words}
    chinese = told.get("zh") or Words(language="zh")
    english = told.get("en") or Words(language="en")
    return replace(chinese, event=known.zh), replace(english, event=known.en)


def _event_code(info: Element) -> str:
    """Return the issuer's code: the Chinese profile's eventType, else the first eventCode that is no colour."""
    said = info.said("eventType")
    codes = [one.said("value") for one in info.all("eventCode") if not _is_colour(one)]
    return said or next(iter(codes), "")


def _is_colour(pair: Element) -> bool:
    return pair.said("valueName").lower().replace("_", "").replace(" ", "") in COLOUR_NAMES


def _colour(info: Element, act: Act) -> Colour | None:
    for pair in (*info.all("parameter"), *info.all("eventCode")):
        if _is_colour(pair):
            value = pair.said("value").lower()
            if value not in COLOUR_WORDS:
                raise _bad(pair.said("valueName"), value, ", ".join(COLOUR_WORDS))
            return COLOUR_WORDS[value]
    severity = info.said("severity")
    if severity.lower() in SEVERITIES:
        return SEVERITIES[severity.lower()]
    if act is Act.CANCEL:
        return None
    raise _bad(
        "severity", severity or "-", "Red, Orange, Yellow, Blue; Extreme, Severe, Moderate, Minor"
    )


def _identifier(root: Element) -> str:
    said = _required(root, "identifier", IDENTIFIER_FORM)
    if not IDENTIFIER.fullmatch(said):
        raise _bad("identifier", said, IDENTIFIER_FORM)
    return said


def _references(root: Element) -> tuple[str, ...]:
    """Return the identifiers out of "sender,identifier,sent" triples, each once."""
    found = []
    for triple in root.said("references").split():
        parts = triple.split(",")
        said = parts[1] if len(parts) == 3 else triple
        if not IDENTIFIER.fullmatch(said):
            raise _bad("references", triple, f"sender,{IDENTIFIER_FORM},{INSTANT_FORM}")
        found.append(said)
    if len(found) > MOST_REFERENCES:
        raise _bad("references", str(len(found)), f"≤ {MOST_REFERENCES}")
    return tuple(dict.fromkeys(found))


def _one_of(root: Element, name: str, known: dict[str, Any]) -> Any:
    said = _required(root, name, ", ".join(known))
    if said not in known:
        raise _bad(name, said, ", ".join(known))
    return known[said]


def _required(element: Element, name: str, wanted: str = "…") -> str:
    said = element.said(name)
    if not said:
        raise Refused("cap.missing", field=name, wanted=f"<{name}>{wanted}</{name}>")
    return said


def _instant(element: Element, name: str, otherwise: datetime | None = None) -> datetime:
    said = element.said(name)
    if not said and otherwise is not None:
        return otherwise
    said = _required(element, name, INSTANT_FORM)
    if not INSTANT.fullmatch(said):
        raise _bad(name, said, INSTANT_FORM)
    try:
        instant = datetime.fromisoformat(said).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad(name, said, INSTANT_FORM) from None
    if not EARLIEST <= instant < datetime(2100, 1, 1, tzinfo=UTC):
        raise _bad(name, said, INSTANT_FORM)
    return instant


def _bad(field: str, value: str, wanted: str) -> Refused:
    return Refused("cap.bad_value", field=field, value=value[:120], wanted=wanted)
