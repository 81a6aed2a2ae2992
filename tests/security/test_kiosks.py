"""A wall opens with nobody at it, by a token that is kept nowhere, and closes at once when its token is revoked."""

from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from security.administration import SYSTEM_PRINCIPAL
from security.kiosks import Kiosk
from security.principal import acting_as
from security.sessions import COOKIE
from storage.audit import read_audit
from tests.security.house import ORIGIN, House, with_session
from tests.security.test_gate_streams import a_stream
from vocabulary.errors import Refused


async def a_kiosk(house: House) -> tuple[str, Kiosk]:
    with acting_as(SYSTEM_PRINCIPAL):
        return await house.administration.issue_kiosk("大厅大屏")


async def revoke(house: House, kiosk: Kiosk) -> None:
    with acting_as(SYSTEM_PRINCIPAL):
        await house.administration.revoke_kiosk(kiosk.id)


async def an_open_wall(house: House) -> tuple[TestClient, Kiosk]:
    token, kiosk = await a_kiosk(house)
    secret, _session = await house.entrance.open_wall(token, ip="10.0.0.9")
    return with_session(house, secret), kiosk


def trail(house: House) -> list[dict[str, Any]]:
    rows = house.journal.read_blocking(lambda connection: read_audit(connection, limit=50))
    return [dict(row) for row in reversed(rows)]


async def test_a_token_is_exchanged_for_a_session_that_outlives_a_browser(house: House) -> None:
    token, _kiosk = await a_kiosk(house)
    browser = house.browser()
    answer = browser.post("/kiosk", data={"token": token}, headers=ORIGIN)
    assert (answer.status_code, answer.content) == (204, b"")
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    assert "httponly" in cookie
    assert f"max-age={365 * 24 * 3600}" in cookie
    assert token not in answer.headers["set-cookie"]
    assert browser.get("/live").status_code == 200


async def test_a_wall_outlives_weeks_in_which_the_hall_is_shut(house: House) -> None:
    wall, _kiosk = await an_open_wall(house)
    for _ in range(12):
        house.clock.advance(timedelta(days=29))
        assert wall.get("/live").status_code == 200
    house.clock.advance(timedelta(days=31))
    assert wall.get("/live").status_code == 401


async def test_neither_token_nor_session_is_kept_readable(house: House) -> None:
    token, _kiosk = await a_kiosk(house)
    secret, _session = await house.entrance.open_wall(token, ip="10.0.0.9")
    kept = str(
        house.journal.read_blocking(
            lambda connection: [
                connection.exec_driver_sql(f"SELECT * FROM {table}").all()
                for table in ("kiosks", "kiosk_sessions", "audit")
            ]
        )
    )
    assert "大厅大屏" in kept
    assert secret not in kept
    assert token.rpartition("_")[2] not in kept


async def test_a_wall_is_let_in_nowhere_else(house: House) -> None:
    wall, _kiosk = await an_open_wall(house)
    for method, path in (("GET", "/who"), ("POST", "/upload"), ("POST", "/dispatch")):
        answer = wall.request(method, path, headers=ORIGIN)
        assert (answer.status_code, method, path) == (403, method, path)
    assert wall.get("/who").json()["code"] == "security.only_the_wall"
    assert wall.get("/nowhere").status_code == 404


@pytest.mark.parametrize("header", ["X-API-Key", "Authorization"])
async def test_a_token_is_no_key(house: House, header: str) -> None:
    token, _kiosk = await a_kiosk(house)
    value = f"Bearer {token}" if header == "Authorization" else token
    assert house.browser().get("/live", headers={header: value}).status_code == 401


@pytest.mark.parametrize("spoilt", ["", "onw_", "x" * 200, None])
async def test_a_token_that_is_not_whole_opens_nothing(house: House, spoilt: str | None) -> None:
    token, _kiosk = await a_kiosk(house)
    tried = f"{token[:-1]}{'0' if token[-1] != '0' else '1'}" if spoilt is None else spoilt
    with pytest.raises(Refused) as refused:
        await house.entrance.open_wall(tried, ip="10.0.0.9")
    assert refused.value.code == "security.kiosk_refused"
    assert [row["action"] for row in trail(house)] == ["security.issue_kiosk"]


