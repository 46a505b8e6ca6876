from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.settings import Credential, Pool, Refusal, Settings, allowed, credential_for, pool_for
from bot.settings.model import Channel, PasswordEnv, Slack, Targets

TARGETS = Targets((ip_network("10.0.0.0/16"), ip_network("fd00::/64")), frozenset({"san.example"}))


def credential(name: str, targets: Targets) -> Credential:
    return Credential(name, "user", PasswordEnv("X"), targets)


def pool(name: str) -> Pool:
    return Pool(name, "https://xen", "root", PasswordEnv("X"))


SETTINGS = Settings(
    Slack("T1", "A1"),
    pools={"a": pool("a"), "b": pool("b"), "hidden": pool("hidden")},
    channels={"C1": Channel("C1", ("b", "a"), frozenset({"U1"}))},
    credentials={
        "first": credential("first", Targets((ip_network("10.0.0.5/32"),))),
        "second": credential("second", TARGETS),
    },
)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("10.0.0.5", True),
        ("10.1.0.5", False),
        ("::ffff:10.0.0.5", True),
        ("::ffff:10.1.0.5", False),
        ("fd00::5", True),
        ("[fd00::5]", True),
        ("FD00:0:0::5", True),
        ("fd01::5", False),
        ("fe80::1%eth0", False),
        ("san.example", True),
        ("SAN.Example.", True),
        ("a.san.example", False),
        ("example", False),
        ("010.0.0.5", False),
        ("0x0a000005", False),
        ("", False),
        ("not a host", False),
    ],
)
def test_addresses_are_allowed_by_network_and_names_by_name(host: str, *, expected: bool) -> None:
    assert allowed(TARGETS, host) is expected


def test_nothing_is_allowed_by_default() -> None:
    assert not allowed(Targets(), "10.0.0.5")


def test_the_one_credential_of_an_address_is_found() -> None:
    assert credential_for(SETTINGS, "san.example", None) == SETTINGS.credentials["second"]


def test_without_a_credential_for_the_address_there_is_no_chap() -> None:
    assert credential_for(SETTINGS, "10.9.0.5", None) is None


def test_several_credentials_are_refused_and_named() -> None:
    refusal = credential_for(SETTINGS, "10.0.0.5", None)
    assert isinstance(refusal, Refusal)
    assert "first, second" in refusal.sentence


def test_the_wanted_credential_is_taken_where_it_may_be_sent() -> None:
    assert credential_for(SETTINGS, "10.0.0.5", "second") == SETTINGS.credentials["second"]


@pytest.mark.parametrize(("host", "known"), [("10.0.0.6", "There is second."), ("10.9.0.5", "There is none")])
@pytest.mark.parametrize("wanted", ["first", "hunter2"])
def test_a_credential_for_another_address_is_refused_without_repeating_its_name(
    host: str, known: str, wanted: str
) -> None:
    refusal = credential_for(SETTINGS, host, wanted)
    assert isinstance(refusal, Refusal)
    assert known in refusal.sentence
    assert wanted not in refusal.sentence


def test_the_pool_of_a_channel_is_the_wanted_one_or_the_first() -> None:
    assert pool_for(SETTINGS, "C1", None) == SETTINGS.pools["b"]
    assert pool_for(SETTINGS, "C1", "a") == SETTINGS.pools["a"]


@pytest.mark.parametrize(
    ("channel", "wanted", "reason"),
    [("C2", None, "channel_not_listed"), ("C1", "hidden", "pool_not_in_channel")],
)
def test_another_channel_or_pool_is_refused_without_naming_other_pools(
    channel: str, wanted: str | None, reason: str
) -> None:
    refusal = pool_for(SETTINGS, channel, wanted)
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert "hidden" not in refusal.sentence
