"""The console with people and listeners: passwords told once, keys and sessions ended at once, a trail that shows every touch."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError

from tests.console_process import REPOSITORY, ConsoleProcess
from tests.runtime.homes import (
    GONE_WITHIN_S,
    Made,
    everything_kept,
    passwords_in,
    report,
    until,
)

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def key(console: ConsoleProcess) -> str:
    return console.key("supervisor", "integrator")


def signed_in(console: ConsoleProcess, name: str, password: str) -> str:
    """Return a session's cookie, empty where the sign-in was refused."""
    form = urlencode({"username": name, "password": password})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": console.url}
    link = HTTPConnection("127.0.0.1", console.port, timeout=10)
    link.request("POST", "/signin", form, headers)
    cookie = link.getresponse().getheader("Set-Cookie") or ""
    link.close()
    return cookie.partition(";")[0]


def status_with(console: ConsoleProcess, cookie: str) -> int:
    link = HTTPConnection("127.0.0.1", console.port, timeout=10)
    link.request("GET", "/api/v1/cases", headers={"Cookie": cookie})
    status = link.getresponse().status
    link.close()
    return status


def test_passwords_are_told_at_the_first_start_alone_and_kept_nowhere(make: Made) -> None:
    console = make().start()
    first = passwords_in(console.log.read_text("utf-8"))
    assert len(first) == len(set(first.values())) == 12
    console.stop()
    length = len(console.log.read_text("utf-8"))
    console.start()
    again = console.log.read_text("utf-8")[length:]
    assert passwords_in(again) == {}
    everything = everything_kept(console.home) + again
    assert not [name for name, password in first.items() if password in everything]
    assert signed_in(console, "dispatcher", first["dispatcher"])
    assert not signed_in(console, "dispatcher", first["intake"])


def test_a_revoked_key_opens_nothing_within_five_seconds(console: ConsoleProcess) -> None:
    key = console.key("dispatcher")
    assert console.get("/api/v1/cases", key)[0] == 200
    assert key.split("_")[1] in console.command("key", "list")
    console.command("key", "revoke", key.split("_")[1])
    until(lambda: console.get("/api/v1/cases", key)[0] == 401)


def test_a_disabled_account_loses_its_session(console: ConsoleProcess) -> None:
    told = console.command("user", "add", "li", "--name", "李敏", "--role", "dispatcher")
    cookie = signed_in(console, "li", told.rpartition(": ")[2])
    assert status_with(console, cookie) == 200
    console.command("user", "disable", "li")
    until(lambda: status_with(console, cookie) == 401)


def test_a_listener_without_a_password_hears_a_case_opened_and_can_write_nothing(
    console: ConsoleProcess, key: str
) -> None:
    said = re.fullmatch(r"redis-cli -s (\S+) subscribe (\S+)", console.command("bus"))
    assert said is not None
    assert said[1] == str(console.home / "run" / "valkey.sock")
    with Redis(unix_socket_path=said[1]) as plain:
        listener = plain.pubsub(ignore_subscribe_messages=True)
        listener.subscribe(said[2])
        listener.get_message(timeout=2)
        case = report(console, key, "heard")
        events = [listener.get_message(timeout=GONE_WITHIN_S) for _ in range(2)]
        heard = [json.loads(event["data"]) for event in events if event]
        opened = next(e for e in heard if e["type"] == "incidents.case_opened.v1")
        assert opened["specversion"] == "1.0"
        assert opened["subject"] == f"case:{case['id']}"
        assert int(opened["sequence"]) > 0
        assert "13800138000" not in json.dumps(heard)
        listener.close()
        for words in (("PUBLISH", said[2], "x"), ("SET", "a", "1"), ("XADD", "s", "*", "a", "1")):
            with pytest.raises(NoPermissionError):
                plain.execute_command(*words)


def test_rebuild_makes_the_same_cases_beside_the_running_console(
    console: ConsoleProcess, key: str
) -> None:
    report(console, key, "rebuilt")
    while True:  # clocks pass meanwhile: an alert that goes on is an event like any other
        before = console.get("/api/v1/cases", key)[1]
        assert "Rebuilt from" in console.command("rebuild")
        after = console.get("/api/v1/cases", key)[1]
        if before["seq"] == after["seq"]:
            break
    assert after == before


def verify(home: Path) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, "app.py", "audit", "verify", "--home", str(home)]
    return subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(console: ConsoleProcess, key: str, tmp_path: Path) -> Path:
    """Return a copy of the store and its keys, as somebody with the files in hand has them."""
    report(console, key, f"copied-{tmp_path.name}")
    home = tmp_path / "copy"
    home.mkdir(mode=0o700)
    shutil.copytree(console.home / "secrets", home / "secrets")
    source = sqlite3.connect(f"file:{console.home}/onenet.db?mode=ro", uri=True)
    with sqlite3.connect(home / "onenet.db") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    return home


def test_an_untouched_trail_is_whole(copied: Path) -> None:
    done = verify(copied)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("whole") == 2


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("audit", "UPDATE audit SET actor_name = 'somebody else' WHERE seq = 3"),
        ("audit", "DELETE FROM audit WHERE seq = 3"),
        ("events", "UPDATE events SET data = replace(data, 'fire-01', 'fire-99') WHERE seq = 1"),
        ("events", "DELETE FROM events WHERE seq = 2"),
    ],
)
def test_a_change_by_hand_is_refused_and_where_it_is_forced_it_is_found(
    table: str, change: str, copied: Path
) -> None:
    link = sqlite3.connect(copied / "onenet.db", isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        link.execute(change)
    link.execute("PRAGMA foreign_keys = OFF")
    for verb in ("UPDATE", "DELETE"):
        link.execute(f"DROP TRIGGER {table}_no_{verb}")
    link.execute(change)
    link.close()
    done = verify(copied)
    assert done.returncode == 1
    line = next(one for one in done.stdout.splitlines() if one.startswith(table))
    assert "whole" not in line
