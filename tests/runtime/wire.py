"""A socket that says anything, sensible or not, and reads one answer."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PATIENCE_S = 10.0


@dataclass(frozen=True)
class Heard:
    """One answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """Return the problem it tells; it must be one, of the one shape."""
        assert self.headers["content-type"] == "application/problem+json", (self.status, self.body)
        told: dict[str, Any] = json.loads(self.body)
        assert {"type", "title", "status", "detail", "code"} <= set(told)
        assert told["status"] == self.status
        assert told["type"] == f"/problems/{told['code']}"
        return told


class Wire:
    """Speaks to one port as one key."""

    def __init__(self, port: int, key: str = "") -> None:
        self.port, self.key = port, key

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Any = b"",
        language: str = "en",
        **headers: str,
    ) -> Heard:
        """Send a request whose headers may lie, and return what comes back."""
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"Host": f"127.0.0.1:{self.port}", "Accept-Language": language}
        if self.key:
            said["Authorization"] = f"Bearer {self.key}"
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        if payload and not {"Content-Length", "Transfer-Encoding"} & set(said):
            said["Content-Length"] = str(len(payload))
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        return self.say(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1") + payload)

    def say(self, raw: bytes) -> Heard:
        """Send bytes and return what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_S) as link:
            link.sendall(raw)
            return _answer(link, head_only=raw.startswith(b"HEAD "))


def _answer(link: socket.socket, *, head_only: bool) -> Heard:
    with link.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = {}
        while line := stream.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        length = 0 if head_only else int(headers.get("content-length", "0"))
        return Heard(status, headers, stream.read(length))
