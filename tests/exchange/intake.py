"""Intake in memory: the real sheets, likeness, suggestions and readers over a console without a store."""

from typing import Any

from exchange.command_reader import read_command
from exchange.intake_ports import Bulk
from exchange.pasted import read_pasted
from exchange.ports import CaseCommand, Once
from exchange.report_sheet import read_reports
from exchange.sheet import Sheet
from incidents.category_sheet import csv_rows, read_sheet, yaml_rows
from incidents.duplicate_words import explained
from incidents.duplicates import DuplicateIndex, Question
from incidents.rulebook import shipped_tables
from incidents.suggestion import Suggester, parse_words
from incidents.table_files import shipped
from runtime.duplicate_watch import brief
from security.principal import Principal
from tests.exchange.memory import Memory
from vocabulary.errors import Refused, Told
from vocabulary.place import Place

Json = dict[str, Any]
TABLES = shipped_tables()
SUGGESTER = Suggester(TABLES.categories.current(), parse_words(shipped("category_words.csv")))
READERS = {"csv": csv_rows, "yaml": yaml_rows}


class MemoryIntake:
    """`exchange.intake_ports.IntakeService`."""

    memory: Memory

    async def command(self, principal: Principal, command: CaseCommand, once: Once) -> Any:
        raise NotImplementedError

    async def import_categories(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        if sheet.form not in READERS:
            raise Refused("exchange.unknown_form", value=sheet.form, known=", ".join(READERS))
        rows = read_sheet(READERS[sheet.form](sheet.text()), TABLES.departments, TABLES.categories)
        told = [
            {
                "row": row.row,
                "outcome": row.outcome,
                "code": row.code,
                "reason": "",
                "problem": None,
            }
            for row in rows
        ]
        counts = {each: sum(row.outcome == each for row in rows) for each in ("added", "unchanged", "refused")}  # fmt: skip
        return {"dry_run": dry_run, **counts, "rows": told}

    async def import_reports(self, principal: Principal, sheet: Sheet, *, dry_run: bool) -> Json:
        rows = read_reports(sheet)
        blank: Json = {
            "case_id": None,
            "number": None,
            "reason": "",
            "problem": None,
            "remarks": [],
        }
        told = [{"row": r.row, "key": r.cells["key"], "outcome": "accepted", **blank} for r in rows]
        return {
            "dry_run": dry_run,
            "accepted": len(rows),
            "unchanged": 0,
            "refused": 0,
            "rows": told,
        }

    async def duplicates(self, principal: Principal, question: Question, most: int) -> list[Json]:
        index = DuplicateIndex(TABLES.duplicates)
        for case in self.memory.cases.values():
            index.put(case)
        return [
            {"case": brief(one.case), **one.terms(), "why": explained(one, principal.language)}
            for one in index.likely(question, self.memory.clock.now(), most)
        ]

    async def suggest_categories(self, principal: Principal, text: str, most: int) -> list[Json]:
        return [
            {
                "code": one.category.code,
                "full_code": one.category.full_code,
                "name_zh": one.category.name_zh,
                "name_en": one.category.name_en,
                "group_zh": TABLES.group(one.category.code).zh,
                "group_en": TABLES.group(one.category.code).en,
                "default_priority": one.category.default_priority.value,
                "score": one.score,
                "reasons": [list(reason) for reason in one.reasons],
                "learned": one.learned,
                "why": "",
            }
            for one in SUGGESTER.suggest(text, most)
        ]

    async def first_priority(
        self, principal: Principal, category: str, place: Place | None
    ) -> Json:
        found = TABLES.categories.find(category)
        return {
            "priority": found.default_priority.value,
            "rule": "category_default",
            "sites": [],
        }

    async def category_versions(self, principal: Principal) -> list[Json]:
        return []

    async def parse_report(self, principal: Principal, text: str, near: Place | None) -> Json:
        read = read_pasted(text, self.memory.clock.now(), TABLES.calendar.zone)
        span = {"value": read.text.value, "start": read.text.start, "end": read.text.end}
        categories = await self.suggest_categories(principal, read.text.value, 3)
        return {
            "text": span,
            "phones": [{"value": s.value, "start": s.start, "end": s.end} for s in read.phones],
            "names": [],
            "places": [],
            "occurred_at": None,
            "time": None,
            "categories": categories,
        }

    async def bulk(self, principal: Principal, bulk: Bulk, once: Once) -> Json:
        command = read_command(bulk.name, bulk.arguments)
        results = []
        for case_id in dict.fromkeys(bulk.ids):
            case = self.memory.cases.get(case_id)
            wish = CaseCommand(
                case_id=case_id,
                name=bulk.name,
                version=bulk.versions.get(case_id, case.version if case else 0),
                command=command,
            )
            mine = Once(key=f"{once.key}|{case_id}", fingerprint=once.fingerprint)
            results.append(await self._one(principal, wish, mine))
        done = sum(result["done"] for result in results)
        return {"done": done, "refused": len(results) - done, "results": results}

    async def _one(self, principal: Principal, wish: CaseCommand, once: Once) -> Json:
        blank = {"id": wish.case_id, "replayed": False, "case": None, "code": None, "detail": ""}
        try:
            answer = await self.command(principal, wish, once)
        except Told as failure:
            return {**blank, "done": False, "code": failure.code, "detail": failure.text("zh")}
        return {**blank, "done": True, "replayed": answer.replayed, "case": answer.body["case"]}

    async def photo(self, principal: Principal, photo_id: str) -> bytes:
        raise Refused("intake.photo_unknown", value=photo_id)
