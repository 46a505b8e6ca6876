"""What a pool says of its drivers, and what is made of it."""

from __future__ import annotations

from typing import cast

import pytest

from bot.request.lifecycle import begin
from bot.request.model import Kind
from tests import stories
from tests.stories import Story
from workers.inspection.local import config_of
from workers.inspection.supported import Driver, read_driver, refuse_unsupported
from workers.troubles import CannotDoError
from workers.xen.errors import BadAnswerError
from workers.xen.session import PoolSession


class Answering:
    """Gives these answers."""

    host = "xen1"

    def __init__(self, types: list[str], records: object) -> None:
        self.answers = {"SR.get_supported_types": types, "SM.get_all_records": records}

    def call(self, method: str) -> object:
        return self.answers[method]


def pool(types: list[str], records: object) -> PoolSession:
    return cast("PoolSession", Answering(types, records))


RECORD = {"type": "zfs", "name_label": "ZFS", "configuration": {"Location": "(required)"}, "capabilities": []}


def test_a_driver_says_its_keys_in_its_own_spelling() -> None:
    driver = read_driver(pool(["zfs"], {"r": RECORD}), "xenct", "zfs")
    assert driver == Driver("zfs", "ZFS", {"Location": "(required)"}, probes=False)
    assert driver.spelled((("location", "/tank"),)) == (("Location", "/tank"),)
    with pytest.raises(CannotDoError, match="key_missing"):
        driver.spelled(())


def test_a_type_without_a_record_counts_as_one_that_is_not_there() -> None:
    with pytest.raises(CannotDoError, match="type_not_supported"):
        read_driver(pool(["zfs"], {"r": {**RECORD, "type": "ext"}}), "xenct", "zfs")
    with pytest.raises(CannotDoError, match="type_not_supported"):
        refuse_unsupported(pool(["ext"], {}), "xenct", "zfs")


def test_an_answer_that_is_no_table_is_a_bad_one() -> None:
    with pytest.raises(BadAnswerError):
        read_driver(pool(["zfs"], []), "xenct", "zfs")


def test_without_its_host_or_its_device_nothing_is_looked_at() -> None:
    begun = stories.asked(kind=Kind.LOCAL, address=None, credential=None, sr_type="ext", host="xen1")
    with pytest.raises(CannotDoError, match="host_unknown"):
        config_of(Story(begin(begun), [begun]).request)
