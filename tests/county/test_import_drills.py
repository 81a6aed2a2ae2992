"""An import that is killed, or meets another, leaves the county in use whole and nothing behind."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from county.importing.gathering import STEPS
from county.importing.run import import_county
from county.store import load, read_layer
from tests.county import brought
from vocabulary.errors import Refused

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
# The import tells each step before it begins; here it stops at one and waits for the kill.
CHILD = """
import sys, time
from pathlib import Path
from county.importing.run import import_county
def tell(step, done, total):
    if step == sys.argv[3]:
        print(step, flush=True)
        time.sleep(60)
import_county([Path(sys.argv[1])], Path(sys.argv[2]), name="新县", progress=tell)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a county in use."""
    gpkg = brought.geopackage(
        tmp_path / "county.gpkg",
        boundary=brought.boundary(),
        towns=brought.towns(),
        roads=brought.roads(),
    )
    import_county([gpkg], tmp_path / "home")
    return tmp_path / "home"


@pytest.mark.slow
@pytest.mark.parametrize("step", ["read", "official", STEPS[-1]])
def test_an_import_killed_half_way_leaves_the_county_in_use_whole(home: Path, step: str) -> None:
    before = load(home)
    gpkg = home.parent / "county.gpkg"
    command = [sys.executable, "-c", CHILD, str(gpkg), str(home), step]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == step
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    after = load(home)
    assert (after.version, after.name_zh) == (before.version, "试县")
    assert len(read_layer(after, "roads")) == 60
    assert any(each.name.startswith(".new-") for each in (home / "county").iterdir())
    import_county([gpkg], home, name="新县")
    assert load(home).name_zh == "新县"
    assert [each.name for each in (home / "county").iterdir()] == ["current"]


def test_a_second_import_at_the_same_time_is_refused(home: Path) -> None:
    folder = os.open(home / "county", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        with pytest.raises(Refused) as refused:
            import_county([home.parent / "county.gpkg"], home)
    finally:
        os.close(folder)
    assert refused.value.code == "county.import_running"
    assert import_county([home.parent / "county.gpkg"], home).version == load(home).version
