"""`make bench`: the figures of the README. It judges nothing: this machine's milliseconds, and ratios of one run."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from deploy.embedded import start
from deploy.sandbox.configuration import write_configuration
from deploy.sandbox.house import House
from tests.bench import acks, calls, jobs
from tests.bench.figures import HEAD


def main() -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with tempfile.TemporaryDirectory(prefix="srbot-bench-") as name:
        folder = Path(name)
        with start(folder / "ledger") as ledger:
            rows = acks.measure(folder / "acks", ledger, environ)
        config = write_configuration(House(folder / "acks"), "http://127.0.0.1:9/api/", "http://127.0.0.1:9", 600)
        with start(folder / "ledger2") as ledger:
            rows.append(jobs.measure(folder / "jobs", ledger, config, environ))
        counted = calls.count(folder / "calls")
    sys.stdout.write("\n".join([HEAD, *(row.line() for row in rows), "", *counted]) + "\n")


if __name__ == "__main__":
    main()
