"""A warning entered or called off by hand, as the message its issuer would have sent."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from county.model import County
from incidents.warnings.hazards import Hazard, hazards
from incidents.warnings.messages import CancelWarning, IssueWarning
from incidents.warnings.model import Act, HazardWarning, Source, WarningMessage, Words
from incidents.warnings.reach import town_areas
from vocabulary.errors import Refused
from vocabulary.message import Actor

COLOURS: Final = {
    "red": ("红色", "red"),
    "orange": ("橙色", "orange"),
    "yellow": ("黄色", "yellow"),
    "blue": ("蓝色", "blue"),
}
UNIT_DIGITS: Final = 14


def identifier_at(county: County, zone: ZoneInfo, at: datetime, number: int) -> str:
    """Return an identifier as GB/T 35965.1-2018 forms it: the issuing unit's 14 characters, its local time, a number."""
    unit = county.code.ljust(UNIT_DIGITS, "0")[:UNIT_DIGITS]
    return f"{unit}_{at.astimezone(zone):%Y%m%d%H%M%S}_{number}"


def issued(
    wish: IssueWarning, county: County, *, identifier: str, actor: Actor, at: datetime
) -> WarningMessage:
    """Return what was entered as a message; what was not typed is said in the words of the table."""
    hazard = hazards().get(wish.hazard)
    if hazard is None:
        known = ", ".join(hazards())
        raise Refused("warnings.hazard_unknown", field="hazard", value=wish.hazard, known=known)
    return WarningMessage(
        identifier=identifier,
        sender=actor.name,
        sent_at=at,
        status=wish.status,
        act=Act.ALERT,
        references=(),
        source=Source.HAND,
        hazard=hazard.id,
        event_code=min(hazard.codes, default=""),
        colour=wish.colour,
        severity="",
        urgency="",
        certainty="",
        effective_at=wish.effective_at or at,
        onset_at=None,
        expires_at=wish.expires_at,
        expires_told=True,
        words=_words(wish, hazard, county),
        areas=town_areas(county, wish.towns),
    )


def _words(wish: IssueWarning, hazard: Hazard, county: County) -> tuple[Words, Words]:
    colour_zh, colour_en = COLOURS[wish.colour.value]
    typed = wish.headline.strip()
    chinese = Words(
        language="zh",
        event=hazard.zh,
        headline=typed or f"{county.name_zh}发布{hazard.zh}{colour_zh}预警",
        description=wish.description.strip(),
        instruction=wish.instruction.strip(),
    )
    headline = typed or f"{colour_en.capitalize()} {hazard.en} warning"
    return chinese, Words(language="en", event=hazard.en, headline=headline)


def called_off(
    wish: CancelWarning, warning: HazardWarning, *, identifier: str, actor: Actor, at: datetime
) -> WarningMessage:
    """Return the cancellation of a warning as a message of its class: an exercise is called off as an exercise."""
    return replace(
        warning.message,
        identifier=identifier,
        sender=actor.name,
        sent_at=at,
        act=Act.CANCEL,
        references=(warning.id,),
        source=Source.HAND,
        effective_at=at,
        onset_at=None,
        expires_at=max(at, warning.message.expires_at),
        words=(Words(language="zh", description=wish.reason.strip()),),
    )
