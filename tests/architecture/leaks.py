"""What the tree must not say: keys, this or that machine's folders, package mirrors; and files that do not read.

`python -m tests.architecture.leaks` prints what it finds and fails if there is any.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import files, name_of, text_files

LARGEST_BYTES = 2_000_000

PATTERNS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----"),
    "an access key": re.compile(
        r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[abprs]-[A-Za-z0-9-]{10,})\b"
    ),
    "a password in a URL": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s/:@{}<>]+:(?!PASSWORD\b|password\b|secret\b)[\w!#$%&*+.?~^-]+@(?!127\.)(?![\w.-]+\.example\b)[\w-]+\.[\w.-]+",
        re.ASCII,
    ),
    "one machine's folder": re.compile(
        r"(?<![\w.\-}])/(?:work|root|opt/(?:wheels|pypi)|home/(?!onenet\b)[a-z]\w*)(?![\w\-])"
    ),
    "a package mirror": re.compile(
        r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|deb\.debian\.org|(?:mirrors?|pypi)\.[\w.]+\.cn)\b"
    ),
}


def leaks(text: str) -> Iterator[str]:
    """Tell what a text gives away, with its line."""
    for what, pattern in PATTERNS.items():
        for match in pattern.finditer(text):
            yield f"{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group(0)[:60]}"


def unreadable(path: Path) -> Iterator[str]:
    """Tell a text file that is not UTF-8, is not valid TOML by its name, or whose last line does not end."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        yield f"not UTF-8 at byte {error.start}"
        return
    if text and not text.endswith("\n"):
        yield "the last line does not end"
    if path.suffix == ".toml":
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            yield str(error)
    if path.suffix in {".yaml", ".yml"} and "\t" in text:
        yield "a tab in YAML"


def findings() -> list[str]:
    """Return everything found in the tree."""
    found = [
        f"{name_of(path)}: {path.stat().st_size:,} bytes, {LARGEST_BYTES:,} are allowed"
        for path in files()
        if path.stat().st_size > LARGEST_BYTES
    ]
    for path in text_files():
        problems = list(unreadable(path))
        if not any(problem.startswith("not UTF-8") for problem in problems):
            problems += leaks(path.read_text("utf-8"))
        found += [f"{name_of(path)}: {problem}" for problem in problems]
    return found


if __name__ == "__main__":
    lines = findings()
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.exit(bool(lines))
