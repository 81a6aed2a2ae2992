"""Kill -9 of the console and of its Valkey in the middle of a burst: nothing acknowledged is lost, nothing is doubled."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from runtime.embedded import EmbeddedValkey
from tests.console_process import ConsoleProcess
from tests.faults.oracle import Kept, doubled, read_kept
from tests.faults.senders import Sender
from tests.faults.watcher import Watcher

pytestmark = [pytest.mark.server, pytest.mark.slow]

KILLS = 20
MUTANT_KILLS = 8  # enough to be bitten
SENDERS = 6
WATCHERS = 3


@dataclass
class Storm:
    """What a burst left behind."""

    senders: list[Sender]
    watchers: list[Watcher]
    kept: Kept
    kills: int

    @property
    def acknowledged(self) -> dict[str, str]:
        return {text: case for one in self.senders for text, case in one.acknowledged.items()}


def valkey_pids(home: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
                folder = (entry / "cwd").resolve() if b"valkey" in words else None
            except OSError:
                continue
            if b"valkey-server" in words and (
                str(home).encode() in words or folder_in(folder, home)
            ):
                found.append(int(entry.name))
    return found


def folder_in(folder: Path | None, home: Path) -> bool:
    return folder is not None and str(folder).startswith(str(home))


def kill_valkey(home: Path) -> int:
    pids = valkey_pids(home)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    return len(pids)


@contextmanager
def console_at(home: Path, entry: tuple[str, ...]) -> Iterator[ConsoleProcess]:
    console = ConsoleProcess(home, entry=entry).start()
    try:
        yield console
    finally:
        console.stop()


def storm(
    home: Path, *, entry: tuple[str, ...] = ("app.py",), keyed: bool = True, kills: int = KILLS
) -> Storm:
    """Send and watch while the console and its Valkey are killed in turn; then let everything come to rest."""
    with console_at(home, entry) as console:
        key = console.key("dispatcher")
        center = console.get("/api/v1/county", key)[1]["center"]
        senders = [Sender(console, key, n, (center[0], center[1])) for n in range(SENDERS)]
        watchers = [Watcher(console.port, key) for _ in range(WATCHERS)]
        for sender in senders:
            sender.keyed = keyed
        for thread in (*watchers, *senders):
            thread.start()
        done = kill_in_turn(console, kills)
        for sender in senders:
            sender.end()
        wait_for_rest(console, key, watchers)
        server = EmbeddedValkey(home)
        server.start()
        kept = read_as_heard(home, server.url, watchers)
        server.stop()
        for watcher in watchers:
            watcher.end()
    return Storm(senders, watchers, kept, done)


def read_as_heard(home: Path, stream_url: str, watchers: list[Watcher]) -> Kept:
    """Read the store at a moment when every watcher has heard all of it: clocks pass and alerts escalate meanwhile."""
    until, kept = time.monotonic() + 20, Kept()
    while time.monotonic() < until:
        heard = [watcher.listing() for watcher in watchers]
        kept = read_kept(home, stream_url)
        if kept.untold == 0 and all(listing.seq == kept.seqs[-1] for listing in heard):
            for watcher, listing in zip(watchers, heard, strict=True):
                watcher.at_rest = listing
            return kept
        time.sleep(0.2)
    said = f"{kept.untold} untold, heard {[w.seq for w in watchers]} of {kept.seqs[-1]}"
    raise AssertionError(f"the watchers do not hear all of it: {said}")


def kill_in_turn(console: ConsoleProcess, kills: int) -> int:
    done = 0
    while done < kills:
        time.sleep(0.6)
        if done % 2:
            done += 1 if kill_valkey(console.home) else 0
        else:
            console.kill()
            console.start()
            done += 1
    return done


def wait_for_rest(console: ConsoleProcess, key: str, watchers: list[Watcher]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        seq = console.get("/api/v1/cases?limit=1", key)[1]["seq"]
        time.sleep(1.0)
        still = console.get("/api/v1/cases?limit=1", key)[1]["seq"] == seq
        if still and all(watcher.seq == seq for watcher in watchers):
            return
    raise AssertionError("the console does not come to rest: " + str([w.seq for w in watchers]))


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Storm:
    return storm(tmp_path_factory.mktemp("storm") / "home")


def test_the_storm_was_one(aftermath: Storm) -> None:
    assert aftermath.kills >= KILLS
    assert len(aftermath.acknowledged) > 50
    assert sum(sender.retries for sender in aftermath.senders) > KILLS / 2


def test_what_was_acknowledged_is_kept_under_the_same_id(aftermath: Storm) -> None:
    lost = {t: c for t, c in aftermath.acknowledged.items() if c not in aftermath.kept.case_ids}
    assert lost == {}


def test_nothing_is_doubled(aftermath: Storm) -> None:
    assert doubled(aftermath.kept.report_texts) == []


def test_numbers_have_no_gap_and_chains_hold(aftermath: Storm) -> None:
    assert aftermath.kept.seqs == list(range(1, len(aftermath.kept.seqs) + 1))
    assert aftermath.kept.chain_problem == ""


def test_the_bus_was_told_everything_once_in_order(aftermath: Storm) -> None:
    assert aftermath.kept.untold == 0
    assert doubled(aftermath.kept.told) == []
    assert aftermath.kept.stream == aftermath.kept.seqs[-len(aftermath.kept.stream) :]


def test_every_watchers_list_is_the_stores(aftermath: Storm) -> None:
    for watcher in aftermath.watchers:
        assert watcher.at_rest.versions == aftermath.kept.open_versions
        assert watcher.gaps == []
        assert doubled(watcher.seen) == []


def test_nobody_was_refused_what_he_may_do(aftermath: Storm) -> None:
    assert [one for sender in aftermath.senders for one in sender.refused] == []


@pytest.fixture(scope="module")
def without_care(tmp_path_factory: pytest.TempPathFactory) -> Storm:
    """Return what the same storm leaves where nobody names a key and the stream numbers its own entries."""
    home = tmp_path_factory.mktemp("careless") / "home"
    entry = ("-m", "tests.faults.mutant_auto_ids")
    return storm(home, entry=entry, keyed=False, kills=MUTANT_KILLS)


def test_without_idempotency_keys_the_same_storm_doubles_reports(without_care: Storm) -> None:
    doubles = doubled(without_care.kept.report_texts)
    assert doubles, "the storm does not bite: no retry met a kept report"


def test_with_the_streams_own_ids_the_same_storm_doubles_messages(without_care: Storm) -> None:
    doubles = doubled(without_care.kept.told)
    assert doubles, "the storm does not bite: no message was told twice"
