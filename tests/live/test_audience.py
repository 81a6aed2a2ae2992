"""Who hears what: by role and department, the narrowest wins."""

import pytest

from incidents import commands as c
from incidents.model import Lane
from live.audience import (
    FULL,
    MASKED,
    WALL,
    Audience,
    audience_of,
    called,
    may_see,
    of_department,
    redact,
)
from live.rows import row_for
from security.policy import ROLES
from tests.live.histories import County
from tests.live.serving import somebody
from vocabulary.message import SYSTEM


@pytest.mark.parametrize(
    ("role", "department", "audience"),
    [
        ("operator", None, WALL),
        ("intake", None, MASKED),
        ("dispatcher", None, MASKED),
        ("supervisor", None, MASKED),
        ("leader", None, MASKED),
        ("responder", "water", of_department("water")),
        ("integrator", None, MASKED),
        ("integrator", "water", of_department("water")),
        ("operator", "water", WALL),
    ],
)
def test_a_role_hears_as_its_audience(
    role: str, department: str | None, audience: Audience
) -> None:
    assert audience_of(somebody(role, department)) == called(audience, [role])


def test_nobody_hears_an_unmasked_number_over_the_feed_whatever_they_may_read_elsewhere() -> None:
    assert FULL not in {audience_of(somebody(role, "water")) for role in ROLES}
    assert FULL not in {audience_of(somebody(role)) for role in ROLES}
    assert SYSTEM.kind == "system"


def test_an_assisting_department_sees_the_case_until_it_is_released() -> None:
    county = County()
    case_id = county.report(lane=Lane.EMERGENCY)
    county.do(case_id, c.Dispatch(lead="water", assists=("fire",)))
    assert may_see(of_department("fire"), county.cases[case_id])
    county.do(case_id, c.ReleaseAssist(department="fire"))
    assert not may_see(of_department("fire"), county.cases[case_id])
    assert may_see(of_department("water"), county.cases[case_id])


@pytest.mark.parametrize(
    "audience", [FULL, MASKED, WALL, of_department("water")], ids=lambda one: one.name
)
def test_every_audience_gets_the_same_keys(audience: Audience) -> None:
    county = County()
    case = county.cases[county.report()]
    assert row_for(audience, case).keys() == row_for(FULL, case).keys()


def test_redacting_leaves_the_row_itself_alone() -> None:
    county = County()
    row = row_for(FULL, county.cases[county.report()])
    before = dict(row)
    redact(WALL, row)
    assert row == before
