"""Debian's tgt, an iSCSI target in user space: on a free loopback port, with a control socket of its own."""

from __future__ import annotations

import os
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

MIB = 1024**2
PLAIN = "iqn.2026-01.com.example:plain"
GUARDED = "iqn.2026-01.com.example:guarded"
MUTUAL = "iqn.2026-01.com.example:mutual"
CHOOSY = "iqn.2026-01.com.example:choosy"
BARE = "iqn.2026-01.com.example:bare"
ADMITTED = "iqn.2026-01.com.example:nobody-else"
USER, PASSWORD = "lab", "canary-of-the-lab"
BACK_USER, BACK_PASSWORD = "array", "canary-of-the-array"


@dataclass(frozen=True, slots=True)
class Tgt:
    port: int
    folder: Path
    adm: tuple[str, ...]

    def order(self, mode: str, op: str, *words: str) -> str:
        command = [*self.adm, "--lld", "iscsi", "--mode", mode, "--op", op, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=self.env).stdout  # noqa: S603 - tgtadm

    @property
    def env(self) -> dict[str, str]:
        return {"TGT_IPC_SOCKET": str(self.folder / "control"), "PATH": os.environ["PATH"]}

    def target(self, number: int, iqn: str, initiator: tuple[str, str] = ("--initiator-address", "ALL")) -> None:
        self.order("target", "new", "--tid", str(number), "--targetname", iqn)
        self.order("target", "bind", "--tid", str(number), *initiator)

    def lun(self, target: int, number: int, size: int, **parameters: str) -> None:
        """Backed by a sparse file."""
        backing = self.folder / f"{target}-{number}"
        with backing.open("wb") as file:
            file.truncate(size)
        where = ("--tid", str(target), "--lun", str(number))
        self.order("logicalunit", "new", *where, "--backing-store", str(backing))
        if parameters:
            listed = ",".join(f"{key}={value}" for key, value in parameters.items())
            self.order("logicalunit", "update", *where, "--params", listed)

    def account(self, target: int, user: str, password: str, *ways: str) -> None:
        if user not in self.order("account", "show"):
            self.order("account", "new", "--user", user, "--password", password)
        self.order("account", "bind", "--tid", str(target), "--user", user, *ways)

    def sessions(self) -> int:
        """How many there are that nobody has ended."""
        return self.order("target", "show").count("I_T nexus: ")


@contextmanager
def running_tgt() -> Iterator[Tgt]:
    """It takes orders from root only: another user gets a name space in which they are root."""
    tgtd, tgtadm, port = program("tgtd"), program("tgtadm"), free_port()
    folder = Path(tempfile.mkdtemp(prefix="srbot-tgt-"))
    tgt = Tgt(port, folder, (tgtadm,))
    command = [tgtd, "--foreground", "--iscsi", f"portal=127.0.0.1:{port}"]
    as_root = [] if os.getuid() == 0 else ["unshare", "--map-root-user"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*as_root, *command], env=tgt.env, stdout=log, stderr=log)  # noqa: S603 - tgtd
    try:
        wait_until(lambda: (folder / "control.0").exists() and answers(port), "starting tgtd")
        yield tgt
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def furnish(tgt: Tgt) -> None:
    """Several targets: LUNs with ids of several kinds, CHAP one way and both, and one that lets another in only."""
    tgt.target(1, PLAIN)
    tgt.lun(1, 1, 64 * MIB)
    tgt.lun(1, 2, 3 * 1024 * MIB, vendor_id="NETAPP", product_id="LUN", scsi_sn="wOj4$ 42", scsi_id="weird")
    tgt.lun(1, 12, 128 * MIB, vendor_id="DE LL")
    tgt.target(2, GUARDED)
    tgt.lun(2, 1, 32 * MIB)
    tgt.account(2, USER, PASSWORD)
    tgt.target(3, MUTUAL)
    tgt.lun(3, 1, 16 * MIB)
    tgt.account(3, USER, PASSWORD)
    tgt.account(3, BACK_USER, BACK_PASSWORD, "--outgoing")
    tgt.target(4, CHOOSY, ("--initiator-name", ADMITTED))
    tgt.target(5, BARE)
