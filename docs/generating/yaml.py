"""Plain YAML of plain values: every text in JSON's quotes, so that nothing is ever taken for something else."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

PLAIN_KEY = re.compile(r"^[A-Za-z$][\w$\-]*$")


def written(value: object) -> str:
    """Return `value` (dicts, lists, texts, numbers, truths, None) as a YAML document."""
    return "".join(f"{line}\n" for line in _lines(value))


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            key = name if PLAIN_KEY.match(str(name)) else json.dumps(str(name), ensure_ascii=False)
            yield from _under(f"{key}:", inner)
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        for inner in value:
            yield from _item(inner)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _under(head: str, inner: object) -> Iterator[str]:
    if isinstance(inner, Mapping | list | tuple) and inner:
        yield head
        yield from (f"  {line}" for line in _lines(inner))
    else:
        yield f"{head} {next(_lines(inner))}"


def _item(inner: object) -> Iterator[str]:
    first, *rest = _lines(inner)
    yield f"- {first}"
    yield from (f"  {line}" for line in rest)
