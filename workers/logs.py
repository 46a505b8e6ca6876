"""The worker's log: one JSON object a line on stderr, from us and from RQ alike.

Tracebacks tell the types, files and functions of an error. Its text stays out: it may hold what a call was given.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any, Final

import structlog

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

LOUD_LIBRARIES: Final = ("rq.worker", "rq.job", "rq.queue", "rq.registry")


def configure(level: int = logging.INFO) -> None:
    """Set up the logging of this process."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        bare_traceback,
    ]
    handler = logging.StreamHandler(sys.stderr)
    render: list[structlog.types.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.JSONRenderer(),
    ]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=render, foreign_pre_chain=shared))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in LOUD_LIBRARIES:
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )


def bare_traceback(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by the chain of its types, with where each was raised."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    if isinstance(found, BaseException):
        found = (type(found), found, found.__traceback__)
    if found and found[0] is not None:
        event["exception"] = _chain(found)
    return event


def _chain(found: _ExcInfo) -> list[dict[str, object]]:
    """Give the raised exception first, then what caused it."""
    chain: list[dict[str, object]] = []
    error: BaseException | None = found[1]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        chain.append({"type": f"{type(error).__module__}.{type(error).__qualname__}", "at": places})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return chain
