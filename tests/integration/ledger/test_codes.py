from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from bot.codes import Codes, SecretsFolder
from bot.ledger import codes, keys
from bot.ledger.auditing import Audit
from bot.ledger.codes import Guesses
from bot.ledger.store import Ledger, LedgerUnavailable
from bot.request import events as e
from bot.request.model import State
from bot.request.refused import Refused
from bot.settings.sealed import Secret
from tests import stories
from tests.authenticator import App
from tests.servers import empty_url
from tests.stories import REQUESTER, START

ANNA = "U0ANNA"


@dataclass
class Desk:
    """Where codes are typed."""

    redis: Redis
    folder: SecretsFolder
    app: App

    @property
    def codes(self) -> Codes:
        return Codes(self.folder, Guesses(self.redis))

    def types(self, code: str, now: float, person: str = ANNA) -> int:
        return self.codes.confirm(person, Secret(code), now)

    def refusal(self, code: str, now: float, person: str = ANNA) -> str:
        with pytest.raises(Refused) as refused:
            self.types(code, now, person)
        return " ".join([refused.value.reason_code, *refused.value.facts.values()])

    def everything(self) -> str:
        """Give all that stands in Redis."""
        held: Any = self.redis.keys("*")
        return " ".join(str(self.redis.dump(key)) + str(key) for key in held)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = SecretsFolder(tmp_path / "codes")
    with Redis.from_url(empty_url()) as redis:
        yield Desk(redis, folder, App(folder.enrol(ANNA)))


def cancelled(step: int, actor: str = REQUESTER) -> e.Cancelled:
    return e.Cancelled(at=START + 1, actor=actor, code_step=step)


def opened(ledger: Ledger, *names: str) -> None:
    for name in names:
        ledger.open(stories.asked(request=name))


def test_a_code_is_used_up_by_the_commit_of_what_it_confirms_and_not_before(desk: Desk) -> None:
    ledger, code = Ledger(desk.redis), desk.app.shows(START)
    opened(ledger, "abc234xy2", "abc234xy3")
    step = desk.types(code, START)
    assert desk.types(code, START) == step
    ledger.commit("abc234xy2", lambda _: [cancelled(step, ANNA)])
    assert desk.refusal(code, START) == "code_used"
    with pytest.raises(Refused, match="code_used"):
        ledger.commit("abc234xy3", lambda _: [cancelled(step, ANNA)])
    assert ledger.open_requests() == ["abc234xy3"]
    later = desk.types(desk.app.shows(START + 30), START + 30)
    assert later == step + 1
    assert ledger.commit("abc234xy3", lambda _: [cancelled(later, ANNA)]).state is State.CANCELLED


def test_an_older_code_is_used_up_with_a_newer_one(desk: Desk) -> None:
    ledger = Ledger(desk.redis)
    opened(ledger, "abc234xy2")
    now = desk.types(desk.app.shows(START), START)
    ledger.commit("abc234xy2", lambda _: [cancelled(now, ANNA)])
    assert desk.refusal(desk.app.shows(START - 30), START) == "code_used"


def test_a_request_is_opened_by_a_code_once(desk: Desk) -> None:
    ledger = Ledger(desk.redis)
    ledger.open(stories.asked(request="abc234xy2", code_step=7))
    with pytest.raises(Refused, match="code_used"):
        ledger.open(stories.asked(request="abc234xy3", code_step=7))
    assert ledger.load("abc234xy3") is None


def test_the_same_code_sent_many_times_at_once_counts_once(desk: Desk) -> None:
    ledger, names = Ledger(desk.redis, 10), [f"abc234x{letter}2" for letter in "abcdefgh"]
    opened(ledger, *names)

    def confirms(name: str) -> bool:
        try:
            ledger.commit(name, lambda _: [cancelled(7)])
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(confirms, names)) == 1
    assert len(ledger.open_requests()) == 7


def test_one_persons_code_uses_up_nobody_elses(desk: Desk) -> None:
    ledger = Ledger(desk.redis)
    opened(ledger, "abc234xy2", "abc234xy3")
    ledger.commit("abc234xy2", lambda _: [cancelled(7, "U0BEN")])
    assert ledger.commit("abc234xy3", lambda _: [cancelled(7, ANNA)]).ended


