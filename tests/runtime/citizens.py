"""The whole console in this process, asked as officers with their keys and as strangers with none."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from PIL import Image
from starlette.testclient import TestClient

from runtime.console import Console
from runtime.first_start import prepare_county
from runtime.people import administration
from runtime.settings import read_settings
from runtime.web import build_app
from security.administration import SYSTEM_PRINCIPAL
from security.principal import acting_as
from tests import sample_county
from vocabulary.clock import SystemClock

TOKEN = re.compile(r'name="token" value="([^"]+)"')
OURS = {"Origin": "http://testserver"}


@dataclass(frozen=True)
class Office:
    """A console, and who asks it."""

    console: Console
    client: TestClient
    keys: dict[str, str]
    home: Path

    def ask(
        self, method: str, path: str, role: str = "supervisor", once: str = "", **more: Any
    ) -> httpx2.Response:
        headers = {"X-API-Key": self.keys[role], **more.pop("headers", {})}
        if once:
            headers["Idempotency-Key"] = once
        return self.client.request(method, path, headers=headers, **more)

    def here(self) -> dict[str, float]:
        center = self.console.county.center
        return {"lon": center.lon_deg, "lat": center.lat_deg}

    def report(self, once: str, role: str = "supervisor", **changes: Any) -> dict[str, Any]:
        body = {"text": "解放路井盖缺失", "category": "B0123", **self.here(), **changes}
        answer = self.ask("POST", "/api/v1/reports", role, once, json=body)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def form(self) -> str:
        found = TOKEN.search(self.client.get("/report").text)
        assert found is not None
        return found[1]

    def send(
        self, token: str | None = None, photos: list[tuple[str, bytes]] | None = None, **fields: Any
    ) -> httpx2.Response:
        here = {name: str(value) for name, value in self.here().items()}
        data = {"text": "人行道上的井盖不见了", **here, "token": token or self.form(), **fields}
        files = [("photo", (name, content, "image/jpeg")) for name, content in photos or []]
        return self.client.post("/report", data=data, files=files or None, headers=OURS)


@contextmanager
def an_office(home: Path, **given: str) -> Iterator[Office]:
    """Yield a console on a home of its own; roles have keys."""
    sample_county.put_into(home)
    settings = read_settings({}, home=str(home), **given)
    console = Console(settings, prepare_county(settings, lambda _line: None), SystemClock())
    try:
        with TestClient(build_app(console), follow_redirects=False) as client:
            portal = client.portal
            assert portal is not None
            roles = ("supervisor", "intake", "integrator", "operator", "sysadmin")
            keys = {role: portal.call(_key, console, role) for role in roles}
            portal.call(console.service.open_search)
            portal.call(console.service.watch.open)
            yield Office(console, client, keys, home)
    finally:
        console.close()


async def _key(console: Console, role: str) -> str:
    people = administration(console.journal, console.secrets, console.clock)
    with acting_as(SYSTEM_PRINCIPAL):
        text, _ = await people.issue_key(role, [role])
    return text


def a_photo(form: str = "JPEG", size: tuple[int, int] = (400, 300), turned: int = 6) -> bytes:
    """Return a picture with what a camera writes into it."""
    picture, kept = Image.new("RGB", size, (90, 120, 60)), io.BytesIO()
    exif = picture.getexif()
    exif[0x010F], exif[0x0112] = "ACME 相机", turned
    exif.get_ifd(0x8825)[1] = "N"
    picture.save(kept, form, exif=exif)
    return kept.getvalue()
