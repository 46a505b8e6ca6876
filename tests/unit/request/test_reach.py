"""Where typed keys lead: what could be an address is one, and what could be a path on a host is that."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.request.reach import Reach, reach_of
from bot.request.sr_types import COMMANDS, EXTRA, erases, is_shared

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
        ((("server", "10.66.6.6:/gv0=x"),), ("10.66.6.6",)),
        ((("server", "10.66.6.6=x"),), ("10.66.6.6=x",)),
        ((("options", "name=admin,ip=10.1"),), ("10.1",)),
        ((("options", "ip=167772165"),), ("167772165",)),
        ((("options", "ip=0x0a420606"),), ("0x0a420606",)),
        ((("anything", "ip=10.1.2.3"),), ("10.1.2.3",)),
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
        ((("serverpath", "/srv"),), ("/srv",)),
        ((("rootpath", "/srv"), ("options", "a=b")), ("/srv",)),
        ((("location", "/srv/isos/Win 10/../../../etc"),), ("/srv/isos/Win 10/../../../etc",)),
        ((("location", "/tank/a,b/../../etc"),), ("/tank/a,b/../../etc",)),
        ((("anything", "/tank/a;b=c"),), ("/tank/a;b=c",)),
        ((("options", "secretfile=etc/shadow"),), ("etc/shadow",)),
        ((("options", "name=admin,secretfile=../x"),), ("../x",)),
        ((("options", "/etc/a,/etc/b"),), ("/etc/a", "/etc/b")),
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
    ],
)
def test_a_plain_word_leads_nowhere(pair: tuple[str, str]) -> None:
    assert reach_of([pair]) == Reach((), ())


@given(st.ip_addresses(v=4).map(str), st.sampled_from(["server", "x", "options", "location", "serverpath", "a-port"]))
def test_no_address_slips_through(address: str, key: str) -> None:
    for value in (address, f"{address}:/x", f"a=b,c={address}", f"//{address}/x", f"{address},/x"):
        assert any(address in found for found in reach_of([(key, value)]).addresses), value


@given(st.text(max_size=30), st.text(max_size=60))
def test_no_text_makes_it_fail(key: str, value: str) -> None:
    reach_of([(key, value)])


def test_what_is_not_known_counts_as_the_worst() -> None:
    assert erases("brand-new")
    assert not is_shared("brand-new")
    assert [sr_type for sr_type in EXTRA if erases(sr_type)] == ["xfs", "largeblock"]
    assert [sr_type for sr_type in EXTRA if is_shared(sr_type)] == ["cephfs", "glusterfs", "moosefs"]
    assert not set(EXTRA) & set(COMMANDS)
