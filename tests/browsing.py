"""A real browser as every room's tests drive one: each page in a context of its own, with all that its console said."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
READY_WITHIN_MS = 60_000
OUTBOX = "[data-outbox]"  # how many posts wait to be sent


@contextmanager
def opened(chromium: str) -> Iterator[Browser]:
    """Yield a browser until the block ends."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Seen:
    """A page, and what its console said."""

    def __init__(
        self, browser: Browser, address: str, path: str, width: int = 1920, height: int = 1080
    ) -> None:
        self.said: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce"
        )
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(address + path)

    def _hear(self, message: ConsoleMessage) -> None:
        where = message.location["url"] if message.text.startswith("Failed to load") else ""
        self.said.append(f"{message.text} {where}".strip())

    def ready(self, name: str) -> "Seen":
        self.page.wait_for_selector(f"#{name}-ready", state="attached", timeout=READY_WITHIN_MS)
        return self

    def measured(self, script: str) -> Any:
        return self.page.evaluate(script)
