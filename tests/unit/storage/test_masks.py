from __future__ import annotations

import json
import xmlrpc.client
from html import escape
from string import ascii_letters, digits
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage import as_json, explain_text, masked, table
from tests.unit.storage.texts import laid_out

if TYPE_CHECKING:
    from collections.abc import Callable

CANARY = "Canary7"
KEYS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "chap", "incoming_chap", "node.session.auth.", "user", "session_", "x-"]),
    st.sampled_from(["password", "passwd", "pass", "pwd", "passphrase", "passcode", "secret", "token", "PASSWORD"]),
    st.sampled_from(["", "_in", "_secret", "_key", "2", "s"]),
)
OPTIONS = st.sampled_from(
    ["--password", "--chap-password", "-password", "--pwd", "--pass", "--token", "--secret", "-pw", "\u2014password"]
)
# No quote opens it, so it ends at white space; what follows a semicolon and a blank is another entry.
ROUND = st.text(ascii_letters + digits + "!#$%()*+,-./:=?@[]^_{|}~;&", max_size=6)
VALUES = st.builds("{}{}{}".format, ROUND, st.just(CANARY), ROUND)
WRITTEN: tuple[Callable[[str, str], str], ...] = (
    lambda key, value: f"{key}={value}",
    lambda key, value: f"{key}: {value}",
    lambda key, value: f"{key} => {value}",
    lambda key, value: f"chapuser: u; {key}: two {value}; port: 3260",
    lambda key, value: f'"{key}": "two {value}"',
    lambda key, value: f"'{key}': 'two {value}'",
    lambda key, value: f"{{u'{key}': u'two {value}'}}",
    lambda key, value: f"{{b'{key}': b'two {value}'}}",
    lambda key, value: f"{{\\'{key}\\': \\'two {value}\\'}}",
    lambda key, value: f"('{key}', 'two {value}')",
    lambda key, value: f"\u201c{key}\u201d: \u201ctwo {value}\u201d",
    lambda key, value: f"<{key}>two {escape(value)}</{key}>",
    lambda key, value: escape(f"<{key}>two {value}</{key}>"),
    lambda key, value: f"<name>{key}</name>\n<value><string>two {escape(value)}</string></value>",
)
UUID = "0f2c1b9e-5b6f-4c57-9d57-3f3f6f0c2b11"
IQNS = ("iqn.2001-05.com.example:0-8a0906-vol1", "iqn.2010-01.com.pass:target1", "iqn.2010-01.com.x:token:pwd:secret.a")
SCSI_IDS = ("36090a028b04a9a0def60353420006046", "1VATES_example-0000000a", "3600a0980password")


@pytest.mark.parametrize("written", WRITTEN)
@given(key=KEYS, value=VALUES)
def test_what_stands_behind_a_key_of_a_secret_is_never_shown(
    written: Callable[[str, str], str], key: str, value: str
) -> None:
    shown = masked(f"before {written(key, value)} after")

    assert CANARY not in shown
    assert shown.startswith("before ")


@given(option=OPTIONS, value=VALUES, quote=st.sampled_from(["", "'", '"']))
def test_what_stands_behind_an_option_for_a_secret_is_never_shown(option: str, value: str, quote: str) -> None:
    assert masked(f"xe -u root {option} {quote}{value}{quote} vm-list") == f"xe -u root {option} *** vm-list"


@given(key=KEYS, value=VALUES)
def test_a_secret_in_a_cell_of_what_is_explained_is_never_shown(key: str, value: str) -> None:
    for root, row, names in (
        ("iscsi-target", "LUN", ("vendor", "serial", "SCSIid")),
        ("SRlist", "SR", ("UUID", "name_label", "name_description", "Devlist")),
        ("nfs-exports", "Export", ("Target", "Path", "Accesslist")),
        ("Devlist", "BlockDevice", ("path", "vendor", "serial", "SCSIid")),
    ):
        told = explain_text(laid_out(root, row, [[(name, f"{key}={value}") for name in names]], padded=True))

        assert told.lists.count == 1
        assert CANARY not in f"{as_json(told)} {table(told.lists)} {told}"


@given(value=VALUES)
def test_a_call_that_logs_in_shows_nothing_of_what_it_is_given(value: str) -> None:
    parameters = ("root", value, "1.0")
    for call in (
        xmlrpc.client.dumps(parameters, "session.login_with_password"),
        json.dumps({"jsonrpc": "2.0", "method": "session.login_with_password", "params": parameters, "id": 1}),
        xmlrpc.client.dumps(parameters, "session.login_with_password").removesuffix("</methodCall>\n"),
    ):
        assert CANARY not in masked(call)
        assert "root" not in masked(call)


@pytest.mark.parametrize("identifier", [UUID, *IQNS, *SCSI_IDS])
def test_what_names_storage_is_never_taken_for_a_secret(identifier: str) -> None:
    for text in (
        identifier,
        f"uuid: {identifier}; chappassword: x",
        f"{identifier} pwd=x",
        f"secret_uuid={identifier}",
        f"<SCSIid>{identifier}</SCSIid><password>x</password>",
        f"token=x\n{identifier}",
        f'["token", "x", "{identifier}"]',
        f"on the last pass, {identifier} was seen",
        f"out of tokens; {identifier} waits",
    ):
        assert identifier in masked(text)


@pytest.mark.parametrize(
    "text", ["username/password invalid", "verify CHAP password on the array", "--password-file /etc/x", "by pass 2"]
)
def test_words_about_secrets_are_left(text: str) -> None:
    assert masked(text) == text
