"""Writing every table of a county into a folder, as files that a real county would bring."""

import shutil
from pathlib import Path

import numpy as np

from county.model import County
from county.sample.tables import departments, devices, duty, networks, sites, units
from county.sample.tables.files import write_table
from county.sample.tables.land import Land

PLANS = Path(__file__).parent / "plans"


def write_tables(county: County, folder: Path, seed: int) -> None:
    """Write sites, networks, devices, departments, units, duty and plans of `county` into `folder`; one seed, one content."""
    land = Land(county)
    manned = units.placed(land)
    folder.mkdir(parents=True, exist_ok=True)
    write_table(
        folder / "sites.csv", sites.COLUMNS, sites.rows(land, np.random.default_rng([seed, 1]))
    )
    write_table(
        folder / "devices.csv",
        devices.COLUMNS,
        devices.rows(land, np.random.default_rng([seed, 2])),
    )
    write_table(folder / "departments.csv", departments.COLUMNS, departments.rows(land))
    write_table(folder / "units.csv", units.COLUMNS, units.rows(manned))
    write_table(folder / "duty.csv", duty.COLUMNS, duty.rows(manned))
    rng = np.random.default_rng([seed, 3])
    write_table(folder / "broadband.csv", networks.BROADBAND, networks.broadband(land, rng))
    write_table(folder / "backbone.csv", networks.BACKBONE, networks.backbone(land))
    (folder / "plans").mkdir(exist_ok=True)
    for plan in sorted(PLANS.glob("*.toml")):
        shutil.copyfile(plan, folder / "plans" / plan.name)
