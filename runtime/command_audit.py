"""`python app.py audit verify`: check that nobody changed the audit trail or the events' chains."""

import argparse
from typing import Any

from runtime.settings import Settings

BROKEN = 1


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "check the audit trail and the events' hash chains"
    group = commands.add_parser("audit", help=text, description=text)
    verbs = group.add_subparsers(dest="verb", metavar="VERB", required=True)
    verify = verbs.add_parser("verify", parents=[common], help=text, description=text)
    verify.set_defaults(run=run)


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Print what was found; 1 where something was changed."""
    from runtime.home import check_addresses, open_prepared_store, prepare_home
    from runtime.people import anchor_file, open_secrets
    from security.anchors import last_anchor
    from storage.audit import verify_audit
    from storage.chains import verify_chains

    check_addresses(settings)
    home = prepare_home(settings.home)
    store = open_prepared_store(settings)
    with store.reader.connect() as connection:
        anchor = last_anchor(anchor_file(home))
        trail = verify_audit(connection, open_secrets(home).audit_key, anchor)
        chains = verify_chains(connection)
    store.close()
    print(f"audit: {trail.rows} rows, {'whole' if trail.whole else trail.problem}")
    print(f"events: {chains.events} events, {chains.problem or 'whole'}")
    return 0 if trail.whole and not chains.problem else BROKEN
