"""Starts a program that dies with the process that asked for it.

`python tether.py <parent's pid> <program> [argument ...]`: a program between fork and exec, since running Python there
(`preexec_fn`) is unsafe beside threads. Elsewhere than on Linux the program is started all the same, untied.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

PR_SET_PDEATHSIG = 1  # linux/prctl.h
ORPHANED = 1
NOT_RUN = 127  # what a shell answers for a program that it can't run


def tethered(argv: Sequence[str]) -> list[str]:
    """Give the command that runs argv, its program an absolute path, tied to this process.

    Linux watches the thread that starts it (man 2 PR_SET_PDEATHSIG): start it from one that lives as long.
    """
    return [sys.executable, "-I", __file__, str(os.getpid()), *argv]


def main(arguments: Sequence[str]) -> int:
    parent, *argv = arguments
    _die_with_parent()
    if os.getppid() != int(parent):  # it was gone before the tie was made
        return ORPHANED
    try:
        os.execv(argv[0], argv)  # noqa: S606 - this is what the module is for
    except OSError as failure:
        sys.stderr.write(f"srbot: {argv[0]} can't be run: {failure.strerror}\n")
    return NOT_RUN


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
