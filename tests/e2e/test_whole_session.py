"""What an administrator used to do by hand on a XenServer 6.5 host, from the first probe to the ISO library."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from deploy.sandbox.tour.person import Seen
from tests.e2e.asking import asks, is_created, is_shown, picks_a_lun
from tests.e2e.sandboxes import Sandbox, opened

STORAGE, LIBRARY = "Tecmint iSCSI Storage", "Remote ISO Library on: //files.example/ISO"
FIELD = re.compile(r"^ *(?P<name>[a-z-]+) *\( R[OW]\) *: ?(?P<value>.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with opened(tmp_path_factory.mktemp("session") / "state", "--flavour", "6.5") as running:
        yield running


def listing(sandbox: Sandbox, name: str) -> dict[str, str]:
    """The entry that the thread ends in, as `xe sr-list` prints it."""
    card, requester = is_shown(sandbox, name, " is ready"), sandbox.person("requester")

    def look() -> Seen | None:
        return next((seen for seen in requester.reads(sandbox.storage, card.ts) if seen.says("uuid ( RO)")), None)

    said = str(requester.waits_for("the entry", look, seconds=60.0).body["text"])
    plain = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return {found["name"]: found["value"].strip() for found in FIELD.finditer(plain)}


def listed(sandbox: Sandbox) -> Seen:
    """The private answer to `/sr list`."""
    requester = sandbox.person("requester")
    before = {seen.ts for seen in requester.reads(sandbox.storage)}
    requester.types(sandbox.storage, "/sr list")

    def look() -> Seen | None:
        seen = (one for one in requester.reads(sandbox.storage) if one.ts not in before and one.private)
        return next((one for one in seen if one.says("SRs of pool")), None)

    return requester.waits_for("the SRs of the pool", look, seconds=60.0)


def test_two_probes_a_create_a_listing_an_iso_library_and_a_listing(sandbox: Sandbox) -> None:
    assert not listed(sandbox).says(STORAGE)

    asks(sandbox, STORAGE)
    picks_a_lun(sandbox, STORAGE)
    storage = is_created(sandbox, STORAGE)
    assert listed(sandbox).says(STORAGE, storage)
    assert listing(sandbox, STORAGE) == {
        "uuid": storage,
        "name-label": STORAGE,
        "name-description": "",
        "host": "<shared>",
        "type": "lvmoiscsi",
        "content-type": "user",
    }

    sandbox.person("requester").types(sandbox.storage, "/sr add iso //files.example/ISO cred=backup")
    library = is_created(sandbox, LIBRARY)
    assert listed(sandbox).says(STORAGE, storage, LIBRARY, library)
    assert listing(sandbox, LIBRARY) == {
        "uuid": library,
        "name-label": LIBRARY,
        "name-description": "",
        "host": "<shared>",
        "type": "iso",
        "content-type": "iso",
    }
