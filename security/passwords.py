"""Passwords: argon2id (or PBKDF2 with SM3), the scheme named in the hash, at most four hashed at once, and what a good one is."""

import asyncio
import base64
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from vocabulary.errors import Refused

COMMON_FILE: Final = Path(__file__).parent / "data" / "common_passwords.txt"
# Each argon2id takes 19 MiB and 40 ms of a core: unbounded sign-ins would be a way to stop the console.
HASHED_AT_ONCE: Final = 4
LONGEST: Final = 128
SM3_ITERATIONS: Final = 600_000  # GM/T 0091 asks for at least 10,000; this is 0.2 s of a core
SM3_PREFIX: Final = "$pbkdf2-sm3$"
LEET: Final = str.maketrans("013457@$", "oleastas")
SIGNS: Final = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "-_+=#%*"


class Scheme(Protocol):
    """One way to hash; its name and parameters stand in what it writes."""

    def hash(self, password: str) -> str:
        """Return the hash with scheme, parameters and salt."""
        ...

    def verify(self, kept: str, password: str) -> bool:
        """Say whether `password` is the one behind `kept`."""
        ...

    def owns(self, kept: str) -> bool:
        """Say whether this scheme wrote `kept`."""
        ...

    def stale(self, kept: str) -> bool:
        """Say whether `kept` was written with other parameters than today's."""
        ...


class Argon2id:
    """The default: argon2id, RFC 9106, with OWASP's memory of 19 MiB."""

    def __init__(self, memory_kib: int = 19 * 1024, rounds: int = 2, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=rounds, memory_cost=memory_kib, parallelism=lanes)

    def hash(self, password: str) -> str:
        """Return the hash with scheme, parameters and salt."""
        return self._hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        """Say whether `password` is the one behind `kept`."""
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False

    def owns(self, kept: str) -> bool:
        """Say whether this scheme wrote `kept`."""
        return kept.startswith("$argon2id$")

    def stale(self, kept: str) -> bool:
        """Say whether `kept` was written with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)


class Pbkdf2Sm3:
    """For commercial-cryptography assessment (密评): PBKDF2-HMAC-SM3."""

    def __init__(self, iterations: int = SM3_ITERATIONS) -> None:
        self._iterations = iterations

    def hash(self, password: str) -> str:
        """Return the hash with scheme, parameters and salt."""
        salt = secrets.token_bytes(16)
        parts = [_base64(salt), _base64(_pbkdf2(password, salt, self._iterations))]
        return f"{SM3_PREFIX}{self._iterations}$" + "$".join(parts)

    def verify(self, kept: str, password: str) -> bool:
        """Say whether `password` is the one behind `kept`."""
        iterations, salt, expected = kept.removeprefix(SM3_PREFIX).split("$")
        derived = _pbkdf2(password, base64.b64decode(salt), int(iterations))
        return hmac.compare_digest(derived, base64.b64decode(expected))

    def owns(self, kept: str) -> bool:
        """Say whether this scheme wrote `kept`."""
        return kept.startswith(SM3_PREFIX)

    def stale(self, kept: str) -> bool:
        """Say whether `kept` was written with other parameters than today's."""
        return not kept.startswith(f"{SM3_PREFIX}{self._iterations}$")


def _pbkdf2(password: str, salt: bytes, iterations: int) -> bytes:
    return PBKDF2HMAC(hashes.SM3(), 32, salt, iterations).derive(password.encode())


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


class Hasher:
    """Hashes and verifies beside the event loop, `HASHED_AT_ONCE` at most; old schemes are still read."""

    def __init__(
        self, scheme: Literal["argon2id", "pbkdf2-sm3"] = "argon2id", *, now: Scheme | None = None
    ) -> None:
        known: dict[str, Callable[[], Scheme]] = {"argon2id": Argon2id, "pbkdf2-sm3": Pbkdf2Sm3}
        self._now = now or known[scheme]()
        self._schemes: tuple[Scheme, ...] = (self._now, Argon2id(), Pbkdf2Sm3())
        self._turns = asyncio.Semaphore(HASHED_AT_ONCE)
        self._nobody = self._now.hash(secrets.token_hex(16))

    @property
    def turns(self) -> asyncio.Semaphore:
        """Return what bounds the hashing; hold one turn around `verify_held`."""
        return self._turns

    async def hash(self, password: str) -> str:
        """Return the hash of a new password."""
        async with self._turns:
            return await asyncio.to_thread(self._now.hash, password)

    async def verify_held(self, kept: str | None, password: str) -> bool:
        """Say whether `password` is right; without an account (`kept` None) the same work is done and the answer is no.

        The caller holds one of `turns`.
        """
        right = await asyncio.to_thread(self.verify_blocking, kept or self._nobody, password)
        return right and kept is not None

    def verify_blocking(self, kept: str, password: str) -> bool:
        """Do the work of `verify_held` in this thread."""
        scheme = next((each for each in self._schemes if each.owns(kept)), None)
        return scheme is not None and scheme.verify(kept, password)

    def stale(self, kept: str) -> bool:
        """Say whether the hash should be written anew at the next sign-in."""
        return not self._now.owns(kept) or self._now.stale(kept)


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What a password must be; the numbers are assessors' custom under GB/T 22239, not in the standard, hence settings."""

    shortest: int = 8
    shortest_administrator: int = 12
    classes: int = 4

    def check(self, password: str, *, user_name: str, administrator: bool) -> None:
        """Refuse a password that is too short, too plain, too common, or the user's own name."""
        shortest = self.shortest_administrator if administrator else self.shortest
        if not shortest <= len(password) <= LONGEST:
            raise Refused("security.password_length", shortest=shortest, longest=LONGEST)
        if classes_of(password) < self.classes:
            raise Refused("security.password_classes", classes=self.classes)
        if user_name and user_name.casefold() in password.casefold():
            raise Refused("security.password_is_name")
        if is_common(password):
            raise Refused("security.password_common")


def classes_of(password: str) -> int:
    """Count the classes in a password: small letters, capitals, digits, and everything else."""
    return sum(
        bool(re.search(sign, password)) for sign in ("[a-z]", "[A-Z]", "[0-9]", "[^a-zA-Z0-9]")
    )


def is_common(password: str) -> bool:
    """Say whether a password is a common word or run with little added to it."""
    forms = {password.casefold(), password.casefold().translate(LEET)}
    cores = {re.sub(r"^[^a-z0-9]+|[^a-z0-9]+$", "", form) for form in forms}
    cores |= {re.sub(r"[^a-z]+$", "", form) for form in forms}
    return bool((forms | cores) & _common())


@cache
def _common() -> frozenset[str]:
    lines = COMMON_FILE.read_text("utf-8").splitlines()
    words = {line.strip().casefold() for line in lines if line and not line.startswith("#")}
    return frozenset(words | {word.translate(LEET) for word in words})


def random_password(length: int = 16) -> str:
    """Return a random password that keeps the strictest rules, without signs that look alike."""
    while True:
        password = "".join(secrets.choice("".join(SIGNS)) for _ in range(length))
        if classes_of(password) == len(SIGNS) and not is_common(password):
            return password
