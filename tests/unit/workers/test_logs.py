from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from workers import logs

CANARY = "canary-password"


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail_below() -> None:
    raise KeyError(CANARY)


def fail() -> None:
    try:
        fail_below()
    except KeyError as error:
        raise ValueError(CANARY) from error


def fail_alone() -> None:
    try:
        fail_below()
    except KeyError:
        raise ValueError from None


def test_a_line_is_one_json_object_with_time_and_level(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger("ours").info("taken_up", reference="r-1")
    logging.getLogger("rq.worker").warning("Worker %s: started", "w1", extra={"arguments": (CANARY,)})
    ours, theirs = lines(capsys)
    assert (ours["event"], ours["reference"], ours["level"]) == ("taken_up", "r-1", "info")
    assert (theirs["event"], theirs["level"]) == ("Worker w1: started", "warning")
    assert CANARY not in repr(theirs)
    assert "timestamp" in theirs


def test_a_traceback_tells_types_and_places_but_no_text(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        fail()
    except ValueError as error:
        structlog.get_logger().exception("internal")
        structlog.get_logger().error("internal", exc_info=error)
        logging.getLogger("rq.worker").exception("failed")
    written = lines(capsys)
    assert len(written) == 3
    for line in written:
        assert CANARY not in repr(line)
        chain = line["exception"]
        assert isinstance(chain, list)
        assert [row["type"] for row in chain] == ["builtins.ValueError", "builtins.KeyError"]
        assert chain[0]["at"][-1].endswith(" fail")


def test_no_exception_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().error("nothing", exc_info=True)
    assert "exception" not in lines(capsys)[0]


def test_a_suppressed_context_stays_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        fail_alone()
    except ValueError:
        structlog.get_logger().exception("internal")
    chain = lines(capsys)[0]["exception"]
    assert isinstance(chain, list)
    assert len(chain) == 1
