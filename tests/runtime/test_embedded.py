"""What the embedded Valkey promises: nobody's data lost, nobody's server left behind."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep

import pytest

from runtime.embedded import EmbeddedValkey, ask
from runtime.embedded_files import find_binary
from tests.runtime.valkey_processes import (
    PARENT,
    ROOT,
    a_parent,
    client,
    every_process,
    keeper_of,
    kill,
    lives,
    processes_naming,
    server_pid,
    wait_until_alive,
    wait_until_gone,
)

pytestmark = pytest.mark.server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def valkey(home: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(home)
    server.start()
    yield server
    server.stop()


def test_it_answers_and_keeps_its_things_to_itself(valkey: EmbeddedValkey) -> None:
    assert valkey.alive()
    files = valkey.files
    for folder in (files.run, files.data, files.secret.parent, files.socket.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (files.secret, files.run / "valkey.acl", files.run / "valkey.conf"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert valkey.password not in (files.run / "valkey.acl").read_text()


def test_the_last_one_out_leaves_no_process_and_no_socket(valkey: EmbeddedValkey) -> None:
    pid = server_pid(valkey)
    valkey.stop()
    assert not lives(pid)
    assert not valkey.socket_path.exists()


def test_data_survive_a_restart(home: Path, valkey: EmbeddedValkey) -> None:
    with client(valkey) as link:
        link.set("kept", "1")
    valkey.stop()
    again = EmbeddedValkey(home)
    again.start()
    with client(again) as link:
        assert link.get("kept") == b"1"
    again.stop()


def test_a_killed_server_is_back_with_what_was_acknowledged(valkey: EmbeddedValkey) -> None:
    with client(valkey) as link:
        for number in range(500):
            link.set("last", number)
    pid = server_pid(valkey)
    os.kill(pid, signal.SIGKILL)
    wait_until_gone(pid)
    wait_until_alive(valkey)
    with client(valkey) as link:
        assert link.get("last") == b"499"


def test_a_torn_end_of_the_file_costs_one_entry_not_the_server(
    home: Path, valkey: EmbeddedValkey
) -> None:
    with client(valkey) as link:
        link.set("first", "1")
        link.set("last", "1")
    valkey.stop()
    (file,) = (home / "valkey" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes()[:-3])
    again = EmbeddedValkey(home)
    again.start()
    with client(again) as link:
        assert (link.get("first"), link.get("last")) == (b"1", None)
    again.stop()


def test_a_file_ruined_in_the_middle_is_put_aside_and_the_server_comes_up(
    home: Path, valkey: EmbeddedValkey
) -> None:
    with client(valkey) as link:
        for number in range(100):
            link.set(f"key{number}", "value")
    valkey.stop()
    (file,) = (home / "valkey" / "appendonlydir").glob("*.incr.aof")
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 40] = b"\x00" * 40
    file.write_bytes(whole)
    again = EmbeddedValkey(home)
    again.start()
    assert again.alive()
    assert list((home / "valkey").glob("damaged-*"))
    again.stop()


def test_no_server_is_left_after_its_only_parent_is_killed(home: Path) -> None:
    parent = a_parent(home)
    valkey = EmbeddedValkey(home)
    valkey.start()
    pid = server_pid(valkey)
    keeper = keeper_of(pid)
    valkey.stop()
    assert lives(pid), "the other process still uses it"
    kill(parent)
    wait_until_gone(pid)
    wait_until_gone(keeper)


def test_a_hung_server_does_not_outlive_its_parent_either(home: Path) -> None:
    parent = a_parent(home)
    valkey = EmbeddedValkey(home)
    valkey.start()
    pid = server_pid(valkey)
    valkey.stop()
    os.kill(pid, signal.SIGSTOP)
    kill(parent)
    wait_until_gone(pid)


def test_two_parents_share_one_server_and_the_death_of_one_leaves_it_to_the_other(
    home: Path,
) -> None:
    first, second = a_parent(home), a_parent(home)
    valkey = EmbeddedValkey(home)
    valkey.start()
    pid = server_pid(valkey)
    valkey.stop()
    kill(first)
    sleep(0.5)
    assert lives(pid)
    assert ask(valkey.socket_path, valkey.password) == "PONG"
    kill(second)
    wait_until_gone(pid)


def test_many_who_start_at_once_get_one_server(home: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PARENT, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "ready":
            assert process.poll() is None
    valkey = EmbeddedValkey(home)
    valkey.start()
    pid = server_pid(valkey)
    sleep(1.0)  # the keepers that came too late have gone
    (keeper,) = [one for one in processes_naming("embedded_keeper.py") if str(home) in one[1]]
    assert [child for child in every_process() if keeper_of(child) == keeper[0]] == [pid]
    valkey.stop()
    for process in processes:
        kill(process)
    wait_until_gone(pid)


def test_a_killed_keeper_is_replaced_and_takes_no_server_with_it_for_long(
    valkey: EmbeddedValkey,
) -> None:
    with client(valkey) as link:
        link.set("kept", "1")
    pid = server_pid(valkey)
    os.kill(keeper_of(pid), signal.SIGKILL)
    wait_until_gone(pid)
    wait_until_alive(valkey)
    new = server_pid(valkey)
    assert new != pid
    with client(valkey) as link:
        assert link.get("kept") == b"1"
    valkey.stop()
    assert not lives(new)


def test_a_server_somebody_left_behind_is_adopted(home: Path, valkey: EmbeddedValkey) -> None:
    valkey.stop()
    orphan = subprocess.Popen(
        [find_binary(), str(home / "run" / "valkey.conf")], start_new_session=True
    )
    while ask(valkey.socket_path, valkey.password) != "PONG":
        assert orphan.poll() is None
        sleep(0.01)
    again = EmbeddedValkey(home)
    again.start()
    assert server_pid(again) == orphan.pid
    sleep(1.2)  # the supervising thread has found that nobody keeps it, and called a keeper
    again.stop()
    orphan.wait(timeout=5)


def test_a_forked_worker_does_not_keep_the_server_after_its_parent(home: Path) -> None:
    forking = PARENT.replace(
        'print("ready", flush=True)',
        "import os\nif os.fork() == 0:\n    print(f'child {os.getpid()}\\n', end='', flush=True)\n"
        "    time.sleep(600)\nprint('ready', flush=True)",
    )
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", forking, str(home)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    words: list[str] = []
    while not {"child", "ready"} <= set(words):
        words += process.stdout.readline().split()
    valkey = EmbeddedValkey(home)
    valkey.start()
    pid = server_pid(valkey)
    valkey.stop()
    kill(process)
    try:
        wait_until_gone(pid)
    finally:
        os.kill(int(words[words.index("child") + 1]), signal.SIGKILL)
