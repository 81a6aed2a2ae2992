"""Who is asking: the gate puts a Principal into the context, everything behind it asks here and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from security.permissions import PERMISSIONS
from vocabulary.errors import Refused
from vocabulary.message import Actor

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A signed-in person or an API key, with what it may do and where it asks from.

    `session` is the first 12 hex digits of the session's hash (never the session itself); `ip` is the client's address.
    """

    actor: Actor
    permissions: frozenset[str]
    language: Language = "zh"
    ip: str = ""
    session: str = ""
    request_id: str = ""

    def may(self, permission: str) -> bool:
        """Say whether the permission is held; an unknown name is a programming error."""
        if permission not in PERMISSIONS:
            raise KeyError(permission)
        return permission in self.permissions

    def need(self, permission: str) -> None:
        """Refuse unless the permission is held."""
        if not self.may(permission):
            raise Refused("security.forbidden", **PERMISSIONS[permission].told)


_current: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current() -> Principal:
    """Return who is asking; refuse where nobody is signed in."""
    principal = _current.get()
    if principal is None:
        raise Refused("security.sign_in_needed")
    return principal


def current_or_none() -> Principal | None:
    """Return who is asking, or None on a public route."""
    return _current.get()


@contextmanager
def acting_as(principal: Principal | None) -> Iterator[None]:
    """Let `principal` be the one who asks, for as long as the block lasts."""
    token = _current.set(principal)
    try:
        yield
    finally:
        _current.reset(token)
