"""House rule about what we build on: nothing under the GPL or AGPL comes with the console."""

import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

# A name before any version, extra or marker, as requirements files and metadata write it.
NAME = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._\-]*)")
# LGPL (Mapnik, psycopg) is used as an unmodified library, which it allows; GPL and AGPL would bind the whole console.
REFUSED = re.compile(r"(?<![A-Za-z])(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)


def canonical(name: str) -> str:
    """Return a distribution's name as all spellings of it compare."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(file: Path) -> Iterator[str]:
    """Yield the distributions a requirements file names, following `-r`."""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("-r "):
            yield from required(file.parent / line[3:].strip())
        elif (match := NAME.match(line)) and not line.lstrip().startswith("#"):
            yield canonical(match.group(1))


def unpinned(text: str) -> list[str]:
    """Return the lines of a requirements file that do not name one version exactly."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [
        line
        for line in lines
        if line and not line.startswith("-r ") and not re.search(r"==[\w.]+(;|$)", line)
    ]


def with_what_they_need(names: Iterable[str]) -> set[str]:
    """Return the installed distributions among `names` and all they need in turn."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform, or an extra we do not ask for
        found.add(name)
        waiting += [
            canonical(match.group(1))
            for line in distribution.requires or ()
            if "extra ==" not in line and (match := NAME.match(line))
        ]
    return found


def licence(name: str) -> str:
    """Return what a distribution says its licence is: the expression, else its classifiers, else the first line of its text."""
    metadata = importlib.metadata.distribution(name).metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classifiers = [
        line for line in metadata.get_all("Classifier") or () if line.startswith("License")
    ]
    text = metadata["License"].strip() if "License" in metadata else ""
    return "; ".join(classifiers) or (text.splitlines()[0] if text else "")


def refused(said: str) -> bool:
    """Say whether a licence as a distribution tells it is one we may not build on (no other choice offered)."""
    choices = re.split(r"\s+OR\s+", said)
    return all(REFUSED.search(choice) and "Lesser" not in choice for choice in choices)
