"""`python -m deploy.testing [pytest's arguments]`: the tests as `make test` runs them.

Without arguments: all of them, in parallel, with branch coverage of every process and its floors. With arguments
(a path, -k ...): pytest as it is.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
ALL = ("-n", "4", "--dist", "worksteal", "--cov", "--cov-report=")
FLOOR = 95
# What decides, what remembers, and what changes a pool is covered entirely.
HEART = (
    "bot/tables.py",
    "bot/request/*",
    "bot/policy/*",
    "bot/audit/*",
    "bot/copying/*",
    "bot/deciding/*",
    "bot/storage/*",
    "bot/ledger/*",
    "bot/settings/*",
    "workers/*",
)
HEART_FLOOR = 100
# slack_sdk sends even loopback traffic through a proxy; the other prefixes are the operator's real settings.
# Without bytecode each process of the tests would compile all it imports, and there are hundreds of them.
WITHHELD = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "PYTHONDONTWRITEBYTECODE")
WITHHELD_PREFIXES = ("SRBOT_", "SLACK_")
CHROMIUM = "SRBOT_CHROMIUM"
REQUIRE_BROWSER = "SRBOT_REQUIRE_BROWSER"
KEPT = (CHROMIUM, REQUIRE_BROWSER)
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
NO_BROWSER = f"no Chromium on this machine: install `chromium`, or set {CHROMIUM} to its path"
OFF = {"", "0", "false"}


def main(arguments: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
    environ = os.environ if environ is None else environ
    if browser_required(environ) and find_chromium(environ) is None:
        sys.stderr.write(f"srbot: {NO_BROWSER}.\n")
        return 1
    env = without_the_operators(environ)
    # A shell starts what it puts into the background deaf to Ctrl-C, and so would be all that the tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if arguments:
        return _run(env, "pytest", *arguments)
    return _run(env, "pytest", *ALL) or _check_floors(env)


def find_chromium(environ: Mapping[str, str]) -> Path | None:
    """Give the Chromium or Chrome to drive: the one that SRBOT_CHROMIUM names, else the first one on PATH."""
    names = [environ[CHROMIUM]] if environ.get(CHROMIUM) else BROWSERS
    found = (shutil.which(name, path=environ.get("PATH", os.defpath)) for name in names)
    return next((Path(path) for path in found if path), None)


def browser_required(environ: Mapping[str, str]) -> bool:
    """Tell whether a missing Chromium fails the tests, as on CI, instead of skipping some."""
    return any(environ.get(name, "").lower() not in OFF for name in ("CI", REQUIRE_BROWSER))


def without_the_operators(environ: Mapping[str, str]) -> dict[str, str]:
    """Give the environment without the proxies and without the settings of a real srbot."""
    return {name: value for name, value in environ.items() if name in KEPT or not _is_withheld(name.upper())}


def _is_withheld(name: str) -> bool:
    return name in WITHHELD or name.startswith(WITHHELD_PREFIXES)


def _check_floors(env: Mapping[str, str]) -> int:
    whole = _run(env, "coverage", "report", f"--fail-under={FLOOR}")
    heart = _run(env, "coverage", "report", f"--fail-under={HEART_FLOOR}", f"--include={','.join(HEART)}")
    for name, floor, code in (("the whole", FLOOR, whole), ("the heart", HEART_FLOOR, heart)):
        sys.stdout.write(f"coverage of {name}, at least {floor} %: {'no' if code else 'yes'}\n")
    return 1 if whole or heart else 0


def _run(env: Mapping[str, str], module: str, *arguments: str) -> int:
    sys.stdout.flush()
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=dict(env), check=False).returncode  # noqa: S603 - no shell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
