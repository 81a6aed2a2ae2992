"""The command line says what it can do, and answers nonsense with a sentence, status 2 and nothing half made."""

import argparse
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.command_line import main, parser
from tests.runtime.commands import refused


def commands(
    of: argparse.ArgumentParser, name: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield every command and sub-command with its parser."""
    yield name, of
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, below in action.choices.items():
                yield from commands(below, f"{name} {verb}".strip())


EVERY = dict(commands(parser()))
pytestmark = pytest.mark.usefixtures("no_settings_from_outside")


@pytest.mark.parametrize("name", EVERY, ids=lambda name: name or "(none)")
def test_every_command_says_what_it_is_for_and_what_each_argument_means(name: str) -> None:
    command = EVERY[name]
    assert command.description
    for action in command._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), action.dest


@pytest.mark.parametrize("name", EVERY, ids=lambda name: name or "(none)")
def test_every_help_can_be_asked_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*name.split(), "--help"])
    assert ended.value.code == 0
    assert f"python app.py {name}".strip() in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "key",
        "key add",
        "key add --name x",
        "key revoke",
        "user add",
        "user disable",
        "county import",
        "audit",
        "replay",
        "--no-such-thing",
        "serve extra",
    ],
)
def test_a_wrong_or_missing_argument_ends_with_status_2_and_the_usage(
    words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words.split())
    assert ended.value.code == 2
    assert "usage: python app.py" in capsys.readouterr().err


def test_home_may_stand_before_and_after_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert main(["--home", str(one), "bus"]) == 0
    assert main(["bus", "--home", str(other)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [
        f"redis-cli -s {home}/run/valkey.sock subscribe onenet.cases" for home in (one, other)
    ]


def test_bus_never_prints_the_password_of_a_redis_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONENET_REDIS_URL", "redis://me:s3cr3t@redis.county.example/0")
    assert main(["bus"]) == 0
    told = capsys.readouterr().out
    assert '-u "$ONENET_REDIS_URL"' in told
    assert "s3cr3t" not in told


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("PORT", "eighty", "a whole number is needed"),
        ("PORT", "99999", "between 0 and 65535"),
        ("PORT", "-1", "between 0 and 65535"),
        ("LANGUAGE", "fr", "zh, en"),
        ("SAMPLE", "perhaps", "true or false"),
        ("LOG_LEVEL", "loud", "debug, info"),
        ("RENDER_WORKERS", "0", "between 1 and 64"),
        ("HOME", "", "name a folder"),
        ("PUBLIC_ORIGIN", "console.county.example", "https://"),
        ("PUBLIC_ORIGIN", "https://console.county.example/path", "without a path"),
        ("TRUSTED_PROXIES", "10.0.0.0/8 localhost", "localhost"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_would_be_right(
    setting: str,
    value: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(f"ONENET_{setting}", value)
    told = refused(capsys, "serve")
    assert setting.lower() in told
    assert said in told
    assert value.split()[-1] in told if value else True


@pytest.mark.parametrize("port", ["text", "99999", "-5", "80.5"])
def test_a_wrong_port_is_refused_before_anything_is_made(
    port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "--home", str(tmp_path / "home"), f"--port={port}")
    assert port in told
    assert not (tmp_path / "home").exists()


def test_a_busy_port_is_told_before_anything_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        told = refused(capsys, "--home", str(tmp_path / "home"), "--port", port)
    assert f"127.0.0.1:{port}" in told
    assert "--port" in told
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "not a host"])
def test_an_address_that_is_not_ours_is_told(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refused(capsys, "--home", str(tmp_path / "home"), "--host", host, "--port", "0")
    assert host in told
    assert not (tmp_path / "home").exists()


def test_a_home_that_is_a_file_is_told_and_the_file_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    home.write_text("mine")
    for words in (["serve", "--port", "0"], ["key", "list"], ["rebuild"]):
        assert str(home) in refused(capsys, *words, "--home", str(home))
    assert home.read_text() == "mine"


@pytest.mark.parametrize("home", ["/proc/nothing", "/sys/nothing", "/dev/null/home"])
def test_a_home_that_cannot_be_written_is_told(
    home: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert home in refused(capsys, "serve", "--port", "0", "--home", home)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://me:s3cr3t@host/onenet",
        "postgresql://me:s3cr3t@host:port/onenet",
        "postgresql+asyncpg://me:s3cr3t@host/onenet",
        "s3cr3t+x://me:s3cr3t@host",
    ],
)
def test_a_database_url_that_is_none_is_refused_before_anything_is_made(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONENET_DATABASE_URL", url)
    for words in (["serve", "--port", "0"], ["key", "list"]):
        told = refused(capsys, *words, "--home", str(tmp_path / "home"))
        assert "me:s3cr3t" not in told
        assert "postgresql" in told
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cr3t@127.0.0.1:1/onenet",
        "postgresql://me:s3cr3t@no.such.host.example/onenet",
        "postgresql://me@/onenet?host=/nowhere&password=s3cr3t",
    ],
)
def test_a_database_that_does_not_answer_is_told_without_its_password(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONENET_DATABASE_URL", url)
    assert main(["key", "list", "--home", str(tmp_path / "home")]) == 1
    told = capsys.readouterr()
    assert "does not answer" in told.err
    assert "s3cr3t" not in told.err + told.out


@pytest.mark.parametrize("url", ["nonsense", "http://me:s3cr3t@host", "redis://me:s3cr3t@host:x"])
def test_a_redis_url_that_is_none_is_refused_before_anything_is_made(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONENET_REDIS_URL", url)
    told = refused(capsys, "serve", "--port", "0", "--home", str(tmp_path / "home"))
    assert "redis_url" in told
    assert "s3cr3t" not in told
    assert not (tmp_path / "home").exists()
