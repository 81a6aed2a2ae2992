"""`python app.py key …`: API keys of other systems."""

import argparse
from typing import Any

from runtime.settings import Settings
from vocabulary.clock import to_text


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "API keys: add, list, revoke"
    group = commands.add_parser("key", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = "make a key and print it, this once"
    add = verbs.add_parser("add", parents=[common], help=text, description=text)
    add.add_argument("--name", required=True, help="who holds it, for example 120-centre")
    add.add_argument(
        "--role", required=True, action="append", help="a role; may be given more than once"
    )
    add.add_argument("--department", help="the department the key is bound to")
    add.set_defaults(run=run_add)
    text = "list the keys, not their secrets"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)
    text = "end a key; a running console refuses it within five seconds"
    revoke = verbs.add_parser("revoke", parents=[common], help=text, description=text)
    revoke.add_argument("id", help="the key's id, the middle part of the key (key list shows it)")
    revoke.set_defaults(run=run_revoke)


def run_add(given: argparse.Namespace, settings: Settings) -> int:
    """Print the new key alone on standard output."""
    from runtime.people import administer, check_department

    check_department(given.department)
    text, _key = administer(
        settings, lambda admin: admin.issue_key(given.name, given.role, given.department)
    )
    print(text)
    return 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per key."""
    from runtime.people import administer

    for key in administer(settings, lambda admin: admin.keys()):
        state = "revoked" if key.revoked_at else "valid"
        used = to_text(key.used_at) if key.used_at else "never used"
        roles = ",".join(sorted(key.roles))
        print(key.id, state, roles, key.department or "-", used, key.name, sep="\t")
    return 0


def run_revoke(given: argparse.Namespace, settings: Settings) -> int:
    """End a key."""
    from runtime.people import administer

    administer(settings, lambda admin: admin.revoke_key(given.id))
    print(f"已吊销 {given.id}。 Revoked {given.id}.")
    return 0
