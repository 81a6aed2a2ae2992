"""`python app.py user …`: accounts of people."""

import argparse
import getpass
import sys
from typing import Any

from runtime.settings import Settings
from security.administration import Administration
from security.passwords import random_password
from vocabulary.errors import Refused


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "accounts: add, list, password, disable, enable"
    group = commands.add_parser("user", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = "make an account; its password is typed, or random and printed this once"
    add = verbs.add_parser("add", parents=[common], help=text, description=text)
    add.add_argument("user_name", help="the name to sign in with")
    add.add_argument("--name", required=True, help="the person's name as screens show it")
    add.add_argument("--role", required=True, action="append", help="may be given more than once")
    add.add_argument("--department", help="the department, for responders")
    add.set_defaults(run=run_add)
    text = "list the accounts"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)
    for verb, run, text in (
        ("password", run_password, "set a new password; signs the person out everywhere"),
        ("disable", run_disable, "end an account and its sessions"),
        ("enable", run_enable, "let a disabled account sign in again"),
    ):
        one = verbs.add_parser(verb, parents=[common], help=text, description=text)
        one.add_argument("user_name", help="the name the person signs in with")
        one.set_defaults(run=run)


def run_add(given: argparse.Namespace, settings: Settings) -> int:
    """Make an account with a typed password, or a random one that is printed this once."""
    from runtime.people import check_department

    check_department(given.department)
    password, told = _typed_or_random()
    _administer(
        settings,
        lambda admin: admin.create_account(
            given.user_name, given.name, password, roles=given.role, department=given.department
        ),
    )
    print(f"已创建 {given.user_name}。 Made {given.user_name}.{told}")
    return 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per account."""
    for account in _administer(settings, lambda admin: admin.accounts()):
        state = "disabled" if account.disabled_at else "enabled"
        roles = ",".join(sorted(account.roles))
        print(account.user_name, state, roles, account.department or "-", account.name, sep="\t")
    return 0


def run_password(given: argparse.Namespace, settings: Settings) -> int:
    """Set a new password."""
    password, told = _typed_or_random()

    async def act(admin: Administration) -> None:
        await admin.reset_password(await _id_of(admin, given.user_name), password)

    _administer(settings, act)
    print(f"已重设 {given.user_name} 的密码。 Set a new password for {given.user_name}.{told}")
    return 0


def run_disable(given: argparse.Namespace, settings: Settings) -> int:
    """End an account."""

    async def act(admin: Administration) -> None:
        await admin.disable(await _id_of(admin, given.user_name))

    _administer(settings, act)
    print(f"已停用 {given.user_name}。 Disabled {given.user_name}.")
    return 0


def run_enable(given: argparse.Namespace, settings: Settings) -> int:
    """Let an account sign in again."""

    async def act(admin: Administration) -> None:
        await admin.enable(await _id_of(admin, given.user_name))

    _administer(settings, act)
    print(f"已启用 {given.user_name}。 Enabled {given.user_name}.")
    return 0


def _administer(settings: Settings, act: Any) -> Any:
    from runtime.people import administer

    return administer(settings, act)


async def _id_of(admin: Administration, user_name: str) -> str:
    for account in await admin.accounts():
        if account.user_name == user_name.strip().lower():
            return account.id
    raise Refused("security.unknown_account", account=user_name)


def _typed_or_random() -> tuple[str, str]:
    """Return a password and the words that tell it, which are said only once it is kept."""
    if sys.stdin.isatty():
        typed = getpass.getpass("新密码(回车则随机生成) New password (empty: a random one): ")
        if typed:
            return typed, ""
    password = random_password()
    return password, f"\n密码 password: {password}"
