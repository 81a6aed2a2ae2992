"""`python app.py backup` and `restore`: a whole copy while the console runs, and a home made from one."""

import argparse
from pathlib import Path
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add both commands to the parser."""
    text = "copy everything kept into a folder, whole, while the console runs"
    made = commands.add_parser("backup", parents=[common], help=text, description=text)
    made.add_argument("--to", metavar="FOLDER", help="where backups lie (HOME/backups)")
    made.add_argument(
        "--with-secrets",
        action="store_true",
        help="the sealing keys too: who has both can read callers' numbers",
    )
    made.set_defaults(run=run_backup)
    text = "make an empty home from a backup, after comparing every file with its list"
    put_back = commands.add_parser("restore", parents=[common], help=text, description=text)
    put_back.add_argument("folder", metavar="BACKUP", help="the folder that `backup` made")
    put_back.add_argument("--secrets", metavar="FOLDER", help="the secrets, where kept apart")
    put_back.set_defaults(run=run_restore)


def run_backup(given: argparse.Namespace, settings: Settings) -> int:
    """Make a backup and say where it lies."""
    from runtime.backups import make_backup
    from runtime.home import check_addresses, prepare_home
    from storage.engine import store_url
    from vocabulary.clock import SystemClock

    check_addresses(settings)
    home = prepare_home(settings.home)
    made = make_backup(
        home,
        store_url(settings.database_url, home),
        Path(given.to).expanduser().absolute() if given.to else home / "backups",
        SystemClock().now(),
        with_secrets=given.with_secrets,
    )
    print(f"{made.folder}\n{made.files} files, {made.bytes:,} bytes")
    if not made.with_secrets:
        print(
            "请另行备份 secrets/,与数据库分开存放。 Keep a copy of secrets/ too, apart from this one."
        )
    return 0


def run_restore(given: argparse.Namespace, settings: Settings) -> int:
    """Put a backup back and say what is to be done next."""
    import shutil

    from runtime.backups import SECRETS, restore_backup
    from runtime.people import AUDIT
    from vocabulary.errors import Refused

    home = settings.home.expanduser().absolute()
    secrets = Path(given.secrets).expanduser() if given.secrets else None
    if secrets is not None and not (secrets / AUDIT).exists():
        raise Refused("backup.no_secrets", folder=secrets)
    done = restore_backup(Path(given.folder).expanduser(), home)
    if secrets is not None:
        shutil.copytree(secrets, home / SECRETS, dirs_exist_ok=True)
    print(f"{home}\n{done.files} files, {done.made_at}")
    if not (home / SECRETS).is_dir():
        # The next command would make new ones, with which nothing sealed before can be read or checked.
        place = home / SECRETS
        print(f"先把另行保管的 secrets/ 放入 {place}，否则已密封的内容无法读取，审计无法校验。")
        print(
            f"First put the secrets/ that were kept apart into {place}: without them nothing sealed"
        )
        print("is read, and the audit trail cannot be checked.")
    print("接着请运行 Then run: python app.py rebuild; python app.py audit verify")
    return 0
