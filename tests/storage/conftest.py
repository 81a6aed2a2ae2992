"""Every test that asks for `store` runs on SQLite, and on PostgreSQL where ONENET_TEST_POSTGRES names one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bus.codec import Codec
from runtime.kinds import EVENTS
from storage.alarms import AlarmsProjection
from storage.alerts import AlertProjection
from storage.cases import CaseProjection
from storage.closures import ClosureProjection
from storage.duties import DutyProjection
from storage.engine import Store
from storage.figures import FigureProjection
from storage.handovers import HandoverProjection
from storage.journal import Journal
from storage.outages import OutageProjection
from storage.plans import PlanProjection
from storage.units import UnitProjection
from storage.warnings import WarningProjection
from tests.clocks import ManualClock
from tests.storage.stores import POSTGRES, fresh_store

KINDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=[
            pytest.mark.server,
            pytest.mark.skipif(not POSTGRES, reason="ONENET_TEST_POSTGRES names no PostgreSQL"),
        ],
    ),
]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with fresh_store(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def journal(store: Store, clock: ManualClock) -> Iterator[Journal]:
    projections = (
        CaseProjection(),
        AlertProjection(),
        UnitProjection(),
        DutyProjection(),
        ClosureProjection(),
        FigureProjection(),
        AlarmsProjection(),
        OutageProjection(),
        PlanProjection(),
        HandoverProjection(),
        WarningProjection(),
    )
    made = Journal(store, Codec(EVENTS), clock, projections)
    made.start()
    yield made
    made.stop()
