"""The citizens' page: a report without signing in is kept, verified first, followed by its code, and tells nobody's secrets."""

import io
from collections.abc import Iterator

import pytest
from PIL import Image

from incidents.model import State
from runtime.photos import remade
from security.ratelimit import RateLimit
from tests.runtime.citizens import OURS, Office, a_photo, an_office
from vocabulary.errors import Refused

pytestmark = [pytest.mark.server]
FREE = 10_000


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with an_office(tmp_path_factory.mktemp("citizens")) as office:
        yield office


@pytest.fixture(autouse=True)
def _as_often_as_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    take = RateLimit.take

    def patient(self: RateLimit, ip: str) -> None:
        self.most = FREE if self.most != 3 else 3
        take(self, ip)

    monkeypatch.setattr(RateLimit, "take", patient)


def code_of(answer: object) -> str:
    return answer.headers["location"].partition("/report/status/")[2].partition("?")[0]  # type: ignore[attr-defined,no-any-return]


def newest(office: Office) -> dict[str, object]:
    case = office.ask("GET", "/api/v1/cases?limit=1").json()["items"][0]
    detail: dict[str, object] = office.ask("GET", f"/api/v1/cases/{case['id']}").json()
    return detail


def test_a_citizens_report_is_verified_before_anything_else(office: Office) -> None:
    answer = office.send(phone="138 1234 8888")
    assert answer.status_code == 303, answer.text
    detail = newest(office)
    case, report = detail["case"], detail["reports"][0]  # type: ignore[index]
    assert (case["source"], case["state"]) == ("public", State.VERIFYING.value)  # type: ignore[index]
    assert case["category"].endswith("B0123")  # type: ignore[index]
    assert report["caller_phone"] == "138 1234 8888"
    kinds = [entry["kind"] for entry in detail["timeline"]]  # type: ignore[attr-defined]
    assert "incidents.verify_requested.v1" in kinds


def test_the_code_tells_the_public_stage_and_nothing_personal(office: Office) -> None:
    code = code_of(
        office.send(text="张三家门口井盖没了", phone="13812348888", address="幸福路 8 号")
    )
    page = office.client.get(f"/report/status/{code}?lang=zh").text
    assert "正在核实" in page
    case = newest(office)["case"]
    hidden = ("张三", "13812348888", "8888", "幸福路", case["id"], case["number"], case["text"])  # type: ignore[index]
    assert [word for word in hidden if word in page] == []
    assert office.client.get(f"/report/status/{code.lower()}").status_code == 200


def test_a_merged_report_is_followed_to_its_master(office: Office) -> None:
    code = code_of(office.send())
    case = newest(office)["case"]
    master = office.report("master-1")["case"]
    body = {"name": "merge", "version": case["version"], "arguments": {"master": master["id"]}}  # type: ignore[index]
    done = office.ask("POST", f"/api/v1/cases/{case['id']}/commands", once="m", json=body)  # type: ignore[index]
    assert done.status_code == 200, done.text
    assert "已收到" in office.client.get(f"/report/status/{code}?lang=zh").text


def test_a_code_that_was_not_given_is_told_so(office: Office) -> None:
    answer = office.client.get("/report/status/AAAAAAAAAA")
    assert answer.status_code == 404
    assert "AAAAAAAAAA" in answer.text
    odd = office.client.get("/report/status/<script>alert(1)</script>")
    assert "<script>alert" not in odd.text


def test_the_same_form_sent_twice_is_one_report_with_one_code(office: Office) -> None:
    token = office.form()
    before = len(office.ask("GET", "/api/v1/cases?limit=500").json()["items"])
    first, second = office.send(token), office.send(token)
    assert code_of(first) == code_of(second)
    assert len(office.ask("GET", "/api/v1/cases?limit=500").json()["items"]) == before + 1
    assert office.send(token, text="别的事").status_code == 409


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"text": "  "}, 422, "请写下发生了什么"),
        ({"text": "x" * 2001}, 422, "2000"),
        ({"lon": "0", "lat": "0"}, 422, "县"),
        ({"lon": "abc"}, 422, "请选择位置"),
        ({"lon": "", "lat": "", "address": "不存在的地方"}, 422, "请选择位置"),
        ({"phone": "打我电话"}, 422, "电话"),
        ({"category": "Z9"}, 422, "Z9"),
        ({"token": "1.x.y"}, 409, "页面打开太久"),
        ({"token": "1.x.é"}, 409, "页面打开太久"),
        ({"text": "a\x00b"}, 422, "U+0000"),
    ],
)
def test_a_form_that_is_wrong_comes_back_as_it_was_filled(
    office: Office, fields: dict[str, str], status: int, said: str
) -> None:
    office.client.cookies.set("onenet_language", "zh")
    answer = office.send(**{"text": "井盖没了", **fields})  # type: ignore[arg-type]
    assert (answer.status_code, said in answer.text) == (status, True), answer.text[:3000]
    if "text" not in fields:
        assert "井盖没了" in answer.text


