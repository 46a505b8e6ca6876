"""The bot's logs: one JSON object a line on stderr, with event names and ids, never with what people wrote."""

from __future__ import annotations

import logging
import os
import sys
from typing import Final

import structlog

LEVEL: Final = "SRBOT_LOG_LEVEL"
_LIBRARIES: Final = ("slack_bolt", "slack_sdk", "rq")


def configure() -> None:
    """Set structlog up. What Bolt and the SDK log on lower levels holds whole payloads, so only warnings pass."""
    wanted = logging.getLevelNamesMapping().get(os.environ.get(LEVEL, "INFO").upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(wanted),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.WARNING)
