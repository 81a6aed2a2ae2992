"""A backup made while the console is written to is whole, and comes back as it was; a damaged one is refused untouched."""

import argparse
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from bus.codec import Codec
from runtime.backups import LIST, backups_in, make_backup, restore_backup
from runtime.command_backup import run_restore
from runtime.home import open_journal
from runtime.kinds import EVENTS
from runtime.settings import read_settings
from storage.chains import verify_chains
from storage.engine import open_store, store_url
from storage.schema import prepare_schema
from storage.tables import cases, events
from tests.live.histories import County
from vocabulary.errors import Refused
from vocabulary.message import Event, Recorded

AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def quiet(_word: str) -> None:
    return None


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    (folder / "photos").mkdir(parents=True)
    (folder / "photos" / "a.jpg").write_bytes(b"picture")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "audit").write_text("key")
    return folder


def written(home: Path, stop: threading.Event) -> list[Recorded[Event]]:
    """Take reports until told to stop."""
    store = open_store(store_url("", home))
    journal, county = open_journal(store), County()
    kept: list[Recorded[Event]] = []
    while not stop.is_set():
        county.report()
        fresh = county.events[len(kept) :]

        def work(transaction: object, news: list[Recorded[Event]] = fresh, /) -> None:
            for one in news:
                transaction.append(one.stream, one.version - 1, [one.event], actor=one.actor)  # type: ignore[attr-defined]

        journal.write_blocking(work)
        kept += fresh
    journal.stop()
    store.close()
    return kept


def test_a_backup_under_load_is_a_whole_prefix_and_comes_back(home: Path, tmp_path: Path) -> None:
    prepare_schema(first := open_store(store_url("", home)))
    first.close()
    stop = threading.Event()
    writer = threading.Thread(target=written, args=(home, stop))
    writer.start()
    stop.wait(1.0)
    made = make_backup(home, store_url("", home), tmp_path / "b", AT, with_secrets=False, say=quiet)
    stop.set()
    writer.join()
    assert [one.folder for one in backups_in(tmp_path / "b")] == [made.folder]
    assert not (made.folder / "secrets").exists()
    back = tmp_path / "back"
    restore_backup(made.folder, back, say=quiet)
    assert (back / "photos" / "a.jpg").read_bytes() == b"picture"
    store = open_store(store_url("", back))
    with store.reader.connect() as connection:
        seqs = list(connection.execute(select(events.c.seq).order_by(events.c.seq)).scalars())
        assert seqs == list(range(1, len(seqs) + 1))
        assert seqs
        assert verify_chains(connection).problem == ""
        known = Codec(EVENTS)
        for data in connection.execute(select(events.c.data)).scalars():
            known.decode(data.encode())
        assert connection.execute(select(cases.c.id)).all()
    store.close()


def test_a_changed_file_is_refused_by_name_and_nothing_is_put_back(
    home: Path, tmp_path: Path
) -> None:
    prepare_schema(store := open_store(store_url("", home)))
    store.close()
    made = make_backup(home, store_url("", home), tmp_path / "b", AT, with_secrets=True, say=quiet)
    assert made.with_secrets
    (made.folder / "photos" / "a.jpg").write_bytes(b"another")
    with pytest.raises(Refused, match=r"photos/a\.jpg"):
        restore_backup(made.folder, tmp_path / "back", say=quiet)
    assert not (tmp_path / "back").exists()


def test_a_home_that_holds_something_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    prepare_schema(store := open_store(store_url("", home)))
    store.close()
    made = make_backup(home, store_url("", home), tmp_path / "b", AT, with_secrets=False, say=quiet)
    with pytest.raises(Refused, match=str(home)):
        restore_backup(made.folder, home, say=quiet)
    (made.folder / LIST).write_text("{}")
    with pytest.raises(Refused, match=r"backup\.json"):
        restore_backup(made.folder, tmp_path / "back", say=quiet)


def test_two_backups_of_one_second_are_not_mixed(home: Path, tmp_path: Path) -> None:
    prepare_schema(store := open_store(store_url("", home)))
    store.close()
    url = store_url("", home)
    make_backup(home, url, tmp_path / "b", AT, with_secrets=False, say=quiet)
    with pytest.raises(Refused):
        make_backup(home, url, tmp_path / "b", AT, with_secrets=False, say=quiet)
    assert len(backups_in(tmp_path / "b")) == 1


def test_a_restore_says_what_is_missing_without_the_secrets_and_refuses_wrong_ones_before_anything(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare_schema(store := open_store(store_url("", home)))
    store.close()
    made = make_backup(home, store_url("", home), tmp_path / "b", AT, with_secrets=False, say=quiet)
    asked = argparse.Namespace(folder=str(made.folder), secrets=str(tmp_path))
    back = tmp_path / "back"
    with pytest.raises(Refused) as refused:
        run_restore(asked, read_settings(home=str(back)))
    assert refused.value.code == "backup.no_secrets"
    assert not back.exists()
    assert (
        run_restore(
            argparse.Namespace(**vars(asked) | {"secrets": None}), read_settings(home=str(back))
        )
        == 0
    )
    assert "secrets" in capsys.readouterr().out
