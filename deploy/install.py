"""Sets up the environment that `make` works in. Standard library only: it runs before anything is installed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "deploy" / "requirements.lock"
OLDEST_PYTHON = (3, 11)
UV = "uv==0.13.9"


def main(arguments: list[str]) -> int:
    """Make the environment in the folder named, exactly as the lock file says; safe to repeat."""
    if sys.version_info < OLDEST_PYTHON:
        return _give_up(f"srbot needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    folder = Path(arguments[0] if arguments else ".venv").resolve()
    python = folder / "bin" / "python"
    try:
        if not python.exists():
            venv.create(folder, with_pip=True)
        _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
        uv = folder / "bin" / "uv"
        _run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, LOCK)
        _run(uv, "pip", "install", "--quiet", "--no-deps", "--python", python, UV, "--editable", ROOT)
    except subprocess.CalledProcessError as failure:
        return _give_up(f"installing stopped at: {' '.join(map(str, failure.cmd))}")
    return 0


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True)  # noqa: S603 - our own command, no shell


def _give_up(reason: str) -> int:
    sys.stderr.write(f"srbot: {reason}\n")
    sys.stderr.write("On Debian and Ubuntu: apt-get install python3-venv make, then try again.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
