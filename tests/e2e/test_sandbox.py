from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from deploy.sandbox.tour.person import Baffled
from tests.e2e import asking
from tests.e2e.pids import descendants, gone
from tests.e2e.sandboxes import Command, Sandbox, environment, eventually, order, srbot, start

LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
IQN = "iqn.2001-05.com.equallogic:0-8a0906-0d9a4ab02-46600020343560ef-xenct-xen2"
PARTS = ("valkey-server", "deploy.sandbox.slack", "deploy.sandbox.pool", "cli worker xenct", "cli bot")


def processes(sandbox: Sandbox) -> dict[int, str]:
    found = descendants(sandbox.command.process.pid)
    assert all(any(part in line for line in found.values()) for part in PARTS), found
    return found


def cards(sandbox: Sandbox) -> list[str]:
    seen = sandbox.person("requester").reads(sandbox.storage)
    return [each.ts for each in seen if each.body.get("bot_id") and not each.private]


@LINUX_ONLY
def test_a_restart_keeps_everything_a_fresh_start_nothing_and_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    first = start(folder)
    asking.gets_a_plan(first, "Before")
    before, running = cards(first), processes(first)
    assert first.command.interrupted() == 0
    assert [line for pid, line in running.items() if not gone(pid)] == []

    second = start(folder)
    assert second.page_url == first.page_url
    assert cards(second) == before
    uuid = asking.is_created(second, "Before")
    created = second.sr("Before")
    assert created is not None
    assert (created["uuid"], created["pbds_attached"]) == (uuid, 2)
    running = processes(second)
    second.command.process.kill()
    second.command.ends()
    assert [line for pid, line in running.items() if not gone(pid)] == []

    third = start(folder, "--fresh")
    assert cards(third) == []
    assert third.sr("Before") is None
    assert third.command.interrupted() == 0


def test_two_sandboxes_do_not_share_a_folder_and_fresh_does_not_pull_it_away(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    first = start(folder)
    for options in ((), ("--fresh",)):
        second = srbot("sandbox", "--state", str(folder), *options, cwd=tmp_path)
        assert second.returncode == 1
        assert "already runs in" in second.stderr
        assert "Stop that one first, or choose another folder" in second.stderr
        assert "Traceback" not in second.stderr
    assert first.state()["connections"] == 1
    requester = first.person("requester")
    requester.types(first.storage, "/sr help")
    assert first.command.interrupted() == 0
    with pytest.raises(Baffled, match="did not answer"):
        requester.types(first.storage, "/sr help")


def test_ctrl_c_while_it_opens_ends_everything_without_a_traceback(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    command = Command("sandbox", "--state", str(folder), said=tmp_path / "sandbox.out")
    eventually("the first log", (folder / "logs" / "slack.log").exists)
    running = descendants(command.process.pid)
    assert command.interrupted() == 0
    assert "Traceback" not in command.said
    assert [line for pid, line in running.items() if not gone(pid)] == []


def test_a_folder_of_something_else_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = srbot("sandbox", "--state", str(tmp_path), "--fresh", cwd=tmp_path)
    assert done.returncode == 1
    assert (
        done.stderr == f"srbot: {tmp_path} is not empty and is not a sandbox's folder; choose another with --state.\n"
    )
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


class Tour:
    """`srbot sandbox --tour`, with its folder under ours."""

    def __init__(self, tmp_path: Path, *options: str) -> None:
        self._folder = tmp_path
        env = environment(TMPDIR=str(tmp_path))
        arguments = ("sandbox", "--tour", "--delays", "none", *options)
        self.command = Command(*arguments, said=tmp_path / "tour.out", env=env)

    def pool_control(self) -> str:
        """Give the control address of its pool, long before it plays."""
        line = eventually("the pool's first line", self._pool_line, 30.0)
        return str(json.loads(line)["control_url"])

    def _pool_line(self) -> str | None:
        logs = [path.read_text() for path in self._folder.glob("srbot-tour-*/state/logs/pool.log")]
        return logs[0].splitlines()[0] if logs and "\n" in logs[0] else None

    def leftovers(self) -> list[Path]:
        return list(self._folder.glob("srbot-tour-*"))


def test_the_tour_ends_with_0_when_the_sr_exists_and_leaves_nothing_behind(tmp_path: Path) -> None:
    tour = Tour(tmp_path)
    assert tour.command.ends() == 0, tour.command.said
    assert "attached on 2 of 2 hosts" in tour.command.said
    assert "content-type ( RO): user" in tour.command.said
    assert tour.leftovers() == []


@pytest.mark.parametrize(
    "options", [("--array", "netapp"), ("--array", "large"), ("--array", "attach"), ("--flavour", "6.5")]
)
def test_the_tour_has_other_arrays_and_an_older_xenserver(tmp_path: Path, options: tuple[str, ...]) -> None:
    tour = Tour(tmp_path, *options)
    assert tour.command.ends() == 0, tour.command.said
    assert "attached on 2 of 2 hosts" in tour.command.said


def test_the_tour_ends_with_1_and_the_reason_when_the_array_wants_another_chap_user(tmp_path: Path) -> None:
    tour = Tour(tmp_path)
    target = {"iqn": IQN, "chap_user": "somebody-else"}
    order(f"{tour.pool_control()}/control/array", {"op": "put_target", "array": "equallogic", "target": target})
    assert tour.command.ends() == 1
    assert "The tour did not come to its end" in tour.command.said
    assert "The array refused the CHAP login with the credential `tecmint`." in tour.command.said
    assert "Traceback" not in tour.command.said


def test_ctrl_c_cuts_a_tour_off_at_once(tmp_path: Path) -> None:
    tour = Tour(tmp_path)
    hang = {"method": "SR.probe", "kind": "hang", "seconds": 60.0}
    order(f"{tour.pool_control()}/control/fault", hang)
    tour.command.says("Still waiting")
    assert tour.command.interrupted(impatient=True) == 1
    assert "The tour did not come to its end: asked to stop (SIGINT)" in tour.command.said
    assert "Traceback" not in tour.command.said
    assert tour.leftovers() == []
