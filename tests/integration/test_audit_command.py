"""`srbot audit`, as people type it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis

from bot.copying import Copier, CopyFolder
from bot.ledger import keys
from bot.ledger.store import Ledger
from deploy.cli import main
from tests import stories
from tests.integration.command_line import CONFIGURATION
from tests.servers import empty_url
from tests.stories import APPROVER, REQUESTER

NAME = "abc234xyz"


@pytest.fixture
def url() -> str:
    url = empty_url()
    with Redis.from_url(url) as redis:
        ledger = Ledger(redis)
        ledger.open(stories.asked(request=NAME, reason="=1+1"))
        for event in stories.queued().events[1:]:
            ledger.commit(NAME, lambda _, happened=event: [happened])  # type: ignore[misc]  # a lambda's default
    return url


def types(url: str, tmp_path: Path, *words: str, more: str = "") -> Result:
    config = tmp_path / "srbot.toml"
    text = CONFIGURATION.format(api_url="http://127.0.0.1:9/api/", account="somebody", person="U1", channel="C1")
    config.write_text(text + more, encoding="utf-8")
    return CliRunner().invoke(main, ["audit", *words, "--config", str(config)], env={"SRBOT_REDIS_URL": url})


def exported(url: str, tmp_path: Path, *words: str) -> list[dict[str, Any]]:
    done = types(url, tmp_path, "export", *words)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_whole_trail_is_said_to_be_whole(url: str, tmp_path: Path) -> None:
    done = types(url, tmp_path, "verify")
    assert done.exit_code == 0
    whole, copy = done.stdout.splitlines()
    assert whole.endswith(" records in 1 chains: each is as it was written, and none is missing.")
    assert copy == "There is no second copy: audit.folder is not configured."


def test_a_broken_trail_is_named_by_its_places(url: str, tmp_path: Path) -> None:
    with Redis.from_url(url) as redis:
        rows: Any = redis.xrange(keys.AUDIT)
        redis.xdel(keys.AUDIT, rows[2][0])
        for _ in range(60):
            redis.xadd(keys.AUDIT, {"record": b"junk"})
    done = types(url, tmp_path, "verify")
    assert done.exit_code == 1
    assert f"entry {rows[3][0].decode()}, record 4 of {NAME}: records of its chain are missing before it" in done.stderr
    assert ": it can't be read" in done.stderr
    assert "and 11 more" in done.stderr


COPIED = '[audit]\nfolder = "copy"\n'


def copied(url: str, tmp_path: Path) -> int:
    (tmp_path / "copy").mkdir()
    with Redis.from_url(url) as redis:
        return Copier(redis, CopyFolder(tmp_path / "copy")).turn()


def test_a_second_copy_that_is_the_same_is_said_to_be(url: str, tmp_path: Path) -> None:
    copied(url, tmp_path)
    done = types(url, tmp_path, "verify", more=COPIED)
    assert done.stdout.endswith(f"The second copy in {tmp_path / 'copy'} is the same.\n")


def test_a_ledger_that_was_flushed_is_missed_by_its_second_copy(url: str, tmp_path: Path) -> None:
    count = copied(url, tmp_path)
    with Redis.from_url(url) as redis:
        redis.flushdb()
    done = types(url, tmp_path, "verify", more=COPIED)
    assert done.exit_code == 1
    assert done.stderr.count(": it stands in the second copy alone") == count


def test_a_second_copy_that_cannot_be_read_is_told_of(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy" / "audit-2027-01-15.jsonl").mkdir(parents=True)
    done = types(url, tmp_path, "verify", more=COPIED)
    assert done.exit_code == 1
    assert "the second copy can't be read: Is a directory" in done.stderr


def test_records_are_exported_with_their_hashes_and_chosen_by_request_person_and_time(url: str, tmp_path: Path) -> None:
    rows = exported(url, tmp_path)
    assert [row["record"]["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["record"]["previous"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]
    by_approver = exported(url, tmp_path, "--person", APPROVER)
    assert [row["record"]["data"]["type"] for row in by_approver] == ["Approved"]
    assert exported(url, tmp_path, "--request", NAME) == rows
    assert exported(url, tmp_path, "--request", "zzzzzzzzz") == []
    assert exported(url, tmp_path, "--since", "2027-01-15") == rows
    assert exported(url, tmp_path, "--since", "2027-01-16") == []


def test_what_cannot_be_read_is_exported_all_the_same(url: str, tmp_path: Path) -> None:
    with Redis.from_url(url) as redis:
        redis.xadd(keys.AUDIT, {"record": b"\xffjunk"})
        redis.xadd(keys.AUDIT, {"record": b"[1]"})
    assert exported(url, tmp_path, "--person", APPROVER)[-2:] == [
        {"entry": row["entry"], "hash": "", "record": row["record"]} for row in exported(url, tmp_path)[-2:]
    ]


def test_a_table_has_a_line_for_each_record_and_no_formula(url: str, tmp_path: Path) -> None:
    with Redis.from_url(url) as redis:
        redis.xadd(keys.AUDIT, {"record": json.dumps({"data": {"type": "=1+1", "actor": "@sum"}})})
    rows = list(csv.DictReader(io.StringIO(types(url, tmp_path, "export", "--format", "csv").stdout)))
    assert (rows[0]["what"], rows[0]["who"], rows[0]["request"]) == ("Asked", REQUESTER, NAME)
    assert rows[0]["at"].startswith("2027-01-15T")
    assert rows[1]["previous"] == rows[0]["hash"]
    assert (rows[-1]["what"], rows[-1]["who"], rows[-1]["at"]) == ("'=1+1", "'@sum", "")
