"""Channel numbers, megahertz and the power of one reference resource element."""

from math import log10
from typing import Final

from layers.coverage.model import Sector, Technology
from layers.coverage.tables import Band, bands
from vocabulary.errors import Refused

# Resource blocks by channel width in MHz: TS 36.101 table 5.6-1; TS 38.104 table 5.3.2-1 at 15 and 30 kHz.
LTE_BLOCKS: Final = {1.4: 6, 3.0: 15, 5.0: 25, 10.0: 50, 15.0: 75, 20.0: 100}
NR_BLOCKS: Final = {
    15.0: {5.0: 25, 10.0: 52, 15.0: 79, 20.0: 106, 25.0: 133, 30.0: 160, 40.0: 216, 50.0: 270},
    30.0: {10.0: 24, 15.0: 38, 20.0: 51, 25.0: 65, 30.0: 78, 40.0: 106, 50.0: 133, 60.0: 162,
           70.0: 189, 80.0: 217, 90.0: 245, 100.0: 273},
}  # fmt: skip
SUBCARRIERS: Final = 12


def band_of(name: str) -> Band:
    """Return a band; Refused when the table has none of that name."""
    found = bands().get(name)
    if found is None:
        raise Refused("coverage.band", value=name, known=", ".join(bands()))
    return found


def band_at(technology: Technology, arfcn: int) -> Band:
    """Return the first band a channel number lies in; Refused where it lies in none."""
    for band in bands().values():
        if band.technology is technology and band.first <= arfcn <= band.last:
            return band
    raise Refused("coverage.arfcn_nowhere", value=arfcn, technology=technology.value)


def downlink_mhz(band: Band, arfcn: int) -> float:
    """Return the downlink's middle: TS 36.101 5.7.3 (LTE), TS 38.104 5.4.2.1 (NR: 5 kHz a number to 3 GHz, 15 kHz above).

    Refused when the number does not lie in the band.
    """
    if not band.first <= arfcn <= band.last:
        raise Refused(
            "coverage.arfcn", value=arfcn, band=band.band, first=band.first, last=band.last
        )
    start_mhz = _raster_start_mhz(band)
    return start_mhz + (arfcn - band.offset) * band.step_khz / 1000


def _raster_start_mhz(band: Band) -> float:
    if band.technology is Technology.LTE:
        return band.downlink_mhz
    return 3000.0 if band.offset else 0.0


def frequency_mhz(sector: Sector) -> float:
    """Return where a sector sends."""
    return downlink_mhz(band_of(sector.band), sector.arfcn)


def resource_blocks(technology: Technology, bandwidth_mhz: float, scs_khz: float) -> int:
    """Return how many resource blocks a channel has; Refused for a width that the standards do not know."""
    known = LTE_BLOCKS if technology is Technology.LTE else NR_BLOCKS[scs_khz]
    if bandwidth_mhz not in known:
        widths = ", ".join(f"{width:g}" for width in known)
        raise Refused(
            "coverage.bandwidth", value=f"{bandwidth_mhz:g}", technology=technology.value, known=widths
        )  # fmt: skip
    return known[bandwidth_mhz]


def reference_dbm(sector: Sector) -> float:
    """Return the power of one reference resource element: as told, else the channel's spread evenly over its subcarriers."""
    if sector.re_power_dbm is not None:
        return sector.re_power_dbm
    band = band_of(sector.band)
    blocks = resource_blocks(sector.technology, sector.bandwidth_mhz, band.scs_khz)
    return sector.power_dbm - 10 * log10(SUBCARRIERS * blocks)
