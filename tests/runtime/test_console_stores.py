"""The console and what it stands on: it goes when told, leaves nobody behind, and works on other stores or without a bus."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from redis import Redis

from tests.console_process import REPOSITORY
from tests.runtime.homes import GONE_WITHIN_S, Made, no_valkey, report, until

pytestmark = pytest.mark.server


def test_told_to_go_it_goes_within_five_seconds_with_its_valkey(make: Made) -> None:
    console = make().start()
    assert not no_valkey(console.home)
    assert console.process is not None
    console.process.send_signal(signal.SIGTERM)
    console.process.wait(GONE_WITHIN_S)
    until(lambda: no_valkey(console.home))


def test_killed_it_leaves_no_valkey(make: Made) -> None:
    console = make().start()
    console.kill()
    until(lambda: no_valkey(console.home))


@pytest.mark.parametrize("server", ["127.0.0.1:1", "no.such.host.invalid:6379"])
def test_without_its_redis_it_starts_takes_reports_and_says_that_the_bus_is_down(
    server: str, make: Made
) -> None:
    console = make(redis_url=f"redis://me:s3cr3t@{server}/0").start()
    checks = console.get("/readyz")[1]["checks"]
    assert (checks["bus"]["ok"], checks["bus"]["detail"][:4]) == (True, "down")
    assert report(console, console.key("supervisor"), "no-bus")["state"] == "NEW"
    console.stop()
    log = console.log.read_text("utf-8")
    assert "bus.unreachable" in log
    assert server in log
    assert "s3cr3t" not in log


def test_a_redis_of_ones_own_hears_what_happens_and_no_valkey_is_started(
    make: Made, redis_url: str
) -> None:
    console = make(redis_url=redis_url).start()
    assert no_valkey(console.home)
    report(console, console.key("supervisor"), "outside")
    with Redis.from_url(redis_url) as link:
        until(lambda: bool(link.xlen("onenet.events")))
    assert console.get("/readyz")[1]["checks"]["bus"]["detail"] == "up"
    assert "s3cr3t" not in console.log.read_text("utf-8")


def test_a_redis_that_refuses_the_password_is_told_without_it(make: Made, redis_url: str) -> None:
    console = make(redis_url=redis_url.replace("s3cr3t", "wr0ng")).start()
    console.stop()
    log = console.log.read_text("utf-8")
    assert "bus.sign_in_refused" in log
    assert "wr0ng" not in log


def test_postgresql_holds_everything_and_sqlite_nothing(make: Made, postgres_url: str) -> None:
    console = make(database_url=postgres_url).start()
    key = console.key("supervisor", "integrator")
    case = report(console, key, "kept")
    assert console.call("GET", "/api/v1/cases?q=%00", key=key)[0] == 422
    assert not (console.home / "onenet.db").exists()
    before = console.get("/api/v1/cases", key)[1]
    assert "Rebuilt from" in console.command("rebuild")
    assert console.command("audit", "verify").count("whole") == 2
    console.kill()
    console.start()
    assert console.get("/api/v1/cases", key)[1] == before
    assert before["items"][0]["id"] == case["id"]


def test_an_import_beside_a_running_console_is_shown_by_it_without_a_restart(
    make: Made, real_data: Path
) -> None:
    console = make().start()
    key = console.key("supervisor")
    pbf = str(real_data / "osm" / "liechtenstein.osm.pbf")
    told = console.command("county", "import", "--pbf", pbf)
    assert "shows it within seconds" in told
    until(lambda: console.get("/api/v1/county", key)[1]["name_en"] == "Liechtenstein", 20)


def test_the_start_loads_no_library_that_only_an_import_needs() -> None:
    heavy = ("geopandas", "pandas", "alembic", "pyogrio")
    asked = f"import sys, runtime.web; print([m for m in {heavy} if m in sys.modules])"
    words = [sys.executable, "-c", asked]
    done = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
