"""A PostgreSQL of our own for one test run: made in a temporary folder, reached by its socket, gone afterwards.

`python -m tests.postgres COMMAND…` runs the command with ONENET_TEST_POSTGRES set, and without it where there is no PostgreSQL.
"""

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

URL_NAME = "ONENET_TEST_POSTGRES"
START_WITHIN_S = 30
DEBIAN_HOME = Path("/usr/lib/postgresql")


def find_programs() -> Path | None:
    """Return the folder that holds `initdb` and `postgres` (the newest Debian one, else the one on PATH), or None."""
    homes = [home / "bin" for home in DEBIAN_HOME.glob("*") if (home / "bin" / "initdb").exists()]
    if homes:
        return max(homes, key=lambda home: int(re.sub(r"\D", "", home.parent.name) or 0))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def server_account() -> str | None:
    """Return whom to run the server as: PostgreSQL refuses root, so root lends it the account Debian made for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return None


@contextlib.contextmanager
def running() -> Iterator[str | None]:
    """Yield the URL of a running server: the one ONENET_TEST_POSTGRES names, else a temporary one, else None."""
    programs = find_programs()
    if os.environ.get(URL_NAME):
        yield os.environ[URL_NAME]
        return
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="onenet-pg-", dir="/tmp") as folder:
        home = Path(folder)
        account = server_account()
        if account:
            shutil.chown(home, account)
        server = start(programs, home, account)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing here is kept
            server.wait(timeout=START_WITHIN_S)


def make_cluster(programs: Path, home: Path, account: str | None) -> Path:
    """Make a cluster in `home` whose only account is `postgres`, and return its folder."""
    data = home / "data"
    wishes = ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C"]
    subprocess.run(
        [programs / "initdb", "-D", data, *wishes],
        check=True,
        capture_output=True,
        cwd=home,
        user=account,
    )
    return data


def start(programs: Path, home: Path, account: str | None) -> subprocess.Popen[bytes]:
    """Start a new cluster in `home`, listening on a socket in `home` alone."""
    data, log = make_cluster(programs, home, account), home / "log"
    wishes = ["-c", "listen_addresses=", "-c", "max_connections=200"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", home, *wishes],
            stdout=output,
            stderr=output,
            cwd=home,
            user=account,
            start_new_session=True,  # Ctrl-C reaches the tests first, then we stop it
        )
    give_up_at = time.monotonic() + START_WITHIN_S
    while not ready(programs, home):
        if server.poll() is not None or time.monotonic() > give_up_at:
            server.kill()
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8', 'replace')}")
        time.sleep(0.1)
    return server


def ready(programs: Path, home: Path) -> bool:
    """Say whether the server answers."""
    asked = [str(programs / "pg_isready"), "-q", "-h", str(home), "-U", "postgres"]
    return subprocess.run(asked, check=False).returncode == 0


def main(command: list[str]) -> int:
    """Run `command` with a PostgreSQL beside it and return its exit status."""
    with running() as url:
        environment = dict(os.environ) | ({URL_NAME: url} if url else {})
        return subprocess.run(command, check=False, env=environment).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
