"""Logs go to standard error as it is, not as it was when they were prepared."""

import io
import json
import sys

import pytest
import structlog

from runtime.logs import prepare_logs


def test_a_log_written_after_standard_error_was_exchanged_goes_to_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = io.StringIO(), io.StringIO()
    try:
        monkeypatch.setattr(sys, "stderr", old)
        prepare_logs("info")
        log = structlog.get_logger("a-test")
        log.info("first")
        old.close()
        monkeypatch.setattr(sys, "stderr", new)
        log.info("second", seq=2)
    finally:
        structlog.reset_defaults()
    told = json.loads(new.getvalue())
    assert (told["event"], told["seq"], told["level"]) == ("second", 2, "info")
