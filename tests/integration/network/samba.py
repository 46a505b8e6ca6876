"""Debian's samba with some ISO files: on a free loopback port, as the user who runs the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.programs import answers, free_port, program, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "canary-of-the-share"
SR = "1d7f3a52-8e04-4c1b-9a66-3b5c70d2e101"
_CONFIGURATION = """\
[global]
workgroup = LAB
server role = standalone server
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = {port}
disable netbios = yes
load printers = no
printing = bsd
printcap name = /dev/null
disable spoolss = yes
map to guest = Bad User
guest account = {user}
passdb backend = tdbsam:{folder}/passdb.tdb
private dir = {folder}
lock directory = {folder}
state directory = {folder}
cache directory = {folder}
pid directory = {folder}
ncalrpc dir = {folder}/rpc
log file = {folder}/log

[ISO]
path = {folder}/images
guest ok = yes
read only = yes

[odd]
path = {folder}/odd
guest ok = yes
read only = yes

[closed]
path = {folder}/closed
valid users = {user}
read only = yes
"""


@dataclass(frozen=True, slots=True)
class Samba:
    port: int
    user: str
    folder: Path


@contextmanager
def running_samba() -> Iterator[Samba]:
    smbd, smbpasswd, port = program("smbd"), program("smbpasswd"), free_port()
    folder, user = Path(tempfile.mkdtemp(prefix="srbot-smb-")), pwd.getpwuid(os.getuid()).pw_name
    _fill(folder)
    settings = folder / "smb.conf"
    settings.write_text(_CONFIGURATION.format(port=port, user=user, folder=folder), encoding="utf-8")
    _run([smbpasswd, "-c", str(settings), "-L", "-s", "-a", user], f"{PASSWORD}\n{PASSWORD}\n")
    command = [smbd, "--foreground", "--no-process-group", "--configfile", str(settings), "--debug-stdout"]
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - smbd, which ends its whole process group with itself
            command, stdin=subprocess.PIPE, stdout=out, stderr=out, start_new_session=True
        )
    try:
        wait_until(lambda: process.poll() is not None or answers(port), "starting smbd")
        assert process.poll() is None, (folder / "out").read_text()
        yield Samba(port, user, folder)
    finally:
        process.terminate()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path) -> None:
    for name in ("images", "images/old", "images/directory.iso", f"images/{SR}", "closed", "odd", "rpc"):
        (folder / name).mkdir()
    for name, size in (("debian-12.iso", 700), ("tools.IMG", 300), ("notes.txt", 5), ("old/win.iso", 400)):
        with (folder / "images" / name).open("wb") as file:
            file.truncate(size * 1024)
    (folder / "closed" / "secret.iso").write_bytes(b"x" * 9)


def _run(command: list[str], told: str) -> None:
    done = subprocess.run(command, input=told, check=False, capture_output=True, text=True)  # noqa: S603 - smbpasswd
    assert done.returncode == 0, done.stdout + done.stderr
