"""The pool as a process of its own, pointed at tgt and samba, asked by the unmodified XenAPI package."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.integration.network import samba as shares
from tests.integration.network import tgt as bench
from tests.integration.network.pools import SCENARIO, Asking, logged_in, rows
from tests.integration.network.test_shares import images, library

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.network.samba import Samba
    from tests.integration.network.tgt import Tgt


@contextmanager
def process(folder: Path, extra: str) -> Iterator[Asking]:
    scenario = folder / "bench.toml"
    scenario.write_text(SCENARIO + extra, encoding="utf-8")
    command = [sys.executable, "-m", "deploy.sandbox.pool", "--data", str(folder), "--scenario", str(scenario)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as running:  # noqa: S603 - our own
        assert running.stdout is not None
        try:
            ready = json.loads(running.stdout.readline())
            with logged_in(ready["url"], (folder / "root-password").read_text().strip()) as one:
                yield one
        finally:
            running.terminate()
            assert running.wait(10) == 0


def test_a_person_can_look_at_an_array_from_the_portal_to_the_lun(tmp_path: Path, tgt: Tgt) -> None:
    with process(tmp_path, "") as pool:
        at = {"target": "127.0.0.1", "port": str(tgt.port)}
        code, _, _, document = pool.fails(at)
        assert code == "SR_BACKEND_FAILURE_96"
        iqns = [row["TargetIQN"] for row in rows(document, "TGT")]
        assert iqns == [bench.PLAIN, bench.GUARDED, bench.MUTUAL, bench.BARE, "*"]
        wrong = {**at, "targetIQN": bench.GUARDED, "chapuser": bench.USER, "chappassword": "canary-wrong"}
        assert pool.fails(wrong)[0::3] == ["SR_BACKEND_FAILURE_68", ""]
        right = {**wrong, "chappassword": bench.PASSWORD}
        code, _, _, document = pool.fails(right)
        assert code == "SR_BACKEND_FAILURE_107"
        (lun,) = rows(document, "LUN")
        assert (lun["vendor"], lun["LUNid"], lun["size"]) == ("IET", "1", str(32 * bench.MIB))
        assert pool.fails({**right, "SCSIid": lun["SCSIid"]})[0] == "SR_BACKEND_FAILURE_200"
    assert tgt.sessions() == 0


def test_a_person_can_see_the_images_of_a_share(tmp_path: Path, samba: Samba) -> None:
    config = {"location": "//127.0.0.1/closed", "type": "cifs", "username": samba.user}
    extra = f"[network]\nsmb_port = {samba.port}\n" + library("closed", **config, cifspassword=shares.PASSWORD)
    with process(tmp_path, extra) as pool:
        assert images(pool, "closed") == {"secret.iso": 9}
