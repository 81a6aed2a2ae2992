"""House rules about code, each a pure function from source to what is wrong with it."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

FILE_LINES = 300
FUNCTION_LINES = 40
DRAWERS = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def own_lines(function: Function) -> int:
    """Return how many lines a function has of its own, without those of functions inside it."""
    inner = [
        node for node in ast.walk(function) if isinstance(node, Function) and node is not function
    ]
    taken = {
        line for node in inner for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return sum(
        line not in taken
        for line in range(function.lineno, (function.end_lineno or function.lineno) + 1)
    )


def too_long(source: str, tree: ast.Module) -> Iterator[str]:
    """Tell a file over 300 lines and every function over 40."""
    lines = source.count("\n")
    if lines > FILE_LINES:
        yield f"{lines} lines, {FILE_LINES} are allowed: two subjects live here"
    for node in ast.walk(tree):
        if isinstance(node, Function) and own_lines(node) > FUNCTION_LINES:
            yield f"{node.lineno}: {node.name} has {own_lines(node)} lines, {FUNCTION_LINES} are allowed"


def pollers(tree: ast.Module) -> Iterator[str]:
    """Tell every `dcc.Interval`: screens are told, they do not ask."""
    for node in ast.walk(tree):
        named = (isinstance(node, ast.Attribute) and node.attr == "Interval") or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("dash")
            and any(alias.name == "Interval" for alias in node.names)
        )
        if named:
            yield f"{getattr(node, 'lineno', 0)}: dcc.Interval; listen to the live feed instead"


def blocking_callbacks(tree: ast.Module) -> Iterator[str]:
    """Tell every Dash callback that is not async: one such blocks the event loop for everybody."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name == "callback":
                yield f"{node.lineno}: callback {node.name} is not async"


def drawers(path: PurePosixPath) -> Iterator[str]:
    """Tell a file or folder that is named like a drawer, alone or as its last word."""
    for part in path.parts:
        stem = part.lower().split(".")[0]
        if stem.rpartition("_")[2] in DRAWERS:
            yield f"{path}: {stem} says nothing; name the subject and the role"


def documentation_strings(tree: ast.Module) -> set[int]:
    """Return the identities of the docstring nodes of a tree."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, holders) and node.body and isinstance(node.body[0], ast.Expr)
    }


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string that is not a docstring."""
    spoken = documentation_strings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
        ):
            yield node.lineno, node.value


# Names of schemas (never fetched), this machine, names kept for examples, and the attribution OpenStreetMap asks for.
ALLOWED_HOSTS = re.compile(
    r"^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|.*\.(example|invalid|test)|(.*\.)?example\.(com|org|net)"
    r"|www\.w3\.org|www\.opengis\.net|schemas\.[\w.\-]+|json-schema\.org|www\.openstreetmap\.org|[\w\-]+)$"
)
URL = re.compile(
    r"""(?:\bhttps?:|\bwss?:|["'(])//(\[::1\]|[A-Za-z0-9][\w.\-]*\.[A-Za-z]{2,})(?=[/:"'\s)?#]|$)"""
)


def outside_hosts(text: str) -> Iterator[str]:
    """Tell every URL that names a host of the outside world: the console works on a closed network."""
    for match in URL.finditer(text):
        if not ALLOWED_HOSTS.match(match.group(1)):
            yield match.group(1)


def imported(tree: ast.Module) -> set[str]:
    """Return the top-level names a file imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def attributes(tree: ast.Module) -> set[str]:
    """Return the names of all attributes a file reads."""
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def has_layout(tree: ast.Module) -> bool:
    """Say whether a module of `views/` is a screen: it has a `layout`."""
    return any(isinstance(node, Function) and node.name == "layout" for node in tree.body)
