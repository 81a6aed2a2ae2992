"""What a refused command looks like."""

import pytest

from runtime.command_line import main


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that is refused: status 2, one sentence in each language, no traceback."""
    assert main(list(arguments)) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 2
    return told.err
