"""`python app.py bus`: where other programs on this machine can listen."""

import argparse
from typing import Any

from runtime.settings import Settings


def register(
    commands: Any, common: argparse.ArgumentParser, _listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "print the command that listens to the console's events with redis-cli"
    commands.add_parser("bus", parents=[common], help=text, description=text).set_defaults(run=run)


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Print the redis-cli command; the embedded server lets this machine's owner listen without a password."""
    from bus.channels import CASES

    if settings.redis_url:
        print(f'redis-cli -u "$ONENET_REDIS_URL" subscribe {CASES}')
        return 0
    from runtime.embedded_files import place_files

    socket = place_files(settings.home.absolute()).socket
    print(f"redis-cli -s {socket} subscribe {CASES}")
    return 0