def test_five_wrong_codes_lock_somebody_out_for_a_quarter_of_an_hour(desk: Desk) -> None:
    now = START
    for _ in range(5):
        assert desk.refusal(desk.app.does_not_show(now), now) == "code_wrong"
        now += 60
    assert desk.refusal(desk.app.shows(now), now) == "code_locked 15"
    with pytest.raises(Refused, match="code_locked"):
        desk.codes.refuse_without(ANNA, now)
    ends = now - 60 + 15 * 60
    assert desk.refusal(desk.app.shows(ends - 1), ends - 1) == "code_locked 1"
    assert desk.types(desk.app.shows(ends), ends)
    desk.codes.refuse_without(ANNA, ends)


def test_what_is_typed_while_somebody_is_locked_out_does_not_make_it_longer(desk: Desk) -> None:
    for _ in range(9):
        desk.refusal(desk.app.does_not_show(START), START)
    assert desk.types(desk.app.shows(START + 900), START + 900)


def test_each_wrong_code_is_recorded_without_the_code_itself(desk: Desk) -> None:
    desk.refusal(desk.app.does_not_show(START), START)
    rows: Any = desk.redis.xrange(keys.AUDIT)
    (record,) = [fields[b"record"].decode() for _, fields in rows]
    assert f'"data":{{"actor":"{ANNA}","at":{START},"type":"WrongCode"}}' in record
    assert list(Audit(desk.redis).findings()) == []


def test_wrong_codes_that_are_far_apart_lock_nobody_out(desk: Desk) -> None:
    for number in range(12):
        now = START + number * 240
        assert desk.refusal(desk.app.does_not_show(now), now) == "code_wrong"


def test_a_wrong_code_uses_up_no_right_one_and_locks_out_nobody_else(desk: Desk) -> None:
    ben = App(desk.folder.enrol("U0BEN"))
    for _ in range(5):
        desk.refusal(desk.app.does_not_show(START), START)
    assert desk.types(ben.shows(START), START, "U0BEN")


def test_of_many_guesses_sent_at_once_no_more_than_five_are_answered(desk: Desk) -> None:
    def guess(_: int) -> str:
        return desk.refusal(desk.app.does_not_show(START), START).partition(" ")[0]

    with ThreadPoolExecutor(16) as pool:
        told = list(pool.map(guess, range(40)))
    assert (told.count("code_wrong"), told.count("code_locked")) == (5, 35)


def test_who_has_no_codes_and_whose_secret_cannot_be_read_is_told_so_without_a_guess(desk: Desk) -> None:
    assert desk.refusal("123456", START, "U0BEN") == "not_enrolled U0BEN"
    nobody = Codes(None, Guesses(desk.redis))
    with pytest.raises(Refused, match="not_enrolled"):
        nobody.refuse_without(ANNA, START)
    (desk.folder.path / ANNA).write_text("canary\n", encoding="utf-8")
    assert desk.refusal("123456", START) == "codes_unreadable"
    (desk.folder.path / ANNA).write_text("", encoding="utf-8")
    assert desk.refusal("123456", START) == "codes_unreadable"
    assert desk.redis.exists(keys.wrong_codes(ANNA), keys.wrong_codes("U0BEN")) == 0


def test_neither_a_code_nor_a_secret_stands_in_the_ledger(desk: Desk) -> None:
    ledger, right, wrong = Ledger(desk.redis), desk.app.shows(START), desk.app.does_not_show(START)
    opened(ledger, "abc234xy2")
    desk.refusal(wrong, START)
    step = desk.types(right, START)
    ledger.commit("abc234xy2", lambda _: [cancelled(step, ANNA)])
    assert not any(text in desk.everything() for text in (right, desk.app.secret.reveal()))


def test_a_ledger_that_is_silent_takes_no_code(desk: Desk) -> None:
    codes = Codes(desk.folder, Guesses(Redis.from_url("unix:///nowhere/s.sock")))
    with pytest.raises(LedgerUnavailable):
        codes.confirm(ANNA, Secret(desk.app.shows(START)), START)
    with pytest.raises(LedgerUnavailable):
        codes.refuse_without(ANNA, START)


def test_a_guess_that_others_overtake_is_looked_at_anew_and_given_up_in_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis, guesses = desk.redis, list[int]()
    wrong = Guesses(redis)

    def overtaken() -> int:
        guesses.append(1)
        if len(guesses) == 1:
            redis.lpush(keys.wrong_codes("UANNA"), "1.0")
        return 7

    assert wrong.judge("UANNA", 1000.0, overtaken) == 7
    assert len(guesses) == 2
    monkeypatch.setattr(codes, "COMMIT_SECONDS", -1.0)
    with pytest.raises(LedgerUnavailable, match="late"):
        wrong.judge("UANNA", 1000.0, overtaken)
