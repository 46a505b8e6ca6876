"""The second copy of the audit trail: written from a real server, whole whatever comes between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis

from bot.copying import Copier, CopyFolder, copier
from bot.ledger import auditing, keys
from bot.ledger.auditing import entries
from bot.ledger.notes import Explaining, Notes
from tests.programs import wait_until
from tests.servers import empty_url
from tests.stories import START


@pytest.fixture
def redis() -> Redis:
    return Redis.from_url(empty_url())


@pytest.fixture
def folder(tmp_path: Path) -> CopyFolder:
    return CopyFolder(tmp_path / "copies" / "one")


def notes(redis: Redis, count: int = 1) -> None:
    for number in range(count):
        Notes(redis).explained(Explaining(str(number), START, "U1", "T1", "C1", "error", None))


def is_whole(redis: Redis, folder: CopyFolder) -> bool:
    return list(folder.entries()) == list(entries(redis))


def file_of(folder: CopyFolder) -> Path:
    (file,) = folder.path.glob("audit-*.jsonl")
    return file


@contextmanager
def copying(redis: Redis, folder: CopyFolder) -> Iterator[Copier]:
    stop, made = threading.Event(), Copier(redis, folder)
    thread = threading.Thread(target=made.run, args=(stop,))
    thread.start()
    try:
        yield made
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_all_that_is_recorded_is_copied_and_goes_on_after_a_restart(redis: Redis, folder: CopyFolder) -> None:
    notes(redis, 3)
    with copying(redis, folder):
        wait_until(lambda: is_whole(redis, folder), "a first copy")
        notes(redis, 2)
        wait_until(lambda: is_whole(redis, folder), "what came meanwhile")
    notes(redis, 2)
    with copying(redis, folder):
        wait_until(lambda: is_whole(redis, folder), "what came between")
    assert file_of(folder).read_bytes().count(b"\n") == 7
    assert (folder.path.stat().st_mode & 0o777, file_of(folder).stat().st_mode & 0o777) == (0o700, 0o600)


def test_a_line_that_a_crash_has_torn_is_written_once_more_and_stays(redis: Redis, folder: CopyFolder) -> None:
    notes(redis, 3)
    folder.path.mkdir(parents=True)
    Copier(redis, folder).turn()
    whole = file_of(folder).read_bytes()
    torn = whole[:-20]
    file_of(folder).write_bytes(torn)
    assert not is_whole(redis, folder)
    assert Copier(redis, folder).turn() == 1
    assert is_whole(redis, folder)
    assert file_of(folder).read_bytes() == torn + b"\n" + whole.splitlines(keepends=True)[-1]


def test_a_file_in_which_nothing_is_whole_is_passed_over(redis: Redis, folder: CopyFolder) -> None:
    notes(redis, 2)
    folder.path.mkdir(parents=True)
    Copier(redis, folder).turn()
    (folder.path / "audit-9999-01-01.jsonl").write_bytes(b'{"entry":')
    assert folder.last() == list(entries(redis))[-1].id
    (folder.path / "audit-9999-01-01.jsonl").unlink()
    assert Copier(redis, folder).turn() == 0


def test_each_day_has_a_file_of_its_own(redis: Redis, folder: CopyFolder) -> None:
    for moment in (1_700_000_000_000, 1_700_000_000_001, 1_700_086_400_000):
        redis.xadd(keys.AUDIT, {"record": b"junk"}, id=f"{moment}-0")
    folder.path.mkdir(parents=True)
    assert Copier(redis, folder).turn() == 3
    assert sorted(file.name for file in folder.path.iterdir()) == ["audit-2023-11-14.jsonl", "audit-2023-11-15.jsonl"]
    assert is_whole(redis, folder)


def test_a_long_trail_is_copied_page_by_page(redis: Redis, folder: CopyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "PAGE", 2)
    notes(redis, 5)
    with copying(redis, folder):
        wait_until(lambda: is_whole(redis, folder), "all of it")


def test_two_bots_do_not_write_into_one_folder(redis: Redis, folder: CopyFolder) -> None:
    notes(redis, 2)
    with folder.held() as held:
        assert held
        with folder.held() as other:
            assert not other
    with copying(redis, folder), copying(redis, folder):
        wait_until(lambda: is_whole(redis, folder), "a copy")
        notes(redis, 2)
        wait_until(lambda: is_whole(redis, folder), "a copy")
    assert file_of(folder).read_bytes().count(b"\n") == 4


def test_a_bot_takes_over_the_folder_of_one_that_has_ended(
    redis: Redis, folder: CopyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copier, "PAUSE_SECONDS", 0.01)
    notes(redis)
    with folder.held(), copying(redis, folder):
        assert not list(folder.entries())
    with copying(redis, folder):
        wait_until(lambda: is_whole(redis, folder), "a copy")


def breaks_the_disk(redis: Redis, folder: CopyFolder) -> Callable[[], object]:
    """Let a folder stand where the day's file has to be."""
    del redis
    file = file_of(folder)
    kept = file.rename(folder.path / "kept")
    file.mkdir()

    def mend() -> None:
        file.rmdir()
        kept.rename(file)

    return mend


def breaks_the_stream(redis: Redis, folder: CopyFolder) -> Callable[[], object]:
    """Let something else stand where the stream is."""
    del folder
    redis.rename(keys.AUDIT, "kept")
    redis.set(keys.AUDIT, "x")
    return lambda: redis.rename("kept", keys.AUDIT)


@pytest.mark.parametrize("breaks", [breaks_the_disk, breaks_the_stream])
def test_what_fails_is_tried_again_and_nothing_is_left_out(
    redis: Redis,
    folder: CopyFolder,
    breaks: Callable[[Redis, CopyFolder], Callable[[], object]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(copier, "PAUSE_SECONDS", 0.01)
    notes(redis)
    folder.path.mkdir(parents=True)
    Copier(redis, folder).turn()
    mend = breaks(redis, folder)
    with copying(redis, folder):
        wait_until(lambda: "copy_not_written" in capsys.readouterr().out, "a log line")
        mend()
        notes(redis, 2)
        wait_until(lambda: is_whole(redis, folder), "all of it")
