"""Papers: Chinese is set in the font that ships, what people wrote stays text, nothing of this machine is read."""

import asyncio
import io
import re
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader
from typst import TypstError

from exchange.pdf import TEMPLATES, compile_pdf, print_pdf, template_text
from tests.runtime.citizens import a_photo

AT = datetime(2026, 11, 22, 6, 3, 21, tzinfo=UTC)
PLAIN = """#import "house.typ": *
#let data = json("data.json")
#show: paper.with(title: data.title, head: (data.title, "1"), foot: "foot")
= #data.title
#fields((("说明", data.text),))
"""


def _read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def test_chinese_is_set_in_the_font_that_ships() -> None:
    pdf = compile_pdf(PLAIN, {"title": "青岚县案件", "text": "燃气泄漏"}, at=AT)
    text = _read(pdf).pages[0].extract_text()
    assert "青岚县案件" in text
    assert "燃气泄漏" in text
    fonts = re.findall(rb"/BaseFont */([^ /]+)", pdf)
    assert fonts
    assert all(b"NotoSansSC" in name for name in fonts), fonts


def test_what_people_wrote_is_text_and_never_markup() -> None:
    wrote = '#panic("x") *b* $x$ @ref https://example.test `c` // gone?'
    paper = _read(compile_pdf(PLAIN, {"title": "t", "text": wrote}, at=AT))
    assert " ".join(paper.pages[0].extract_text().split()).count(wrote) == 1


def test_the_same_paper_twice_is_the_same_bytes() -> None:
    first, second = (compile_pdf(PLAIN, {"title": "t", "text": "x"}, at=AT) for _ in range(2))
    assert first == second


def test_a_photo_is_in_the_paper() -> None:
    told = PLAIN + '#image("photos/1.jpg", width: 40mm)'
    files = {"photos/1.jpg": a_photo()}
    paper = _read(compile_pdf(told, {"title": "t", "text": "x"}, files, at=AT))
    assert len(paper.pages[0].images) == 1


def test_a_template_reads_no_file_of_the_machine() -> None:
    for path in ("/etc/passwd", "../../../../etc/passwd", "/app.py"):
        with pytest.raises(TypstError):
            compile_pdf(f'#read("{path}")', {}, at=AT)


@pytest.mark.parametrize("name", ["data.json", "../up.svg", "/etc/x.svg", "a/../../b.svg"])
def test_a_file_of_a_paper_lies_in_the_paper_s_own_folder(name: str) -> None:
    with pytest.raises(ValueError, match="no names"):
        compile_pdf(PLAIN, {}, {name: b"{}"}, at=AT)


def test_no_template_asks_another_host_for_a_package() -> None:
    texts = {file.name: template_text(file.stem) for file in TEMPLATES.glob("*.typ")}
    assert texts
    assert not [name for name, text in texts.items() if '"@' in text or "http" in text]


async def test_papers_are_printed_off_the_loop_while_it_goes_on() -> None:
    many = PLAIN + "#for i in range(400) [ + 一网统管 #i 案件 ]"
    printing = asyncio.gather(*(print_pdf(many, {"title": "t", "text": "x"}, at=AT) for _ in "ab"))
    beats = 0
    while not printing.done():
        await asyncio.sleep(0.002)
        beats += 1
    first, second = await printing
    assert first == second
    assert beats > 5
