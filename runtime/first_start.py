"""The first start: the sample county, its accounts and its units, where the home folder has none."""

import asyncio
from collections.abc import Callable

from county.locate import Locator
from county.model import County
from county.store import county_folder, load
from exchange.site_table import Told
from incidents.rulebook import shipped_tables
from layers.coverage.networks import LAYERS
from runtime.console import Console
from runtime.device_import import import_devices
from runtime.network_work import bring_first
from runtime.offline import sheet_of
from runtime.people import administration
from runtime.plan_work import bring_plans
from runtime.settings import Settings
from runtime.site_import import import_sites
from runtime.unit_import import import_units
from security.sample_accounts import FirstPassword, make_sample_accounts
from storage.devices import registry_mark
from storage.radio_sites import count_sites
from storage.units import all_units
from vocabulary.message import SYSTEM

Say = Callable[[str], None]


def prepare_county(settings: Settings, say: Say) -> County:
    """Return the county in use; where none is there, the sample county is made, if the settings allow it."""
    home = settings.home.expanduser().absolute()
    if settings.sample and not (county_folder(home) / "county.json").is_file():
        from county.sample.make import ensure_sample  # slow to load, and needed only here

        say("正在生成样例县 … Making the sample county …")
        ensure_sample(home)
    return load(home)


def prepare_sample(console: Console, say: Say) -> None:
    """Make the sample's units and accounts where there are none; passwords are told this once."""
    if not console.settings.sample:
        return
    _bring_units(console, say)
    for refused in bring_plans(console.journal, list(console.county.plans), shipped_tables()):
        say(refused.text("zh"))
    _bring_devices(console, say)
    _bring_sites(console, say)
    _bring_networks(console, say)
    admin = administration(console.journal, console.secrets, console.clock)
    passwords = asyncio.run(make_sample_accounts(admin))
    if passwords:
        say(_told(passwords))


def _bring_units(console: Console, say: Say) -> None:
    """Take the units that the county brought, where none are known yet; rows that are refused are told."""
    tables = console.county.folder / "tables"
    if not (tables / "units.csv").is_file() or console.journal.read_blocking(all_units):
        return
    duty = tables / "duty.csv"
    report = import_units(
        console.journal,
        Locator(console.county),
        shipped_tables(),
        SYSTEM,
        units=tables / "units.csv",
        duty=duty if duty.is_file() else None,
    )
    if report.refused:
        say("\n".join(report.lines("zh")))


def _bring_devices(console: Console, say: Say) -> None:
    """Take the devices that the county brought, where none are known yet; rows that are refused are told."""
    file = console.county.folder / "tables" / "devices.csv"
    if not file.is_file() or console.journal.read_blocking(registry_mark):
        return
    report = import_devices(console.journal, Locator(console.county), shipped_tables(), file)
    if report.refused:
        say("\n".join(report.lines("zh")))


def _bring_sites(console: Console, say: Say) -> None:
    """Take the sites of the mobile networks that the county brought, where none are known yet."""
    table = console.county.folder / "tables" / "sites.csv"
    if not table.is_file() or console.journal.read_blocking(count_sites):
        return
    report = import_sites(console.journal, console.ground.locator, sheet_of(table), told=Told())
    if report.reading.refused:
        say("\n".join(report.lines("zh")))


def _bring_networks(console: Console, say: Say) -> None:
    """Take the fixed networks that the county brought, where none are known yet."""
    for layer in LAYERS:
        file = console.county.folder / "tables" / f"{layer}.csv"
        if file.is_file():
            refused = bring_first(console.journal, console.ground.locator, layer, file)
            if refused:
                say("\n".join(one.text("zh") for one in refused))


def _told(passwords: list[FirstPassword]) -> str:
    head = "样例账户(密码只显示这一次) Sample accounts (shown this once):"
    rows = [
        f"  {one.account.user_name:<12}{one.password}   {one.account.name}" for one in passwords
    ]
    return "\n".join([head, *rows])
