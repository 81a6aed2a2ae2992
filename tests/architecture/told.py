"""House rules about what people are told: every failure has its sentence in both languages, and no sentence is idle."""

import ast
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from vocabulary.errors import Sentence

RAISED = frozenset({"Refused", "Unavailable", "Unreadable"})


@dataclass(frozen=True)
class Telling:
    """One `Refused(...)` or `Unavailable(...)` in the code; `values` is None where they are passed on with **."""

    line: int
    code: str
    values: frozenset[str] | None


def tellings(tree: ast.Module) -> Iterator[Telling]:
    """Yield every failure raised with a literal code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = (
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        )
        first = node.args[0]
        if name in RAISED and isinstance(first, ast.Constant) and isinstance(first.value, str):
            names = [keyword.arg for keyword in node.keywords]
            values = None if None in names else frozenset(name for name in names if name)
            yield Telling(node.lineno, first.value, values)


def placeholders(template: str) -> frozenset[str]:
    """Return the names a template wants."""
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(template) if name is not None
    )


def wanted(sentence: Sentence) -> frozenset[str]:
    """Return the values a sentence wants in either language."""
    return placeholders(sentence.zh) | placeholders(sentence.en)


def alike(name: str) -> str:
    """Return a value's name without the language it is in: `state_zh` and `state_en` are one value told in two."""
    return name.removesuffix("_zh").removesuffix("_en")


def one_sided(catalogue: Mapping[str, Sentence]) -> Iterator[str]:
    """Tell every sentence whose two languages are empty, the same, or want different values."""
    for code, sentence in catalogue.items():
        if not sentence.zh.strip() or not sentence.en.strip():
            yield f"{code}: a language is missing"
        if not any("\u4e00" <= letter <= "\u9fff" for letter in sentence.zh):
            yield f"{code}: zh is not Chinese"
        if {alike(name) for name in placeholders(sentence.zh)} != {
            alike(name) for name in placeholders(sentence.en)
        }:
            yield f"{code}: zh wants {set(placeholders(sentence.zh))}, en wants {set(placeholders(sentence.en))}"


def untold(tree: ast.Module, catalogue: Mapping[str, Sentence]) -> Iterator[str]:
    """Tell every failure without a sentence, and every sentence that is not given the values it wants."""
    for telling in tellings(tree):
        sentence = catalogue.get(telling.code)
        if sentence is None:
            yield f"{telling.line}: {telling.code!r} has no sentence in vocabulary/sentences/"
        elif telling.values is not None and (missing := wanted(sentence) - telling.values):
            yield f"{telling.line}: {telling.code!r} is not given {sorted(missing)}"


def spoken(tree: ast.Module) -> Iterator[str]:
    """Yield what may name a sentence: every string, and the fixed beginning of every f-string with a star."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr) and node.values:
            beginning = node.values[0]
            if (
                isinstance(beginning, ast.Constant)
                and isinstance(beginning.value, str)
                and "." in beginning.value
            ):
                yield f"{beginning.value}*"


def idle(catalogue: Mapping[str, Sentence], said: set[str]) -> list[str]:
    """Return the sentences nobody says."""
    beginnings = tuple(text[:-1] for text in said if text.endswith("*") and len(text) > 1)
    return sorted(
        code
        for code in catalogue
        if code not in said and not (beginnings and code.startswith(beginnings))
    )
