from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from deploy.supervision import AskedToStopError, Child, NotReadyError, Pauses, Supervisor, run
from tests.integration.supervision.processes import ENV, SAY_READY, STAY, STUBBORN, gone, python

if TYPE_CHECKING:
    from pathlib import Path

READY_WITHIN = 20.0
AT_ONCE = Pauses((0.01, 0.02))
ON_TERM = (
    "import signal, sys;"
    "signal.signal(signal.SIGTERM, lambda *_: (open(sys.argv[2], 'a').write(sys.argv[1]), sys.exit()));"
    "print('{}', flush=True); signal.pause()"
)


def staying(name: str = "stayer", source: str = STAY) -> Child:
    return Child(name, python(source), ENV, ready_within=READY_WITHIN)


def test_a_ready_line_is_given_to_who_starts_the_process(tmp_path: Path) -> None:
    seen: list[tuple[str, dict[str, Any]]] = []
    with Supervisor(tmp_path, on_ready=lambda child, facts: seen.append((child.name, facts))) as supervisor:
        facts = supervisor.start(staying())
        assert supervisor.pid("stayer") == facts["pid"]
        assert supervisor.pid("another") is None
        os.kill(facts["pid"], 0)  # raises when it doesn't live
    assert seen == [("stayer", facts)]
    assert gone(facts["pid"])


