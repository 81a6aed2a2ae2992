"""Who may do what with the embedded Valkey, and what is said when it cannot be had."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import NoPermissionError, ResponseError

from runtime.embedded import EmbeddedValkey
from tests.runtime.valkey_processes import client
from vocabulary.errors import Unavailable

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


def test_who_has_no_password_may_listen_and_nothing_else(valkey: EmbeddedValkey) -> None:
    with Redis(unix_socket_path=str(valkey.socket_path)) as plain, client(valkey) as ours:
        assert plain.ping()
        listener = plain.pubsub(ignore_subscribe_messages=True)
        listener.subscribe("onenet.cases")
        listener.psubscribe("onenet.*")
        listener.get_message(timeout=1)
        listener.get_message(timeout=1)
        ours.publish("onenet.cases", "told")
        message = listener.get_message(timeout=2)
        assert message is not None
        assert message["data"] == b"told"
        listener.close()
        forbidden = ["SET a 1", "GET a", "XADD s * a 1", "XREAD STREAMS onenet.events 0"]
        forbidden += ["PUBLISH onenet.cases x", "CONFIG GET dir", "CLIENT LIST", "SUBSCRIBE other"]
        forbidden += ["PSUBSCRIBE *", "PSUBSCRIBE onenet*", "INFO", "ACL LIST", "SHUTDOWN"]
        for command in forbidden:
            with pytest.raises(NoPermissionError):
                plain.execute_command(*command.split())


def test_we_ourselves_have_no_command_that_loses_leaks_or_stops(valkey: EmbeddedValkey) -> None:
    forbidden = "FLUSHALL|FLUSHDB|CONFIG GET dir|DEBUG SLEEP 0|SHUTDOWN|KEYS *|MODULE LIST"
    forbidden += "|REPLICAOF NO ONE|EVAL return(1) 0|FUNCTION LIST|SCRIPT LOAD x|MONITOR|ACL LIST|BGSAVE|SWAPDB 0 0"
    with client(valkey) as link:
        for command in forbidden.split("|"):
            with pytest.raises(ResponseError, match=r"no permissions|not allowed"):
                link.execute_command(*command.split())
        assert link.execute_command("SET", "a", "1")


def test_a_long_home_puts_the_socket_into_a_folder_of_our_own_in_tmp(tmp_path: Path) -> None:
    valkey = EmbeddedValkey(tmp_path / ("long" * 25) / "with space")
    valkey.start()
    assert valkey.alive()
    assert len(os.fsencode(valkey.socket_path)) <= 100
    assert stat.S_IMODE(valkey.socket_path.parent.stat().st_mode) == 0o700
    valkey.stop()
    valkey.socket_path.parent.rmdir()


def test_a_home_that_is_no_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(Unavailable) as told:
        EmbeddedValkey(tmp_path / "home").start()
    assert told.value.code == "valkey.folder_unusable"
    assert str(tmp_path / "home") in str(told.value)


def test_another_server_on_our_socket_is_told_and_left_alone(valkey: EmbeddedValkey) -> None:
    valkey.files.secret.write_text("another-password")
    with pytest.raises(Unavailable) as told:
        EmbeddedValkey(valkey.files.home).start()
    assert told.value.code == "valkey.foreign_server"
    assert valkey.alive()


def test_a_binary_that_ends_at_once_is_told_with_its_log(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.embedded.STARTED_WITHIN_S", 1.0)
    with pytest.raises(Unavailable) as told:
        EmbeddedValkey(home, binary=Path("/bin/false")).start()
    assert told.value.code == "valkey.not_started"
    assert "valkey.log" in str(told.value)


def test_the_address_names_the_socket_and_carries_the_password(valkey: EmbeddedValkey) -> None:
    with Redis.from_url(valkey.url) as link:
        assert link.ping()
