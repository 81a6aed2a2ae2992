"""Briefs: planned by the clock or ordered by a person, made one at a time in the background, kept with their files."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import structlog

from exchange.pdf import print_pdf, template_text
from indicators.charts import town_map
from indicators.said import value_text
from indicators.spans import Asked, Range
from indicators.summary import summary
from layers.mosaic import extent_of, mosaic
from layers.tiles import TileService
from runtime.brief_paper import Paper, paper_data, workbook
from runtime.figures_work import FiguresWork
from runtime.rooms import Rooms
from security.administration import SYSTEM_PRINCIPAL
from security.principal import Principal
from storage.briefs import Brief, change, list_briefs, load_brief, load_file, order, take_due
from storage.transaction import Transaction
from views.words import words
from vocabulary.clock import to_text, to_utc
from vocabulary.errors import Refused
from vocabulary.ids import new_id

log = structlog.get_logger()
Json = dict[str, Any]
GIVEN_UP: Final = timedelta(minutes=10)
LOOKED_S: Final = 0.25
WAIT_S: Final = 20.0
DAY: Final = timedelta(days=1)
WEEK: Final = 7
KINDS: Final = ("daily", "weekly", "span")


@dataclass(frozen=True, slots=True)
class Plan:
    """When briefs are made by themselves: at an hour of the county, in a language; no hour, none."""

    hour: time | None
    language: str


NEVER: Final = Plan(hour=None, language="zh")


class Briefs:
    """Orders, makes and gives briefs."""

    def __init__(self, rooms: Rooms, figures: FiguresWork, tiles: TileService, plan: Plan) -> None:
        self._rooms, self._figures, self._tiles, self._plan = rooms, figures, tiles, plan

    @property
    def _zone(self) -> ZoneInfo:
        return self._rooms.tables.calendar.zone

    async def order(self, principal: Principal, kind: str, first: date, last: date) -> Json:
        """Order a brief; it is made in the background."""
        now = self._rooms.clock.now()
        brief = Brief(
            id=new_id(),
            kind=kind,
            first=first,
            last=last,
            language=principal.language,
            ordered_by=principal.actor.name,
            due_at=now,
        )
        await self._write(lambda tx: order(tx.connection, brief))
        return brief_view(brief)

    async def list(self, limit: int) -> list[Json]:
        """Return briefs, the newest first; of planned ones only those whose hour has come."""
        found = await self._rooms.journal.read(lambda connection: list_briefs(connection, limit))
        now = self._rooms.clock.now()
        return [brief_view(brief) for brief in found if brief.due_at <= now]

    async def progress(self, id: str, beyond: int) -> Json:
        """Return a brief as soon as it is further than `beyond` of a hundred, or after a while as it is."""
        brief = await self._known(id)
        for _ in range(int(WAIT_S / LOOKED_S)):
            if brief.step > beyond or brief.state in {"done", "failed"}:
                break
            await asyncio.sleep(LOOKED_S)
            brief = await self._known(id)
        return brief_view(brief)

    async def file(self, id: str, form: str) -> tuple[str, bytes]:
        """Return a made brief's file and what it is called."""
        brief = await self._known(id)
        found = await self._rooms.journal.read(lambda connection: load_file(connection, id, form))
        if found is None:
            raise Refused("briefs.not_made", value=id, state=brief.state)
        return f"{self._rooms.county.code}-{brief.kind}-{brief.first}-{brief.last}.{form}", found

    async def _known(self, id: str) -> Brief:
        brief = await self._rooms.journal.read(lambda connection: load_brief(connection, id))
        if brief is None:
            raise Refused("briefs.unknown", value=id)
        return brief

    async def turn(self) -> bool:
        """Plan what comes next, and make the brief that is due longest; say whether there was one."""
        now = self._rooms.clock.now()
        await self._plan_ahead(now)
        brief = await self._write(lambda tx: take_due(tx.connection, now, now - GIVEN_UP))
        if brief is None:
            return False
        try:
            await self._make(brief)
        except Exception as failure:
            log.exception("brief_failed", brief_id=brief.id)
            problem = (
                failure.text(brief.language)
                if isinstance(failure, Refused)
                else type(failure).__name__
            )
            await self._set(brief, state="failed", problem=problem)
        return True

    async def _plan_ahead(self, now: datetime) -> None:
        """Keep the next daily and the next weekly brief as due in the store: a restart forgets neither."""
        if self._plan.hour is None:
            return
        wanted = [planned(kind, self._plan, now, self._zone) for kind in ("daily", "weekly")]
        known = await self._rooms.journal.read(lambda connection: list_briefs(connection, 50))
        slots = {brief.slot: brief for brief in known}
        for brief in wanted:
            kept = slots.get(brief.slot)
            if kept is None or (kept.state == "waiting" and kept.due_at != brief.due_at):
                await self._write(lambda tx, one=brief: order(tx.connection, one))

    async def _make(self, brief: Brief) -> None:
        asked = Asked(range=Range.DAYS, first=brief.first, last=brief.last)
        view = self._figures.view_of(SYSTEM_PRINCIPAL, asked)
        told = await self._figures.book.ask(lambda frames: summary(frames, view))
        told |= {"warnings": await self._figures.warnings_in(view)}
        await self._set(brief, step=30)
        paper = self._paper(brief, told)
        title = self._title(brief, paper)
        data, files = await asyncio.to_thread(paper_data, paper)
        data |= self._heads(brief, paper, title)
        files |= await self._map(paper)
        await self._set(brief, step=70)
        now = self._rooms.clock.now()
        pdf = await print_pdf(template_text("brief"), data, files, at=now)
        await self._set(brief, step=90)
        sheet = await asyncio.to_thread(workbook, paper, title)
        await self._set(
            brief, state="done", step=100, made_at=self._rooms.clock.now(), pdf=pdf, xlsx=sheet
        )

    def _paper(self, brief: Brief, told: Json) -> Paper:
        spoken = "en" if brief.language == "en" else "zh"
        departments = self._rooms.tables.departments
        return Paper(
            told=told,
            say=words(spoken),
            language=spoken,
            town_names={
                t.name_zh: t.name_en if spoken == "en" and t.name_en else t.name_zh
                for t in self._rooms.county.towns
            },
            department_names={
                row.id: row.en if spoken == "en" else row.zh for row in departments.values()
            },
        )

    def _title(self, brief: Brief, paper: Paper) -> str:
        county = self._rooms.county
        name = county.name_en if paper.language == "en" else county.name_zh
        return paper.say("brief.title", county=name, kind=paper.say(f"brief.{brief.kind}"))

    def _heads(self, brief: Brief, paper: Paper, title: str) -> Json:
        county, one_day = self._rooms.county, brief.first == brief.last
        local = self._rooms.clock.now().astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
        days = {"first": brief.first.isoformat(), "last": brief.last.isoformat()}
        row = paper.rows[paper.mapped]
        return {
            "title": title,
            "county": county.name_en if paper.language == "en" else county.name_zh,
            "span": paper.say(
                "brief.day" if one_day else "brief.days",
                **(days if not one_day else {"first": days["first"]}),
            ),
            "counted": paper.say("brief.counted", at=local),
            "foot": f"One-Network · {local}",
            "map": {
                "name": paper.name(row),
                "note": paper.say("brief.map_note"),
                "attribution": self._tiles.attribution,
            },
        }

    async def _map(self, paper: Paper) -> Mapping[str, bytes]:
        county, row = self._rooms.county, paper.rows[paper.mapped]
        extent = extent_of(county.box)
        values = {
            one["name"]: one["figures"].get(paper.mapped, {}).get("value")
            for one in paper.told["towns"]
        }
        shapes = [
            (paper.town_names[t.name_zh], t.boundary_wgs84.simplify(0.0005).__geo_interface__, values.get(t.name_zh),
             value_text(row, values.get(t.name_zh), paper.language))
            for t in county.towns
        ]  # fmt: skip
        drawn = town_map(shapes, (extent.width, extent.height), extent.point)
        return {"map/base.jpg": await mosaic(self._tiles, extent), "map/towns.svg": drawn.encode()}

    async def _set(self, brief: Brief, **values: Any) -> None:
        await self._write(lambda tx: change(tx.connection, brief.id, **values))

    async def _write(self, work: Any) -> Any:
        def do(transaction: Transaction, /) -> Any:
            return work(transaction)

        return await self._rooms.journal.write(do)


