from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer
from rq.utils import utcformat

from bot.ledger.queueing import OurJob, queue_for
from bot.slack.timekeeping import SILENT_AFTER, workers
from tests.servers import empty_url


@pytest.fixture
def redis() -> Iterator[Redis]:
    with Redis.from_url(empty_url()) as connection:
        yield connection


def test_a_worker_that_fell_silent_does_not_count_as_running(redis: Redis) -> None:
    queue = queue_for(redis, "xenct")
    worker = Worker([queue], connection=redis, job_class=OurJob, serializer=JSONSerializer)
    assert workers(redis, "xenct") == 0
    worker.register_birth()  # type: ignore[no-untyped-call]  # rq leaves it without types
    assert workers(redis, "xenct") == 1
    assert workers(redis, "another") == 0
    silent = datetime.now(UTC) - SILENT_AFTER - timedelta(seconds=1)
    redis.hset(worker.key, "last_heartbeat", utcformat(silent))
    assert workers(redis, "xenct") == 0
