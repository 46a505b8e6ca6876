"""Programs of the system that some tests start: where one is, or why a test is skipped."""

from __future__ import annotations

import os
import shutil
import socket
import time
from typing import TYPE_CHECKING, NoReturn

import pytest

from deploy.testing import OFF

if TYPE_CHECKING:
    from collections.abc import Callable

PACKAGES = {"tgtd": "tgt", "tgtadm": "tgt", "smbd": "samba", "smbpasswd": "samba-common-bin"}
_PLACES = "/usr/local/sbin:/usr/sbin:/sbin"


def program(name: str) -> str:
    """Give the program's path; without it, skip the test, or fail it on CI."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:{_PLACES}")
    return found or lacking(f"no {name} on this machine: install `{PACKAGES[name]}`")


def lacking(reason: str) -> NoReturn:
    if os.environ.get("CI", "").lower() not in OFF:
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            pytest.fail(f"{what} took longer than {seconds:g} s")
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Whether somebody listens on the port."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0
