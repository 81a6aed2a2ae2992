"""Units and rosters brought as tables: what is good is taken, what is not is told, and the same file again changes nothing."""

from pathlib import Path

import pytest

from dispatch.duty import on_duty
from dispatch.handlers import register_unit
from dispatch.kinds import skills
from exchange.unit_tables import DUTY_COLUMNS, UNIT_COLUMNS, Known, Rosters, read_duty, read_units
from incidents.rulebook import shipped_tables
from runtime.unit_import import UnitReport, import_units
from storage.journal import Journal
from storage.units import UnitsInTransaction, all_units
from tests.dispatch import calls
from vocabulary.errors import Refused
from vocabulary.message import SYSTEM
from vocabulary.place import Place

HEAD = ",".join(UNIT_COLUMNS)
GOOD = "gas-01,燃气抢修一队,Gas team 1,team,gas,119.9,30.5,gas_repair;gas_detection,4,抢修车,CH-3"
DUTY_HEAD = ",".join(DUTY_COLUMNS)


class Anywhere:
    """A county without an edge, but for its west."""

    def require_inside(self, place: Place) -> None:
        if place.lon_deg < 100:
            raise Refused("place.off_the_globe", field="lon", value=place.lon_deg, limit=100)


def known() -> Known:
    return Known(
        departments=shipped_tables().departments,
        skills=skills(),
        need_inside=Anywhere().require_inside,
    )


def found(*rows: str) -> Rosters:
    made = Rosters()
    read_units("\n".join([HEAD, *rows]), known(), made)
    return made


def test_a_good_row_is_a_unit_with_what_it_can_do() -> None:
    (unit,) = found(GOOD).units
    assert (unit.registered.unit_id, unit.registered.home) == ("gas-01", Place(119.9, 30.5))
    assert unit.equipped.skills == ("gas_repair", "gas_detection")
    assert unit.equipped.crew == 4


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (GOOD.replace("gas-01", "gas 01"), "unit_id"),
        (GOOD.replace(",team,", ",balloon,"), "kind"),
        (GOOD.replace(",gas,", ",gaz,"), "department"),
        (GOOD.replace("119.9", "91.9"), "home_lon"),
        (GOOD.replace("119.9", "east"), "home_lon"),
        (GOOD.replace("gas_repair", "magic"), "magic"),
        (GOOD.replace(",4,", ",many,"), "crew"),
        (GOOD.replace("燃气抢修一队", ""), "name"),
        (GOOD + ",more", "12"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_others_stand(
    bad: str, said: str
) -> None:
    made = found(bad, GOOD)
    assert [unit.registered.unit_id for unit in made.units] == ["gas-01"]
    (refused,) = made.refused
    assert "2" in refused.text("zh")
    assert said in refused.text("en")


def test_the_same_id_twice_is_refused_the_second_time() -> None:
    made = found(GOOD, GOOD)
    assert [one.code for one in made.refused] == ["dispatch.unit_twice"]


def test_a_table_without_its_columns_is_refused_whole() -> None:
    with pytest.raises(Refused) as told:
        read_units("id,name\n1,x", known(), Rosters())
    assert told.value.code == "incidents.bad_head"


def test_further_columns_are_the_countys_own() -> None:
    made = Rosters()
    read_units(f"\ufeffcolour,{HEAD}\nred,{GOOD}\n\n", known(), made)
    assert len(made.units) == 1


def test_a_roster_names_known_units_and_real_times() -> None:
    made = found(GOOD)
    read_duty(
        f"{DUTY_HEAD}\ngas-01,1,20:00,08:00,night\ngas-02,1,08:00,20:00,day\ngas-01,8,08:00,20:00,day\n"
        "gas-01,2,8 am,20:00,day\ngas-01,7,00:00,24:00,whole\n",
        (),
        made,
    )
    assert [(s.weekday, s.begins_min, s.ends_min) for s in next(iter(made.duty.values()))] == [
        (1, 1200, 480),
        (7, 0, 0),
    ]
    assert [one.code for one in made.refused] == [
        "dispatch.duty_without_unit",
        "incidents.bad_cell",
        "incidents.bad_cell",
    ]


async def imported(journal: Journal, folder: Path, *rows: str, duty: str = "") -> UnitReport:
    (folder / "units.csv").write_text("\n".join([HEAD, *rows]), "utf-8")
    (folder / "duty.csv").write_text(f"{DUTY_HEAD}\n{duty}", "utf-8")
    return import_units(
        journal, Anywhere(), shipped_tables(), SYSTEM, units=folder / "units.csv", duty=folder / "duty.csv",
    )  # fmt: skip


async def test_the_same_files_again_change_nothing(journal: Journal, tmp_path: Path) -> None:
    duty = "gas-01,7,08:00,18:00,day"
    first = await imported(journal, tmp_path, GOOD, duty=duty)
    assert (first.new, first.rosters, first.refused) == (1, 1, [])
    seq = await journal.last_seq()
    again = await imported(journal, tmp_path, GOOD, duty=duty)
    assert (again.new, again.changed, again.same, again.rosters) == (0, 0, 1, 0)
    assert await journal.last_seq() == seq
    changed = await imported(journal, tmp_path, GOOD.replace(",4,", ",5,"), duty=duty)
    assert (changed.changed, changed.rosters) == (1, 0)


async def test_a_unit_that_stood_there_gets_its_skills_and_its_roster(
    journal: Journal, tmp_path: Path
) -> None:
    await journal.write(
        lambda t: register_unit(UnitsInTransaction(t), calls.registered("gas-01"), SYSTEM)
    )
    report = await imported(journal, tmp_path, GOOD, "bad,row", duty="gas-01,7,08:00,18:00,day")
    assert (report.new, report.changed, len(report.refused)) == (0, 1, 1)
    (unit,) = await journal.read(all_units)
    assert unit.department == "gas"
    assert on_duty(unit, calls.AT, calls.ZONE)  # Sunday 14:00 by the county's clock
    assert "1" in report.lines("zh")[0]
    assert len(report.lines("en")) == 2
