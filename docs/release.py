"""`python -m docs.release`: is this tree what its version says? Reads the tree and git alone; tags and pushes nothing."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from docs import generate

ROOT = Path(__file__).resolve().parent.parent


def version() -> str:
    """Return the version this tree calls itself."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def wrong_in_changelog(text: str, wanted: str) -> list[str]:
    """Return what a changelog lacks for a release: a dated entry on top, with how to upgrade and to roll back."""
    entries = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    dated = [entry for entry in entries if not entry.startswith("[Unreleased]")]
    if not dated or not re.match(rf"\[{re.escape(wanted)}\] - \d{{4}}-\d\d-\d\d\n", dated[0]):
        return [f"CHANGELOG.md: the newest entry is not '## [{wanted}] - YYYY-MM-DD'"]
    if "Upgrade and roll back" not in dated[0]:
        return [f"CHANGELOG.md: {wanted} does not say how to upgrade and roll back"]
    return []


def wrong_in_git(wanted: str) -> list[str]:
    """Return what git says against a release: changes not committed, or a tag of this name elsewhere."""
    wrong = []
    if _git("status", "--porcelain"):
        wrong.append("there are changes that are not committed")
    tagged = _git("rev-list", "-n", "1", f"v{wanted}")
    if tagged and tagged != _git("rev-parse", "HEAD"):
        wrong.append(
            f"v{wanted} is already the tag of {tagged[:12]}: raise the version in pyproject.toml"
        )
    return wrong


def _git(*arguments: str) -> str:
    ran = subprocess.run(
        ["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False
    )
    return ran.stdout.strip() if ran.returncode == 0 else ""


def main() -> int:
    """Say what stands against a release, or how to make it; return the exit status."""
    wanted = version()
    wrong = wrong_in_changelog((ROOT / "CHANGELOG.md").read_text("utf-8"), wanted)
    wrong += [f"docs/{name} is out of date: run `make docs`" for name in generate.stale()]
    wrong += wrong_in_git(wanted)
    for line in wrong:
        sys.stderr.write(f"{line}\n")
    if not wrong:
        sys.stdout.write(
            f"ready. After `make check` and `make test`: git tag -a v{wanted} -m 'One-Network {wanted}'\n"
        )
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
