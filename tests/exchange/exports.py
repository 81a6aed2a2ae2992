"""Cases given away by the console in memory: the form of the answer, without a chain or a printer."""

from typing import Any

from exchange.ports import Json
from incidents.summary import case_row
from security.principal import Principal
from tests.exchange.memory import Memory
from vocabulary.errors import Refused

NOW = "2026-11-22T06:03:21.000Z"


class MemoryExport:
    """`exchange.export_ports.ExportService`."""

    memory: Memory

    async def export_case(self, principal: Principal, case_id: str, *, personal: bool) -> Json:
        if personal:
            principal.need("personal.read")
        case: Any = self.memory.cases.get(case_id)
        if case is None:
            raise Refused("exchange.case_unknown", value=case_id)
        county = {"code": "330521", "name_zh": "德清县", "name_en": "Deqing"}
        chain = {"stream": f"case:{case_id}", "events": 0, "head": "", "rule": ""}
        return {
            "format": "onenet.case-export.v1",
            "exported_at": NOW,
            "exported_by": {"id": principal.actor.id, "name": principal.actor.name},
            "county": county,
            "personal": personal,
            "case": case_row(case),
            "clock": None,
            "parts": [],
            "approval": None,
            "reports": [],
            "assignments": [],
            "timeline": [],
            "numbers": {},
            "chain": {**chain, "masked": [], "broken": []},
        }

    async def print_case(
        self, principal: Principal, case_id: str, language: str, *, personal: bool
    ) -> bytes:
        await self.export_case(principal, case_id, personal=personal)
        return b"%PDF-1.7"
