from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.e2e.sandboxes import ENDS_WITHIN, SRBOT, environment, srbot
from tests.unit.storage.texts import SAMPLES, sample

pytestmark = pytest.mark.counted


def piped(raw: bytes, *arguments: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - our own command, no shell
        [SRBOT, "explain", *arguments],
        env=environment(**env),
        input=raw,
        capture_output=True,
        timeout=ENDS_WITHIN,
        check=False,
    )


def test_a_file_is_explained_for_people(tmp_path: Path) -> None:
    done = srbot("explain", str(SAMPLES / "devices-one-padded.txt"), cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "devices (SR_BACKEND_FAILURE_90): The host's adapters show one disk.",
        "Probe again with the SCSIid or the path of one of them to see whether it holds an SR.",
        "",
        "PATH                                        SIZE      VENDOR   SERIAL        SCSIID",
        "/dev/disk/by-id/scsi-1HITACHI_900000000001  20.0 GiB  HITACHI  900000000001  -",
    ]


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input_is_explained_as_one_object(arguments: tuple[str, ...]) -> None:
    done = piped(sample("targets-forty.xml").encode(), "--json", *arguments)

    assert (done.returncode, done.stderr) == (0, b"")
    told = json.loads(done.stdout)
    assert (told["kind"], told["code"], told["complete"], len(told["targets"])) == ("targets", None, True, 40)
    assert told["luns"] == told["srs"] == told["exports"] == told["devices"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_files_of_any_unicode_are_read(encoding: str) -> None:
    done = piped(sample("srs-one-metadata.xml").replace("Example", "\u4f8b").encode(encoding), "--json")

    assert json.loads(done.stdout)["srs"][0]["name_label"] == "\u4f8b iSCSI"


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe\x00", bytes(range(256)), b"hello", b"\x80" * 100])
def test_it_never_fails_on_a_text(raw: bytes) -> None:
    done = piped(raw, "--json")

    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["kind"] == "unknown"


def test_a_terminal_that_knows_no_unicode_gets_question_marks() -> None:
    done = piped(sample("srs-one-metadata.xml").replace("Example", "\u4f8b").encode(), PYTHONIOENCODING="ascii")

    assert done.returncode == 0
    assert b"? iSCSI" in done.stdout


@pytest.mark.parametrize("name", ["not-there.txt", "."])
def test_a_file_that_cant_be_read_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    done = srbot("explain", name, "--json", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"srbot: {name}: can't be read (")
    assert "Traceback" not in done.stderr


def test_secrets_in_a_text_are_masked() -> None:
    text = "<SRlist><SR><UUID>1</UUID><name_label>chappassword=hunter2</name_label></SR></SRlist>"

    for done in (piped(text.encode()), piped(text.encode(), "--json")):
        assert b"***" in done.stdout
        assert b"hunter2" not in done.stdout
