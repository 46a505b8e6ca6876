"""Small programs to run, and what became of them."""

from __future__ import annotations

import os
import select
import sys

SOON = 20.0
# Coverage follows the programs that are handed its variables.
ENV = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}

SAY_READY = "import json, os, signal, sys; print(json.dumps({'pid': os.getpid()}), flush=True);"
STAY = f"{SAY_READY} signal.pause()"
STUBBORN = (
    f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SAY_READY} [signal.pause() for _ in iter(int, 1)]"
)


def python(source: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", source, *arguments)


def gone(pid: int) -> bool:
    """Wait until the process has ended; a zombie that nobody has asked about counts."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watched], [], [], SOON)[0])
    finally:
        os.close(watched)