def test_what_is_no_form_is_refused_and_never_our_fault(office: Office) -> None:
    forms = "multipart/form-data"
    sent = ((b"{}", "application/json"), (b"xx", forms), (b"--a\r\n", f"{forms}; boundary=a"))
    for content, kind in sent:
        headers = {**OURS, "Content-Type": kind}
        answer = office.client.post("/report", content=content, headers=headers)
        assert answer.status_code == 422, (kind, answer.text[:300])


def test_another_sites_form_is_not_taken(office: Office) -> None:
    answer = office.client.post("/report", data={"text": "x"}, headers={"Origin": "http://evil"})
    assert answer.status_code == 403


def test_a_photo_is_made_anew_and_shown_only_to_who_may_see_the_case(office: Office) -> None:
    assert office.send(photos=[("a.jpg", a_photo())]).status_code == 303
    photo = newest(office)["reports"][0]["photos"][0]  # type: ignore[index]
    path = photo["url"]
    answer = office.ask("GET", path)
    with Image.open(io.BytesIO(answer.content)) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (300, 400), {})
    assert b"ACME" not in answer.content
    assert office.client.get(path).status_code == 401
    assert office.ask("GET", path, "operator").status_code == 403
    files = [file for file in (office.home / "photos").rglob("*") if file.is_file()]
    assert {file.stat().st_mode & 0o077 for file in files} == {0}


def test_a_photo_of_a_form_that_was_refused_is_not_kept(office: Office) -> None:
    def kept() -> int:
        return sum(file.is_file() for file in (office.home / "photos").rglob("*"))

    before = kept()
    assert office.send(photos=[("a.jpg", a_photo())], lon="0", lat="0").status_code == 422
    token = office.form()
    assert [office.send(token, photos=[("a.jpg", a_photo())]).status_code for _ in range(2)] == [303, 303]  # fmt: skip
    assert kept() == before + 1


def test_more_photos_than_three_are_refused(office: Office) -> None:
    answer = office.send(photos=[(f"{n}.jpg", a_photo()) for n in range(4)])
    assert answer.status_code == 422


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_other_forms_of_picture_become_jpeg(form: str) -> None:
    assert remade(a_photo(form, turned=1), "x").jpeg[:2] == b"\xff\xd8"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no picture", "intake.no_photo"),
        (b"", "intake.no_photo"),
        (a_photo()[:500], "intake.no_photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "intake.no_photo"),
        (b"GIF89a" + b"\0" * 50, "intake.no_photo"),
        (b"x" * 8_000_001, "intake.photo_too_large"),
    ],
)
def test_what_is_no_photo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        remade(content, "x.jpg")
    assert refused.value.code == code


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    kept = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(kept, "PNG")
    with pytest.raises(Refused) as refused:
        remade(kept.getvalue(), "bomb.png")
    assert refused.value.code == "intake.photo_too_large"


def test_places_and_tiles_are_there_without_signing_in(office: Office) -> None:
    found = office.client.get("/report/places", params={"q": "人民路"}).json()["items"]
    assert found
    assert found[0].keys() == {"name", "town", "lon", "lat"}
    assert office.client.get("/report/places").json() == {"items": []}
    tile = office.client.get("/report/tiles/9/423/211")
    assert (tile.status_code, tile.headers["content-type"]) == (200, "image/webp")
    for bad in (
        "/report/tiles/3/1/1",
        "/report/tiles/x/1/1",
        "/report/tiles/30/1/1",
        "/report/tiles/9/423/211.png",
    ):
        assert office.client.get(bad).status_code == 404


def test_an_address_that_is_surely_known_needs_no_map(office: Office) -> None:
    answer = office.send(lon="", lat="", address="人民路")
    assert answer.status_code == 303


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_speaks_both_languages_and_names_every_field(
    office: Office, language: str
) -> None:
    page = office.client.get(f"/report?lang={language}").text
    for field in ("text", "photo", "address", "category", "phone"):
        assert f'<label for="{field}">' in page
    assert ("随手拍" in page) == (language == "zh")
