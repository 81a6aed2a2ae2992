"""Making the sample county: drawn from a seed, written as a real county's files, imported like one, and only where none is."""

from pathlib import Path
from tempfile import TemporaryDirectory

from county.importing.report import ImportReport
from county.importing.run import import_county
from county.model import County
from county.sample import files
from county.sample.plan import SEED, drawn
from county.sample.size import COUNTY, Size
from county.store import county_folder, load


def ensure_sample(home: Path, size: Size = COUNTY) -> County:
    """Return the county in use; where there is none, make the sample county first."""
    if not (county_folder(home) / "county.json").is_file():
        make_sample(home, size=size)
    return load(home)


def make_sample(home: Path, seed: int = SEED, size: Size = COUNTY) -> ImportReport:
    """Make the sample county the one in use, by way of the files that a real county would bring."""
    folder = county_folder(home).parent
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".sample-") as brought:
        files.write(drawn(seed, size), Path(brought), seed)
        return import_county([Path(brought)], home, datum="wgs84", attribution=files.ATTRIBUTION)
