from __future__ import annotations

import pytest

from bot.request.grammar import Mistake, parse

CANARY = "hunter2"

TYPED = [
    "chappassword=hunter2",
    "password=hunter2",
    "password = hunter2",
    "pass=hunter2",
    "pw=hunter2",
    "secret=hunter2",
    "PASSWD=hunter2",
    "pwd=hunter2",
    "cifspassword=hunter2",
    "chap_secret=hunter2",
    "password_secret=hunter2",
    "chappassword1=hunter2",
    "chappasword=hunter2",
    "passord=hunter2",
    "pass\u200bword=hunter2",
    "\uff50\uff41\uff53\uff53\uff1dhunter2",
    "password:hunter2",
    "password: hunter2",
    "password hunter2",
    "chappassword hunter2",
    "--password hunter2",
    "\u2014password hunter2",
    "--passwrod hunter2",
    "-p hunter2",
    "-phunter2",
    '"-p" hunter2 -p',
    "options=-o password=hunter2",
    'options="-o user=x,password=hunter2"',
    'reason="the password=hunter2"',
    'reason="the password: hunter2"',
    'reason="the password is hunter2"',
    'name="Secret will be hunter2"',
    '"password":"hunter2"',
    "chap=tecmint:hunter2",
    "chap=tecmint/hunter2",
    "chap=tecmint%hunter2",
    'chap="tecmint hunter2"',
    "chap=hunter2!",
    "cahp=tecmint:hunter2",
    "cahp=tecmint hunter2",
    "addchap=tecmint hunter2",
    "chap=tecmint hunter2",
    "chap tecmint hunter2",
    "chap tecmint:hunter2",
    "chapuser=tecmint:hunter2",
    "username=tecmint hunter2",
    "user tecmint hunter2",
    "tecmint:hunter2@10.0.0.5",
    "http://tecmint:hunter2@10.0.0.5",
    "<http://tecmint:hunter2@10.0.0.5|10.0.0.5>",
    'name="open password=hunter2',
]


@pytest.mark.parametrize("part", TYPED)
@pytest.mark.parametrize("line", ["add iscsi 10.0.0.5 {}", "list {}", "{}", "ad {} iscsi", "/sr add {}"])
def test_a_typed_password_is_refused_and_kept_nowhere(part: str, line: str) -> None:
    mistake = parse(line.format(part))
    assert isinstance(mistake, Mistake)
    assert mistake.reason == "password_typed"
    assert mistake.typed == ""
    assert mistake.corrected is None
    assert CANARY not in repr(mistake)


@pytest.mark.parametrize(
    "text",
    [
        'add iscsi 10.0.0.5 reason="password rotation"',
        'add iscsi 10.0.0.5 name="pass through"',
        "add iscsi 10.0.0.5 --pool x",
        "add iscsi 10.0.0.5 -pool x",
        "add iscsi 10.0.0.5 --name x",
        "add iscsi 10.0.0.5 pool=pass",
        "add iscsi 10.0.0.5 chap=",
        "add iscsi 10.0.0.5 chap tecmint",
        "add iscsi 10.0.0.5 chap tecmint pool=x",
        "add iscsi 10.0.0.5 password",
        "add iscsi 10.0.0.5 password pool=x",
        "add iscsi 10.0.0.5 user=tecmint",
        'add iscsi 10.0.0.5 "user" a b',
        "add iscsi 10.0.0.5 reason=a@b.example",
        "add iscsi a@b.example",
        "add iscsi 10.0.0.5 " + "k" * 60 + "=x",
    ],
)
def test_what_only_resembles_a_password_is_not_called_one(text: str) -> None:
    outcome = parse(text)
    assert not (isinstance(outcome, Mistake) and outcome.reason == "password_typed")


def test_a_password_that_only_the_corrected_line_would_show_as_one_is_refused_too() -> None:
    mistake = parse("add iscsi 10.0.0.5 chips=tecmint:hunter2")
    assert isinstance(mistake, Mistake)
    assert mistake.reason == "password_typed"
    assert CANARY not in repr(mistake)


@pytest.mark.parametrize(
    "typed",
    [
        "add cephfs server=mon1 serverpath=/ options=name=admin,key=AQDcanaryCANARY0123456789canaryCANARY0123==",
        "add cephfs server=mon1 serverpath=/ key=AQDcanaryCANARY0123456789canaryCANARY0123==",
        'add cephfs server=mon1 serverpath=/ options="name=admin, key = AQDcanaryCANARY0123456789"',
        "add cephfs server=mon1 serverpath=/ options=name=admin,key=canary",
        'add cephfs server=mon1 serverpath=/ options="name=admin,key=canary two"',
        "add cephfs server=mon1 serverpath=/ options=key:canary",
        "add cephfs server=mon1 serverpath=/ options=name=admin,secret=canary",
        "add cephfs server=mon1 serverpath=/ options=name=admin,password=canary",
        "add cephfs server=mon1 serverpath=/ key=canary",
        "add cephfs server=mon1 serverpath=/ Auth_Key=canary",
        "add somefs server=mon1 api-token=canary",
    ],
)
def test_a_key_of_a_cluster_is_refused_as_a_password_is(typed: str) -> None:
    outcome = parse(typed)
    assert isinstance(outcome, Mistake)
    assert outcome.reason == "password_typed"
    assert "canary" not in repr(outcome)


@pytest.mark.parametrize(
    "typed",
    [
        "add zfs location=/tank/vms",
        "add <type> key=value",
        "add zfs key=value…",
        "list name-label=monkey=business",
        "add somefs server=mon1 monkey=business options=monkey=business",
        'add nfs nas:/srs reason="the key=answer is in the drawer"',
        "add cephfs server=mon1 serverpath=/ options=name=admin,keyring=/etc/ceph/keyring",
    ],
)
def test_a_word_that_ends_in_key_is_none(typed: str) -> None:
    outcome = parse(typed)
    assert not isinstance(outcome, Mistake) or outcome.reason != "password_typed"
