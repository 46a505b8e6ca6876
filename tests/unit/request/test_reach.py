"""Where typed keys lead: what could be an address is one, and what could be a path on a host is that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.reach import Reach, reach_of
from bot.request.sr_types import COMMANDS, EXTRA, erases, is_shared
from bot.settings import path_allowed

Pairs = tuple[tuple[str, str], ...]


@pytest.mark.parametrize(
    ("given_", "addresses"),
    [
        ((("server", "10.0.0.5"),), ("10.0.0.5",)),
        ((("server", "10.0.0.5,10.0.0.6"), ("serverpath", "/")), ("10.0.0.5", "10.0.0.6")),
        ((("server", "10.0.0.5:/gv0"),), ("10.0.0.5",)),
        ((("server", "10.0.0.5:6789"),), ("10.0.0.5",)),
        ((("server", "fd00::5"),), ("fd00::5",)),
        ((("server", "[fd00::5]:6789"),), ("fd00::5",)),
        ((("server", "[fd00::5]:/gv0"),), ("fd00::5",)),
        ((("server", "nas"),), ("nas",)),
        ((("SERVER", "nas"),), ("nas",)),
        ((("server", "10.0.0.5 10.0.0.5;10.0.0.6"),), ("10.0.0.5", "10.0.0.6")),
        ((("backupservers", "10.0.0.6:10.0.0.7"),), ("10.0.0.6", "10.0.0.7")),
        ((("backupservers", "10.0.0.6:167772167"),), ("10.0.0.6", "167772167")),
        ((("masterhost", "mfs.example"), ("rootpath", "/")), ("mfs.example",)),
        ((("masterhost", "mfs"), ("rootpath", "evil:/")), ("mfs", "evil:/")),
        ((("server", "nas"), ("serverport", "6789,evil")), ("nas", "6789,evil")),
        ((("server", "nas"), ("serverport", "\u0663")), ("nas", "\u0663")),
        ((("options", "mfsmaster=evil"),), ("evil",)),
        ((("options", "mon_addr=1.2.3.4:3300/4.5.6.7"),), ("1.2.3.4", "4.5.6.7")),
        ((("anything", "https://user@a.example/b.c"),), ("a.example",)),
        ((("anything", "//files/share"),), ("files",)),
        ((("anything", "\\\\files\\share"),), ("files",)),
        ((("anything", "nas:/export"),), ("nas",)),
        ((("anything", "a.example"),), ("a.example",)),
        ((("anything", "10.0.0.5"),), ("10.0.0.5",)),
        ((("location", "nas:/export"),), ("nas",)),
        ((("server", "10.66.6.6:/gv0=x"),), ("10.66.6.6", "x")),
        ((("server", "nas=evil"),), ("nas", "evil")),
        ((("location", "//evil.example/share=x"),), ("evil.example",)),
        ((("server", "nas"), ("serverpath", "/x,evil:/y")), ("nas", "/x,evil:/y")),
        ((("options", "ip=10.1"),), ("10.1",)),
        ((("options", "name=admin,ip=evil"),), ("evil",)),
        ((("ips", "167772165"),), ("167772165",)),
        ((("anything", "167772165"),), ("167772165",)),
        ((("anything", "0x0a000005"),), ("0x0a000005",)),
        ((("anything", "01200000005"),), ("01200000005",)),
        ((("anything", "0x0a.0.0.5"),), ("0x0a.0.0.5",)),
        ((("anything", "10.1"),), ("10.1",)),
        ((("version", "10.0.0.5"),), ("10.0.0.5",)),
        ((("anything", "user@10.0.0.5"),), ("user@10.0.0.5",)),
        ((("anything", '"10.0.0.5"'),), ("10.0.0.5",)),
        ((("anything", "１０．０．０．５"),), ("10.0.0.5",)),  # noqa: RUF001 - what a resolver may read as an address
    ],
)
def test_addresses_are_found_wherever_they_stand(given_: Pairs, addresses: tuple[str, ...]) -> None:
    assert reach_of(given_) == Reach(addresses, ())


@pytest.mark.parametrize(
    ("given_", "paths"),
    [
        ((("device", "/dev/disk/by-id/a,/dev/disk/by-id/b"),), ("/dev/disk/by-id/a", "/dev/disk/by-id/b")),
        ((("device", "sdb"),), ("sdb",)),
        ((("location", "/tank/vms"),), ("/tank/vms",)),
        ((("location", "tank"),), ("tank",)),
        ((("anything", "/etc/passwd"),), ("/etc/passwd",)),
        ((("options", "name=admin,secretfile=/etc/ceph/admin.secret"),), ("/etc/ceph/admin.secret",)),
        ((("group-name", "linstor_group/thin"),), ("/dev/linstor_group/thin",)),
        ((("location", "/srv/isos/Win 10/../../../etc"),), ("/srv/isos/Win 10/../../../etc",)),
        ((("location", "/srv/isos/a,b;c=d"),), ("/srv/isos/a,b;c=d",)),
        ((("location", '"/etc"'),), ("/etc",)),
        ((("options", "name=admin,secretfile=etc/shadow"),), ("etc/shadow",)),
        ((("options", "secretfile=shadow"),), ("shadow",)),
        ((("options", "a b/c"),), ("b/c",)),
        ((("anything", "x=.. y"),), ("..", "x=.. y")),
        ((("serverpath", "/srv"),), ("/srv",)),
        ((("rootpath", "/srv"), ("options", "a=b")), ("/srv",)),
    ],
)
def test_paths_on_a_host_are_found_wherever_they_stand(given_: Pairs, paths: tuple[str, ...]) -> None:
    assert reach_of(given_) == Reach((), paths)


@pytest.mark.parametrize(
    "pair",
    [
        ("redundancy", "2"),
        ("provisioning", "thin"),
        ("monitor-db-quorum", "true"),
        ("fetchattempts", "3"),
        ("serverport", "6789"),
        ("options", "name=admin,mfstimeout=300"),
        ("version", "1.5"),
        ("rsize", "1048576"),
        ("anything", "0"),
        ("anything", "089"),
        ("SCSIid", "360060160000000000000000000000001"),
    ],
)
def test_a_plain_word_leads_nowhere(pair: tuple[str, str]) -> None:
    assert reach_of([pair]) == Reach((), ())


@given(st.ip_addresses(v=4).map(str), st.sampled_from(["server", "x", "options", "location", "serverpath", "a-port"]))
def test_no_address_slips_through(address: str, key: str) -> None:
    for value in (address, f"{address}:/x", f"a=b,c={address}", f"//{address}/x", f"{address},/x"):
        assert any(address in found for found in reach_of([(key, value)]).addresses), value


@given(
    st.text(st.sampled_from("ab ,;=:/.\"'"), max_size=30),
    st.sampled_from(["location", "path", "device", "options", "x"]),
)
def test_no_step_up_slips_through(around: str, key: str) -> None:
    for value in (f"/srv/isos/{around}/../etc", f"{around}=/srv/isos/../etc"):
        assert any(not path_allowed(["/srv/isos"], path) for path in reach_of([(key, value)]).paths), value


@given(st.text(max_size=30), st.text(max_size=60))
def test_no_text_makes_it_fail(key: str, value: str) -> None:
    reach_of([(key, value)])


def test_what_is_not_known_counts_as_the_worst() -> None:
    assert erases("brand-new")
    assert not is_shared("brand-new")
    assert [sr_type for sr_type in EXTRA if erases(sr_type)] == ["xfs", "largeblock"]
    assert [sr_type for sr_type in EXTRA if is_shared(sr_type)] == ["cephfs", "glusterfs", "moosefs"]
    assert not set(EXTRA) & set(COMMANDS)