def planned(kind: str, plan: Plan, now: datetime, zone: ZoneInfo) -> Brief:
    """Return the brief of a kind that is made next: of yesterday each day, of last week each Monday, at the plan's hour.

    The one whose hour came last is the next as long as nobody planned it: a console that was away makes it up.
    """
    hour = plan.hour or time()
    local = now.astimezone(zone)
    day = local.date() - (local.date().weekday() * DAY if kind == "weekly" else timedelta(0))
    first = day - (WEEK * DAY if kind == "weekly" else DAY)
    due_at = to_utc(datetime.combine(day, hour, zone))
    return Brief(
        id=new_id(),
        slot=f"{kind}:{first}:{plan.language}",
        kind=kind,
        first=first,
        last=day - DAY,
        language=plan.language,
        ordered_by="",
        due_at=due_at,
    )


def read_hour(text: str) -> time | None:
    """Return the hour a setting names (07:30), None for none."""
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise Refused("settings.not_an_hour", name="brief_at", value=text) from None


def brief_view(brief: Brief) -> Json:
    """Return a brief as the API tells it."""
    return {
        "id": brief.id,
        "kind": brief.kind,
        "first": brief.first.isoformat(),
        "last": brief.last.isoformat(),
        "language": brief.language,
        "ordered_by": brief.ordered_by,
        "scheduled": brief.slot is not None,
        "state": brief.state,
        "step": brief.step,
        "made_at": to_text(brief.made_at) if brief.made_at else None,
        "problem": brief.problem,
    }
