"""A desk that answers from memory, and the console's pages on a bare FastAPI."""

from dataclasses import dataclass, field

from fastapi import FastAPI

from incidents.rulebook import Tables, shipped_tables
from views.page import Pages, build
from views.port import CountyFacts, Viewer

COUNTY = CountyFacts(
    name_zh="青溪县", name_en="Qingxi", lon=119.97, lat=30.54, bbox=(119.7, 30.4, 120.3, 30.7)
)
OFFICER = Viewer(
    name="王芳", roles=frozenset({"supervisor"}), permissions=frozenset({"desk.view", "wall.view"})
)


@dataclass
class MemoryDesk:
    """Answers what it is told to."""

    who: Viewer | None = OFFICER
    facts: CountyFacts = field(default=COUNTY)

    def viewer(self) -> Viewer | None:
        """Return who is asking."""
        return self.who

    def county(self) -> CountyFacts:
        """Return the county's facts."""
        return self.facts

    def tables(self) -> Tables:
        """Return the shipped tables."""
        return shipped_tables()


def pages_of(desk: MemoryDesk) -> tuple[FastAPI, Pages]:
    """Return a server with the pages on it."""
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    return server, build(server, desk)
