from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.grammar import AddLocal, AddOther, Mistake, parse, render, usage
from bot.request.model import Kind
from bot.request.sr_types import EXTRA
from tests.unit.grammar.test_any_text import OPTIONAL, UNTIMED, escaped

DISK = "/dev/disk/by-id/scsi-35000c500a1b2c3d1"


def local(host: str = "", device: str = "", sr_type: str = "ext", **more: Any) -> AddLocal:  # noqa: ANN401 - fields of the command
    return AddLocal(Kind.LOCAL, host, device, sr_type, **more)


def iso(host: str = "", device: str = "/srv/isos", **more: Any) -> AddLocal:  # noqa: ANN401 - fields of the command
    return AddLocal(Kind.ISO, host, device, "iso", **more)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add local", local()),
        ("add local xen1", local("xen1")),
        ("add local host=xen1", local("xen1")),
        (f"add local {DISK}", local("", DISK)),
        (f"add local xen1 {DISK} type=lvm pool=xenct", local("xen1", DISK, "lvm", pool="xenct")),
        (f"add local {DISK} xen1", local("xen1", DISK)),
        (
            f'add local {DISK},{DISK}-part2 name="Fast disk" reason=room',
            local("", f"{DISK},{DISK}-part2", name="Fast disk", reason="room"),
        ),
        ("add iso local /srv/isos", iso()),
        ("add iso local /srv/isos/ host=xen1 name-label=ISOs", iso("xen1", name="ISOs")),
    ],
)
def test_storage_of_one_host_is_asked_for_as_people_write_it(typed: str, command: AddLocal) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "reason", "corrected"),
    [
        ("add local /dev/sdb", "device_not_by_id", None),
        ("add local xen1 xen2", "several_hosts", None),
        ("add local xen1 host=xen2", "several_hosts", None),
        (f"add local xen1 xen2 {DISK}", "word_unexpected", None),
        (f"add local {DISK} /srv/b", "word_unexpected", None),
        ('add local ""', "word_unexpected", None),
        ("add local type=zfs", "type_unknown", None),
        ("add local type=ext4x", "value_too_long", None),
        ("add local size=3", "option_unknown", None),
        ("add local pool xenct", "equals_missing", "/sr add local type=ext pool=xenct"),
        ("add local name=a b", "quotes_missing", '/sr add local type=ext name="a b"'),
        (f"add local device={DISK}", "path_as_option", f"/sr add local {DISK} type=ext"),
        ("add local device=", "path_as_option", "/sr add local type=ext"),
        ("add iso local", "path_missing", None),
        ("add iso local xen1", "word_unexpected", None),
        ("add iso local xen1 /a", "word_unexpected", None),
        ("add iso local /a\u0007b", "control_character", "/sr add iso local /ab"),
        (f"add iso local /{'a' * 1030}", "value_too_long", None),
        ("add iso local /a type=ext", "option_unknown", None),
    ],
)
def test_a_mistake_is_named_and_put_right_where_that_can_be_told(
    typed: str, reason: str, corrected: str | None
) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.corrected) == (reason, corrected)