async def test_another_site_opens_no_wall_in_somebodys_browser(house: House) -> None:
    token, _kiosk = await a_kiosk(house)
    foreign = {"Origin": "https://elsewhere.example"}
    answer = house.browser().post("/kiosk", data={"token": token}, headers=foreign)
    assert answer.status_code == 403


async def test_revoking_ends_every_session_at_once(house: House) -> None:
    wall, kiosk = await an_open_wall(house)
    assert wall.get("/live").status_code == 200
    await revoke(house, kiosk)
    assert wall.get("/live").status_code == 401
    sessions = house.journal.read_blocking(
        lambda connection: connection.exec_driver_sql("SELECT * FROM kiosk_sessions").all()
    )
    assert sessions == []


async def test_revoking_ends_a_stream_with_its_next_frame(house: House) -> None:
    token, kiosk = await a_kiosk(house)
    secret, _session = await house.entrance.open_wall(token, ip="10.0.0.9")
    frames: list[bytes] = []

    def on_frame(number: int) -> None:
        if number == 1:
            at = house.clock.now()
            house.journal.write_blocking(
                lambda transaction: house.people_on(transaction.connection).revoke_kiosk(
                    kiosk.id, at
                )
            )
            house.credentials.forget()  # as `Administration.changed` does; no time has passed

    sent = await a_stream(house, secret, frames, on_frame)
    assert frames == [b"data: 0\n\n"]
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_revoked_token_opens_no_new_wall(house: House) -> None:
    token, kiosk = await a_kiosk(house)
    await revoke(house, kiosk)
    with pytest.raises(Refused) as refused:
        await house.entrance.open_wall(token, ip="10.0.0.9")
    assert refused.value.code == "security.kiosk_refused"


async def test_one_walls_end_leaves_the_others_open(house: House) -> None:
    one, kiosk = await an_open_wall(house)
    other, _ = await an_open_wall(house)
    await revoke(house, kiosk)
    assert (one.get("/live").status_code, other.get("/live").status_code) == (401, 200)


async def test_opening_again_ends_the_session_before(house: House) -> None:
    token, _kiosk = await a_kiosk(house)
    browser = house.browser()
    browser.post("/kiosk", data={"token": token}, headers=ORIGIN)
    before = with_session(house, str(browser.cookies[COOKIE]))
    assert browser.post("/kiosk", data={"token": token}, headers=ORIGIN).status_code == 204
    assert browser.get("/live").status_code == 200
    assert before.get("/live").status_code == 401


async def test_each_step_is_in_the_audit_trail(house: House) -> None:
    token, kiosk = await a_kiosk(house)
    await house.entrance.open_wall(token, ip="10.0.0.9", request_id="r1")
    await revoke(house, kiosk)
    rows = trail(house)
    actions = ["security.issue_kiosk", "security.open_wall", "security.revoke_kiosk"]
    assert [row["action"] for row in rows] == actions
    assert {row["object"] for row in rows} == {f"kiosk:{kiosk.id}"}
    assert (rows[1]["actor_id"], rows[1]["ip"]) == (f"kiosk:{kiosk.id}", "10.0.0.9")


async def test_an_unknown_wall_cannot_be_revoked(house: House) -> None:
    with acting_as(SYSTEM_PRINCIPAL), pytest.raises(Refused) as refused:
        await house.administration.revoke_kiosk("0" * 26)
    assert refused.value.code == "security.unknown_kiosk"


async def test_the_sweep_forgets_ended_walls(house: House) -> None:
    await an_open_wall(house)
    house.clock.advance(timedelta(days=31))
    assert await house.entrance.sweep() == 1
