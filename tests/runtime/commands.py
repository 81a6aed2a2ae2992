"""What a refused command looks like."""

import pytest

from runtime.command_line import main


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that is refused: status 2, one sentence in each language, no traceback."""
    assert main(list(arguments)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    # A log is no answer: what other consoles of this process write down stands on lines of its own.
    said = [line for line in told.err.splitlines() if not line.startswith("{")]
    assert len(said) == 2, told.err
    return told.err