def test_a_process_that_announces_nothing_is_started_without_waiting(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        assert supervisor.start(Child("quiet", python("import signal; signal.pause()"), ENV)) == {}


def test_processes_end_in_reverse_order(tmp_path: Path) -> None:
    ends = tmp_path / "ends"
    with Supervisor(tmp_path) as supervisor:
        for name in "abc":
            supervisor.start(Child(name, python(ON_TERM, name, str(ends)), ENV, ready_within=READY_WITHIN))
    assert ends.read_text() == "cba"


def test_a_process_that_ignores_the_request_to_end_is_killed(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        facts = supervisor.start(replace(staying(source=STUBBORN), stop_within=0.2))
    assert gone(facts["pid"])


def test_what_a_process_leaves_in_its_group_ends_with_it(tmp_path: Path) -> None:
    source = (
        "import json, subprocess, sys;"
        "left = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()']);"
        "print(json.dumps({'left': left.pid}), flush=True); left.wait()"
    )
    with Supervisor(tmp_path) as supervisor:
        left = supervisor.start(staying(source=source))["left"]
    assert gone(left)


def test_output_and_errors_are_appended_to_the_log_and_the_folder_is_private(tmp_path: Path) -> None:
    source = "import sys; print('{}'); print('said'); sys.stderr.write('wrong\\n')"
    for _ in range(2):
        with Supervisor(tmp_path) as supervisor:
            supervisor.start(Child("speaker", python(source), ENV, when_dead="end"))
            supervisor.wait()
    lines = (tmp_path / "logs" / "speaker.log").read_text().splitlines()
    assert sorted(lines) == ["said", "said", "wrong", "wrong", "{}", "{}"]
    assert (tmp_path / "logs").stat().st_mode & 0o077 == 0


def test_a_process_gets_exactly_the_environment_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "canary")
    source = "import json, os, signal; print(json.dumps(dict(os.environ)), flush=True); signal.pause()"
    with Supervisor(tmp_path) as supervisor:
        child = Child("worker", python(source), ENV | {"ONLY": "this"}, ready_within=READY_WITHIN)
        facts = supervisor.start(child)
    assert facts["ONLY"] == "this"
    assert "SLACK_BOT_TOKEN" not in facts
    assert "this" not in repr(child)


def test_a_death_before_readiness_is_told_with_the_end_of_the_log(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor, pytest.raises(NotReadyError) as caught:
        supervisor.start(staying("pool", "raise SystemExit('port 80 is taken')"))
    assert "pool ended with exit code 1 before it was ready" in str(caught.value)
    assert str(caught.value).endswith("port 80 is taken")
    assert str(tmp_path / "logs" / "pool.log") in str(caught.value)


@pytest.mark.parametrize("line", ["listening on 80", "[1]"])
def test_a_first_line_that_is_no_json_object_does_not_count_as_ready(tmp_path: Path, line: str) -> None:
    source = f"import signal; print({line!r}, flush=True); signal.pause()"
    child = Child("pool", python(source), ENV, ready_within=0.5)
    with Supervisor(tmp_path) as supervisor, pytest.raises(NotReadyError, match=r"pool was not ready within 0\.5 s"):
        supervisor.start(child)


def test_a_program_that_does_not_exist_is_named(tmp_path: Path) -> None:
    child = Child("bot", ("/nowhere/srbot",), ENV, ready_within=READY_WITHIN)
    with Supervisor(tmp_path) as supervisor, pytest.raises(NotReadyError, match="/nowhere/srbot can't be run: No such"):
        supervisor.start(child)


def test_a_dead_process_is_started_again_with_growing_pauses(tmp_path: Path) -> None:
    pids: list[int] = []
    said: list[str] = []
    supervisor = Supervisor(
        tmp_path, echo=said.append, on_ready=lambda _, facts: pids.append(facts["pid"]), pauses=AT_ONCE
    )
    with supervisor:
        supervisor.start(staying("bot", f"{SAY_READY} os.kill(os.getpid(), signal.SIGKILL)"))
        assert supervisor.wait(done=lambda: len(pids) == 4).reason == "done"
    assert len(set(pids)) == 4
    assert "bot was killed by signal 9, it is started again in 0.01 s" in said[0]
    assert "in 0.02 s" in said[1]
    assert "in 0.02 s" in said[2]


def test_a_restarted_process_that_does_not_get_ready_is_killed_and_started_again(tmp_path: Path) -> None:
    said: list[str] = []
    marker = tmp_path / "first"
    source = (
        f"import os, signal; os.path.exists({str(marker)!r}) and [signal.pause() for _ in iter(int, 1)];"
        f"open({str(marker)!r}, 'w').close(); print('{{}}', flush=True)"
    )
    child = Child("bot", python(source), ENV, ready_within=2.0)
    with Supervisor(tmp_path, echo=said.append, pauses=AT_ONCE) as supervisor:
        supervisor.start(child)
        supervisor.wait(done=lambda: any("did not get ready again" in line for line in said))
        assert supervisor.wait(done=lambda: "killed by signal 9" in said[-1]).code == 0


@pytest.mark.parametrize(("source", "code"), [("raise SystemExit(3)", 3), ("pass", 0)])
def test_the_end_of_a_process_that_must_live_ends_everything(tmp_path: Path, source: str, code: int) -> None:
    with Supervisor(tmp_path) as supervisor:
        other = supervisor.start(staying("other"))["pid"]
        supervisor.start(Child("tour", python(source), ENV, when_dead="end"))
        end = supervisor.wait()
    assert (end.code, end.reason.split(",")[0]) == (code, f"tour ended with exit code {code}")
    assert gone(other)


def test_a_killed_process_that_must_live_ends_everything_with_an_error(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        pid = supervisor.start(replace(staying("tour"), when_dead="end"))["pid"]
        os.kill(pid, signal.SIGKILL)
        assert supervisor.wait().code == 1


def test_a_watch_that_speaks_ends_everything(tmp_path: Path) -> None:
    with Supervisor(tmp_path, watches=[lambda: None, lambda: "the server is gone"]) as supervisor:
        end = supervisor.wait()
    assert (end.code, end.reason) == (1, "the server is gone")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_in_good_order(tmp_path: Path, number: signal.Signals) -> None:
    before = signal.signal(number, heard := lambda *_: None)  # what nohup starts ignores SIGHUP
    try:
        with Supervisor(tmp_path) as supervisor:
            pid = supervisor.start(staying())["pid"]
            os.kill(os.getpid(), number)
            end = supervisor.wait()
        assert signal.getsignal(number) is heard
    finally:
        signal.signal(number, before)
    assert (end.code, end.reason) == (0, f"asked to stop ({number.name})")
    assert gone(pid)


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Supervisor(tmp_path):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_signal_while_starting_stops_the_start(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        os.kill(os.getpid(), signal.SIGTERM)
        with pytest.raises(AskedToStopError, match="SIGTERM"):
            supervisor.start(staying())


def test_a_second_signal_kills_who_is_slow_to_end(tmp_path: Path) -> None:
    with Supervisor(tmp_path) as supervisor:
        pid = supervisor.start(replace(staying(source=STUBBORN), stop_within=1000))["pid"]
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
    assert gone(pid)


def test_an_error_of_the_caller_leaves_no_process_behind(tmp_path: Path) -> None:
    pids: list[int] = []

    def fail_beside_a_process() -> None:
        with Supervisor(tmp_path) as supervisor:
            pids.append(supervisor.start(staying())["pid"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_beside_a_process()
    assert all(map(gone, pids))


def test_a_set_runs_until_its_end(tmp_path: Path) -> None:
    ending = Child("tour", python("raise SystemExit(4)"), ENV, when_dead="end")
    assert run([staying(), ending], Supervisor(tmp_path)).code == 4


def test_a_set_that_does_not_get_ready_says_why(tmp_path: Path) -> None:
    end = run([staying(source="raise SystemExit('no')")], Supervisor(tmp_path))
    assert end.code == 1
    assert end.reason.endswith("no")


def test_a_set_asked_to_stop_while_starting_ends_well(tmp_path: Path) -> None:
    asking = f"import os, signal; os.kill({os.getpid()}, signal.SIGTERM); signal.pause()"
    end = run([staying(source=asking)], Supervisor(tmp_path))
    assert (end.code, end.reason) == (0, "asked to stop (SIGTERM)")


def test_pauses_grow_to_a_limit_and_start_anew_after_a_steady_life() -> None:
    pauses = Pauses()
    assert [pauses.after(deaths) for deaths in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]
    assert pauses.deaths(5, lived=59.9) == 6
    assert pauses.deaths(5, lived=60.0) == 1


def test_deaths_are_echoed_to_stderr_by_default(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[object] = []
    with Supervisor(tmp_path, pauses=AT_ONCE, on_ready=lambda _, facts: seen.append(facts)) as supervisor:
        supervisor.start(staying("bot", "print('{}')"))
        supervisor.wait(done=lambda: len(seen) == 2)
    assert capsys.readouterr().err.startswith("srbot: bot ended with exit code 0, it is started again in 0.01 s")