def other(sr_type: str, *given: tuple[str, str], **more: str) -> AddOther:
    return AddOther(sr_type, given, **more)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("add zfs location=/tank/vms host=xen1", other("zfs", ("location", "/tank/vms"), host="xen1")),
        (f"add XFS Device={DISK}", other("xfs", ("device", DISK))),
        (
            (
                "add cephfs server=10.0.0.5,10.0.0.6 serverpath=/ serverport=6789 "
                "options=name=admin,secretfile=/etc/ceph/admin.secret pool=xenct"
            ),
            other(
                "cephfs",
                ("server", "10.0.0.5,10.0.0.6"),
                ("serverpath", "/"),
                ("serverport", "6789"),
                ("options", "name=admin,secretfile=/etc/ceph/admin.secret"),
                pool="xenct",
            ),
        ),
        (
            "add glusterfs server=10.0.0.5:/gv0 backupservers=10.0.0.6:10.0.0.7 fetchattempts=3",
            other(
                "glusterfs", ("server", "10.0.0.5:/gv0"), ("backupservers", "10.0.0.6:10.0.0.7"), ("fetchattempts", "3")
            ),
        ),
        (
            'add moosefs masterhost=mfs.example masterport=9421 rootpath=/ name="On moose" reason=room',
            other(
                "moosefs",
                ("masterhost", "mfs.example"),
                ("masterport", "9421"),
                ("rootpath", "/"),
                name="On moose",
                reason="room",
            ),
        ),
        (
            "add linstor group-name=a/b redundancy=2 provisioning=thin monitor-db-quorum=true",
            other(
                "linstor",
                ("group-name", "a/b"),
                ("redundancy", "2"),
                ("provisioning", "thin"),
                ("monitor-db-quorum", "true"),
            ),
        ),
        ("add brandnew x=1", other("brandnew", ("x", "1"))),
    ],
)
def test_every_key_of_a_driver_can_be_typed(typed: str, command: AddOther) -> None:
    assert parse(typed) == command


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("add zfs", "keys_missing"),
        ("add zfs name=x", "keys_missing"),
        ("add zfs /tank", "word_unexpected"),
        ("add zfs location=/tank name=a b", "quotes_missing"),
        ("add zfs location=", "value_missing"),
        ("add zfs location=/a location=/b", "option_twice"),
        ("add zfs location=/a pool=a pool=b", "option_twice"),
        ("add zfs location=/a\u0007b", "control_character"),
        (f"add zfs location=/{'a' * 200}", "value_too_long"),
        (f"add zfs {' '.join(f'k{n}=1' for n in range(7))}", "too_many_keys"),
        ("add lvmoiscsi target=10.0.0.5", "type_has_command"),
        ("add lvm device=/dev/sdb", "type_has_command"),
        ("add zfs|xfs|largeblock|cephfs|glusterfs|moosefs", "type_missing"),
        ("add <type>", "verb_unknown"),
        ("add brandnew", "verb_unknown"),
        ("add x=1", "verb_unknown"),
    ],
)
def test_a_mistake_with_keys_is_named(typed: str, reason: str) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert outcome.reason == reason


@pytest.mark.parametrize("key", ["password", "cifspassword", "chappassword_secret", "my_secret", "mfsPassword"])
@pytest.mark.parametrize("sr_type", ["moosefs", "brandnew"])
def test_a_password_is_refused_by_the_name_of_its_key(sr_type: str, key: str) -> None:
    outcome = parse(f"add {sr_type} server=nas {key}=hunter2")
    assert isinstance(outcome, Mistake)
    assert (outcome.reason, outcome.typed) == ("password_typed", "")
    inside = parse(f"add {sr_type} options=a=b,{key}=hunter2")
    assert isinstance(inside, Mistake)
    assert inside.reason == "password_typed"


def test_the_help_names_the_extra_types_and_where_local_storage_is_asked_for() -> None:
    syntaxes = " ".join(syntax for syntax, _ in usage())
    assert all(sr_type in syntaxes for sr_type in EXTRA)
    assert "/sr add local" in syntaxes
    assert "/sr add iso local" in syntaxes


KEYS = st.sampled_from(["location", "server", "serverpath", "options", "group-name"])
GIVEN = st.dictionaries(KEYS, st.sampled_from(["/a", "nas", "a=b,c", "a b", 'a"b', "1"]), min_size=1)


@UNTIMED
@given(
    st.builds(
        AddLocal,
        st.just(Kind.LOCAL),
        st.sampled_from(["", "xen1", "xen 1", "xen-2.example"]),
        st.sampled_from(["", DISK, f"{DISK},{DISK}-part1"]),
        st.sampled_from(["ext", "lvm"]),
        OPTIONAL,
        OPTIONAL,
        OPTIONAL,
    )
    | st.builds(AddLocal, st.just(Kind.ISO), st.just("a"), st.sampled_from(["/a", "/a b"]), st.just("iso"), OPTIONAL)
    | st.builds(
        AddOther,
        st.sampled_from(["zfs", "brandnew"]),
        GIVEN.map(lambda given: tuple(given.items())),
        st.sampled_from(["", "xen1"]),
        OPTIONAL,
        OPTIONAL,
        OPTIONAL,
    )
)
def test_what_is_rendered_reads_back_to_itself(command: AddLocal | AddOther) -> None:
    assert parse(escaped(render(command))) == command
