from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.supervision import tether
from tests.integration.supervision.processes import ENV, STAY, STUBBORN, gone, python

ROOT = Path(__file__).parents[3]
LINUX_ONLY = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
SUPERVISE = """
import json, sys
from pathlib import Path
from deploy.supervision import Child, Supervisor
with Supervisor(Path(sys.argv[1])) as supervisor:
    children = [Child(name, (sys.executable, "-c", sys.argv[2]), {}, ready_within=20.0) for name in "ab"]
    pids = [supervisor.start(child)["pid"] for child in children]
    print(json.dumps(pids), flush=True)
    supervisor.wait()
"""


def supervised(tmp_path: Path, source: str) -> tuple[subprocess.Popen[bytes], list[int]]:
    env = ENV | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(  # noqa: S603 - our own script
        python(SUPERVISE, str(tmp_path), source), stdout=subprocess.PIPE, env=env
    )
    assert process.stdout is not None
    with process.stdout as stdout:
        first, second = stdout.readline().strip(b"[]\n").split(b", ")
    return process, [int(first), int(second)]


@LINUX_ONLY
def test_processes_die_with_a_killed_supervisor(tmp_path: Path) -> None:
    process, pids = supervised(tmp_path, STUBBORN)
    process.kill()
    process.wait()
    assert all(map(gone, pids))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_supervisor_that_is_asked_to_end_leaves_no_process_behind(tmp_path: Path, number: signal.Signals) -> None:
    process, pids = supervised(tmp_path, STAY)
    process.send_signal(number)
    assert process.wait(timeout=20) == 0
    assert all(map(gone, pids))


def test_a_program_whose_parent_is_gone_already_is_not_run() -> None:
    another = os.getppid()
    command = [sys.executable, "-I", tether.__file__, str(another), *python("print('ran')")]
    result = subprocess.run(command, env=ENV, capture_output=True, check=False)  # noqa: S603 - our own script
    assert (result.returncode, result.stdout) == (tether.ORPHANED, b"")


def test_a_program_that_cannot_be_run_answers_as_a_shell_does(tmp_path: Path) -> None:
    command = tether.tethered([str(tmp_path)])
    result = subprocess.run(command, env=ENV, capture_output=True, check=False)  # noqa: S603 - our own script
    assert result.returncode == tether.NOT_RUN
    assert result.stderr.decode() == f"srbot: {tmp_path} can't be run: Permission denied\n"
