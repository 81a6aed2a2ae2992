"""Settings: one frozen table, read once in `app.py` from the environment (ONENET_<FIELD>) and the command line."""

import os
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from layers.outside_address import read_addresses
from vocabulary.errors import Refused

PREFIX = "ONENET_"
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})


def _setting(default: Any, text: str, *, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": text}, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every choice an operator has; `docs/settings.md` is made from this table."""

    home: Path = _setting(
        Path("var"), "The folder that holds everything kept: store, secrets, county, tiles."
    )
    host: str = _setting(
        "127.0.0.1", "The address to listen on. Behind a proxy leave it on loopback."
    )
    port: int = _setting(8050, "The port to listen on.")
    database_url: str = _setting("", "PostgreSQL by URL; empty: SQLite in the home folder.")
    redis_url: str = _setting("", "Redis or Valkey by URL; empty: the embedded Valkey.")
    language: str = _setting("zh", "The first language of screens and answers, zh or en.")
    public_origin: str = _setting(
        "", "The https origin people use, where a proxy stands in front; empty: the Host header."
    )
    session_idle_min: int = _setting(
        60,
        "Minutes without input after which a person is signed out (a wall is not); 15 where an assessor asks for it.",
    )
    trusted_proxies: str = _setting(
        "", "Networks (or unix) whose X-Forwarded headers are believed, apart by spaces."
    )
    log_level: str = _setting("info", "debug, info, warning or error.")
    render_workers: int = _setting(1, "Processes that draw base-map tiles.")
    tile_source: str = _setting(
        "",
        "Base-map tiles from elsewhere, fetched by this server: an address with {z}, {x}, {y} (XYZ or WMTS KVP), several layers"
        " apart by spaces; empty: our own. It may hold a key; see docs/operate/tiles.md.",
        secret=True,
    )
    tile_attribution: str = _setting(
        "",
        "What stands on the map about that source: who made it, and its approval number (审图号).",
    )
    brief_at: str = _setting(
        "07:30",
        "When the daily and, on Mondays, the weekly brief is made, by the county's clock; empty: never by itself.",
    )
    live_ring: int = _setting(
        4096, "Frames kept for screens that come back; older ones take a new snapshot."
    )
    jt808_port: int = _setting(
        0, "The TCP port to listen on for vehicles' terminals (JT/T 808); 0: not at all."
    )
    jt808_host: str = _setting(
        "127.0.0.1",
        "The address to listen on for them; 0.0.0.0 where they come from outside this machine.",
    )
    track_keep_days: int = _setting(90, "Days for which the tracks of units are kept.")
    readings_days: int = _setting(
        14, "Days that single readings are kept at hand; older ones stand in the archive."
    )
    readings_minutes_days: int = _setting(90, "Days that one-minute roll-ups are kept.")
    readings_quarters_days: int = _setting(
        800, "Days that quarter-hour roll-ups are kept; hours are kept for ever."
    )
    mqtt_url: str = _setting(
        "",
        "The MQTT broker of the sensors, mqtt://user:password@host:1883 or mqtts://…; own: a mosquitto started by the console;"
        " empty: none.",
        secret=True,
    )
    mqtt_port: int = _setting(1883, "The port on which a mosquitto of our own listens.")
    wires_host: str = _setting(
        "127.0.0.1",
        "The address on which field devices are heard (HJ 212, SL 651, our own mosquitto); 0.0.0.0: from outside this machine.",
    )
    hj212_port: int = _setting(
        0, "The TCP port for HJ 212 devices (environment monitoring); 0: not at all."
    )
    sl651_port: int = _setting(0, "The TCP port for SL 651 stations (hydrology); 0: not at all.")
    trial_every_s: int = _setting(
        60,
        "Seconds between trial dispatches, by which availability (P04) is measured; 0: none, and the figure says so.",
    )
    coverage: bool = _setting(
        True,
        "Predict 4G/5G coverage from the sites, in a process of its own after the start; false where a machine is too small.",
    )
    sample_feed: bool = _setting(
        False,
        "Let the sample county speak: made-up readings, a few faults a day, now and then a warning. Any other county is quiet.",
    )
    sample: bool = _setting(
        True, "Make the sample county, its accounts and units when the home folder has none."
    )


def read_settings(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Return the settings: `given` (command line) over the environment over the defaults.

    Raises Refused naming the setting, its value and what would be right.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for item in fields(Settings):
        if given.get(item.name) is not None:
            values[item.name] = _parse(item, str(given[item.name]))
        elif PREFIX + item.name.upper() in environment:
            values[item.name] = _parse(item, environment[PREFIX + item.name.upper()])
    return _checked(Settings(**values))


def _parse(item: "Field[Any]", text: str) -> Any:
    try:
        if item.type is int:
            return int(text)
        if item.type is bool:
            return _truth(text)
    except ValueError:
        code = "settings.not_a_number" if item.type is int else "settings.not_a_truth"
        raise Refused(code, name=item.name, value=text) from None
    if item.type is not Path:
        return text
    if not text:
        raise Refused("settings.empty", name=item.name)
    return Path(text).expanduser()


def _truth(text: str) -> bool:
    if text.lower() in TRUE | FALSE:
        return text.lower() in TRUE
    raise ValueError(text)


def _checked(settings: Settings) -> Settings:
    ranges = {
        "port": (0, 65535),
        "session_idle_min": (5, 720),
        "render_workers": (1, 64),
        "live_ring": (64, 1_000_000),
        "jt808_port": (0, 65535),
        "mqtt_port": (1, 65535),
        "hj212_port": (0, 65535),
        "sl651_port": (0, 65535),
        "track_keep_days": (1, 3650),
        "trial_every_s": (0, 86_400),
        "readings_days": (1, 3660),
        "readings_minutes_days": (1, 3660),
        "readings_quarters_days": (1, 36_600),
    }
    for name, (low, high) in ranges.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise Refused("settings.out_of_range", name=name, value=value, low=low, high=high)
    choices = {"language": ("zh", "en"), "log_level": ("debug", "info", "warning", "error")}
    for name, allowed in choices.items():
        if getattr(settings, name) not in allowed:
            raise Refused(
                "settings.not_a_choice",
                name=name,
                value=getattr(settings, name),
                allowed=", ".join(allowed),
            )
    _check_origin(settings.public_origin)
    _check_tiles(settings)
    _check_proxies(settings.trusted_proxies)
    return settings


def _check_tiles(settings: Settings) -> None:
    read_addresses(settings.tile_source)
    if settings.tile_source and not settings.tile_attribution:
        raise Refused("tiles.source_unnamed")


def _check_origin(origin: str) -> None:
    parts = urlsplit(origin)
    plain = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if origin and not (parts.scheme in ("http", "https") and parts.hostname and plain):
        raise Refused("settings.not_an_origin", name="public_origin", value=origin)


def _check_proxies(networks: str) -> None:
    for network in networks.split():
        try:
            if network != "unix":
                ip_network(network)
        except ValueError:
            raise Refused("settings.not_a_network", name="trusted_proxies", value=network) from None
