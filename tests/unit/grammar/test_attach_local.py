"""`/sr attach local` and `/sr attach iso local`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import AddLocal, Mistake, parse, render, usage
from bot.request.model import Kind
from bot.request.sr_types import ON_DEVICES
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, escaped

DISK = "/dev/disk/by-id/scsi-35000c500a1b2c3d1"
UUID = "9f4ed825-b096-4d43-81c2-7da0526b9e14"


def local(host: str = "", device: str = "", sr_type: str = "", **more: Any) -> AddLocal:  # noqa: ANN401 - fields of the command
    return AddLocal(Kind.LOCAL, host, device, sr_type, **more, attach=True)


def iso(host: str = "", **more: Any) -> AddLocal:  # noqa: ANN401 - fields of the command
    return AddLocal(Kind.ISO, host, "/srv/isos", "iso", **more, attach=True, sr=UUID)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("attach local", local()),
        ("attach local xen1", local("xen1")),
        (f"attach local {DISK}", local("", DISK)),
        (f"attach local xen1 {DISK} pool=xenct", local("xen1", DISK, pool="xenct")),
        (f"attach local {DISK} host=xen1 type=xfs", local("xen1", DISK, "xfs")),
        (
            f'attach local {DISK} type=largeblock name="Old" reason=room',
            local("", DISK, "largeblock", name="Old", reason="room"),
        ),
        (f"attach iso local /srv/isos {UUID}", iso()),
        (f"attach iso local {UUID.upper()} /srv/isos/ host=xen1 name=ISOs", iso("xen1", name="ISOs")),
    ],
)
def test_an_sr_of_one_host_is_attached_as_people_write_it(typed: str, command: AddLocal) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("attach local /dev/sdb", "device_not_by_id", None),
        ("attach local xen1 xen2", "several_hosts", None),
        (f"attach local xen1 {DISK} {UUID}", "word_unexpected", None),
        ("attach local type=zfs", "type_unknown", None),
        ("attach local type=largeblocks", "value_too_long", None),
        (f"attach local device={DISK}", "path_as_option", f"/sr attach local {DISK}"),
        ("attach local pool xenct", "equals_missing", "/sr attach local pool=xenct"),
        ("atach local xen1", "verb_unknown", "/sr attach local host=xen1"),
        ("attach iso local", "path_missing", None),
        ("attach iso local /srv/isos", "uuid_missing", None),
        ("attach iso local /srv/isos xen1", "uuid_unreadable", None),
        (f"attach iso local /srv/isos {UUID} xen1", "word_unexpected", None),
        (f"attach iso local /srv/isos {UUID} type=ext", "option_unknown", None),
    ],
)
def test_a_mistake_is_named_and_put_right_where_that_can_be_told(
    typed: str, reason: str, corrected: str | None
) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == (reason, corrected)


def test_what_is_missing_is_named_with_the_verb() -> None:
    outcome = parse("attach iso local")
    assert isinstance(outcome, Mistake)
    assert "attach iso local /path/to/it" in outcome.sentence


def test_the_help_has_both() -> None:
    shown = [syntax for syntax, _ in usage()]
    assert any(syntax.startswith("/sr attach local [<host>] [/dev/disk/by-id/…]") for syntax in shown)
    assert any(syntax.startswith("/sr attach iso local /<path> <uuid>") for syntax in shown)


@UNTIMED
@given(
    st.sampled_from(["", "xen1", "host of mine", "9f4ed825"]),
    st.sampled_from(["", DISK, f"{DISK},{DISK}-part2"]),
    st.sampled_from(["", *ON_DEVICES]),
    OPTIONAL,
)
def test_every_line_reads_back_as_it_was_written(host: str, device: str, sr_type: str, name: str | None) -> None:
    for command in (
        AddLocal(Kind.LOCAL, host, device, sr_type, name=name, attach=True),
        AddLocal(Kind.ISO, host, "/srv/isos", "iso", reason=name, attach=True, sr=UUID),
    ):
        assert parse(escaped(render(command))) == command
