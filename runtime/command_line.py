"""The command line: one parser, one module per command, one way of telling a failure."""

import argparse
import sys
from collections.abc import Sequence
from types import ModuleType

from runtime import (
    command_audit,
    command_backup,
    command_bus,
    command_county,
    command_devices,
    command_import,
    command_key,
    command_kiosk,
    command_readings,
    command_rebuild,
    command_replay,
    command_serve,
    command_sites,
    command_units,
    command_user,
)
from runtime.settings import Settings, read_settings
from vocabulary.errors import Told

COMMANDS: tuple[ModuleType, ...] = (
    command_serve,
    command_sites,
    command_county,
    command_devices,
    command_import,
    command_units,
    command_user,
    command_key,
    command_kiosk,
    command_readings,
    command_replay,
    command_rebuild,
    command_backup,
    command_audit,
    command_bus,
)
FAILED = 1
BAD_ARGUMENTS = 2
INTERRUPTED = 130
SERVER_FAULT = 500


def parser() -> argparse.ArgumentParser:
    """Return the whole command line; --home may stand before or after the command."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    common.add_argument(
        "--home", metavar="FOLDER", help="where everything is kept (ONENET_HOME; ./var)"
    )
    listening = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    listening.add_argument("--host", help="address to listen on (ONENET_HOST; 127.0.0.1)")
    listening.add_argument("--port", help="port to listen on (ONENET_PORT; 8050)")
    top = argparse.ArgumentParser(
        prog="python app.py",
        description="One-Network, a console from which a county is run. Without a command: serve.",
        parents=[common, listening],
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in COMMANDS:
        module.register(commands, common, listening)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status (0 done, 1 failed, 2 bad arguments)."""
    top = parser()
    given = top.parse_args(arguments)
    run = getattr(given, "run", command_serve.run)
    try:
        return int(run(given, settings_of(given)))
    except Told as failure:
        print(failure.text("zh"), failure.text("en"), sep="\n", file=sys.stderr)
        return BAD_ARGUMENTS if failure.status < SERVER_FAULT else FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def settings_of(given: argparse.Namespace) -> Settings:
    """Return the settings with what the command line says on top."""
    named = {name: getattr(given, name, None) for name in ("home", "host", "port")}
    return read_settings(**named)
