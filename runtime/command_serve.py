"""`python app.py [serve]`: open the console."""

import argparse
import contextlib
import errno
import gc
import socket
import sys
from typing import Any

from runtime.settings import Settings
from vocabulary.errors import Refused

BACKLOG = 2048
# The writer thread gives the interpreter lock away at every statement; with CPython's 5 ms it waits
# for the event loop that long each time.
SWITCH_INTERVAL_S = 0.0005


def register(
    commands: Any, common: argparse.ArgumentParser, listening: argparse.ArgumentParser
) -> None:
    """Add the command to the parser."""
    text = "open the console (the same as no command)"
    commands.add_parser(
        "serve", parents=[common, listening], help=text, description=text
    ).set_defaults(run=run)


def run(_given: argparse.Namespace, settings: Settings) -> int:
    """Serve until told to stop."""
    from runtime.home import check_addresses, prepare_home
    from runtime.logs import prepare_logs

    sys.setswitchinterval(SWITCH_INTERVAL_S)
    listener = listen(settings.host, settings.port)
    with contextlib.closing(listener):
        check_addresses(settings)
        prepare_logs(settings.log_level)
        prepare_home(settings.home)
        gc.disable()  # nothing of what is loaded is rubbish; looking for some takes a sixth of the time
        from runtime.web import serve  # heavy: geometry, Dash, SQLAlchemy

        gc.enable()
        address = f"http://{settings.host}:{listener.getsockname()[1]}"
        return serve(settings, listener, address, _say)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, before anything slow is done.

    Raises Refused `runtime.port_busy` when the port is taken, `runtime.no_such_host` when the address is not ours.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    except OSError as problem:
        raise Refused("runtime.no_such_host", host=host) from problem
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except PermissionError as problem:
        listener.close()
        raise Refused("runtime.port_forbidden", port=port) from problem
    except OSError as problem:
        listener.close()
        code = "runtime.port_busy" if problem.errno == errno.EADDRINUSE else "runtime.no_such_host"
        raise Refused(code, host=host, port=port) from problem
    listener.listen(BACKLOG)
    return listener


def _say(line: str) -> None:
    print(line, flush=True, file=sys.stdout)
