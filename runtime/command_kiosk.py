"""`python app.py kiosk …`: wall screens that open with nobody signing in."""

import argparse
from typing import Any

from runtime.settings import Settings
from vocabulary.clock import to_text


def register(
    commands: Any, common: argparse.ArgumentParser, listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "wall screens that open by themselves: add, list, revoke"
    group = commands.add_parser("kiosk", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    text = "make a wall's token and print the address its browser starts with, this once"
    add = verbs.add_parser("add", parents=[common, listening], help=text, description=text)
    add.add_argument("--name", required=True, help="which screen it is, for example hall-wall")
    add.set_defaults(run=run_add)
    text = "list the wall screens, not their tokens"
    shown = verbs.add_parser("list", parents=[common], help=text, description=text)
    shown.set_defaults(run=run_list)
    text = "end a wall's token; its screen closes within seconds"
    revoke = verbs.add_parser("revoke", parents=[common], help=text, description=text)
    revoke.add_argument("id", help="the wall's id (kiosk list shows it)")
    revoke.set_defaults(run=run_revoke)


def run_add(given: argparse.Namespace, settings: Settings) -> int:
    """Print the new wall's address alone on standard output."""
    from runtime.people import administer
    from security.kiosks import address_of

    token, _kiosk = administer(settings, lambda admin: admin.issue_kiosk(given.name))
    origin = settings.public_origin.rstrip("/") or f"http://{settings.host}:{settings.port}"
    print(f"{origin}{address_of(token)}")
    return 0


def run_list(_given: argparse.Namespace, settings: Settings) -> int:
    """Print a line per wall screen."""
    from runtime.people import administer

    for kiosk in administer(settings, lambda admin: admin.kiosks()):
        state = "revoked" if kiosk.revoked_at else "valid"
        opened = to_text(kiosk.opened_at) if kiosk.opened_at else "never opened"
        print(kiosk.id, state, opened, kiosk.name, sep="\t")
    return 0


def run_revoke(given: argparse.Namespace, settings: Settings) -> int:
    """End a wall screen."""
    from runtime.people import administer

    administer(settings, lambda admin: admin.revoke_kiosk(given.id))
    print(f"已吊销 {given.id}。 Revoked {given.id}.")
    return 0
