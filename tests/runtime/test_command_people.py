"""Accounts and keys from the command line: what cannot be is refused, and a secret is told once and kept nowhere."""

import stat
from pathlib import Path

import pytest

from runtime.command_line import main
from tests.runtime.commands import refused
from tests.runtime.homes import everything_kept

pytestmark = pytest.mark.usefixtures("no_settings_from_outside")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("key add --name x --role king", "There is no role king"),
        ("key add --name x --role sysadmin --role dispatcher", "may not be in one hand"),
        ("key add --name x --role responder", "department"),
        ("key add --name x --role responder --department nowhere", "nowhere"),
        ("key revoke nothing", "There is no key nothing"),
        ("user add a --name a --role intake", "2 to 40"),
        ("user add who --name who --role responder --department nowhere", "nowhere"),
        ("user disable nobody", "There is no account nobody"),
        ("user password nobody", "There is no account nobody"),
    ],
)
def test_what_cannot_be_administered_is_refused_and_no_password_is_told(
    words: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said in refused(capsys, *words.split(), "--home", str(tmp_path))


def test_an_account_is_made_listed_disabled_and_enabled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["user", "add", "li", "--name", "李敏", "--role", "intake", *home]) == 0
    password = capsys.readouterr().out.rpartition(": ")[2].strip()
    assert len(password) >= 16
    for verb, state in (("disable", "disabled"), ("enable", "enabled")):
        assert main(["user", verb, "li", *home]) == 0
        assert "li" in capsys.readouterr().out
        assert main(["user", "list", *home]) == 0
        assert capsys.readouterr().out == f"li\t{state}\tintake\t-\t李敏\n"
    assert password not in everything_kept(tmp_path)


def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["key", "add", "--name", "120", "--role", "integrator", *home]) == 0
    _, id, secret = capsys.readouterr().out.strip().split("_")
    assert main(["key", "list", *home]) == 0
    listed = capsys.readouterr().out
    assert (id in listed, secret in listed) == (True, False)
    assert main(["key", "revoke", id, *home]) == 0
    capsys.readouterr()
    assert main(["key", "list", *home]) == 0
    assert "\trevoked\t" in capsys.readouterr().out
    assert secret not in everything_kept(tmp_path)


def test_the_database_is_closed_to_others_even_in_a_home_that_is_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o755)
    assert main(["key", "list", "--home", str(tmp_path)]) == 0
    capsys.readouterr()
    assert stat.S_IMODE((tmp_path / "onenet.db").stat().st_mode) == 0o600
