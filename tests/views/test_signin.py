"""The sign-in page works without a script and leads nobody elsewhere."""

from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.views.doubles import COUNTY
from views import signin


class Reader(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def named(self, name: str) -> dict[str, str | None]:
        return next(attrs for tag, attrs in self.tags if attrs.get("name") == name)


def read(**options: Any) -> Reader:
    reader = Reader()
    reader.feed(signin.render(COUNTY, options.pop("language", "zh"), **options))
    return reader


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_is_drawn_in_the_theme_that_was_chosen(theme: str) -> None:
    page = read(theme=theme)
    assert next(attrs for tag, attrs in page.tags if tag == "html")["data-theme"] == theme


def test_the_form_posts_name_password_and_the_way_back() -> None:
    page = read(next_path="/desk")
    form = next(attrs for tag, attrs in page.tags if tag == "form")
    assert (form["method"], form["action"]) == ("post", "/signin")
    assert page.named("next")["value"] == "/desk"
    assert page.named("password")["autocomplete"] == "current-password"
    assert "autofocus" in page.named("username")


def test_the_page_has_no_script_and_no_style_of_its_own() -> None:
    page = read(error="locked", minutes="3")
    assert not [tag for tag, _ in page.tags if tag in {"script", "style"}]
    assert not [attrs for _, attrs in page.tags if any(name.startswith("on") for name in attrs)]


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_a_way_back_that_leads_elsewhere_leads_to_the_start(path: str) -> None:
    assert read(next_path=path).named("next")["value"] == "/"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=10))
def test_whatever_the_address_says_the_page_stays_one_form(
    path: str, error: str, minutes: str
) -> None:
    page = read(next_path=path, error=error, minutes=minutes)
    assert [tag for tag, _ in page.tags if tag in {"form", "script", "iframe", "img"}] == [
        "img",
        "form",
    ]
    assert len([tag for tag, _ in page.tags if tag == "input"]) == 3


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "用户名或密码不正确"), ("en", "is not right")]
)
def test_a_failure_is_told_in_the_readers_language(language: str, told: str) -> None:
    assert told in signin.render(COUNTY, language, error="wrong_credentials")
    assert told not in signin.render(COUNTY, language)


def test_an_unknown_failure_is_still_told() -> None:
    assert 'role="alert"' in signin.render(COUNTY, "zh", error="something_new")


def test_how_long_the_lock_lasts_is_said_only_where_it_is_a_number() -> None:
    assert "7 分钟" in signin.render(COUNTY, "zh", error="locked", minutes="7")
    assert "&lt;b&gt;" not in signin.render(COUNTY, "zh", error="locked", minutes="<b>")
