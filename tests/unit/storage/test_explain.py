from __future__ import annotations

import json
import xmlrpc.client
from html import escape
from typing import TYPE_CHECKING

import pytest

from bot.storage import as_json, explain, explain_text, explanation, read_failure
from bot.storage.explaining import envelopes
from tests.unit.storage.notations import NOTATIONS, as_capture, as_log, as_server_error, as_xe
from tests.unit.storage.texts import SAMPLES, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

KEYS = ["kind", "code", "complete", "sentence", "next_step", "targets", "luns", "srs", "exports", "devices"]
TARGETS_TEXT = "The request is missing or has an incorrect target IQN parameter"

# Which list each document fills, and with how many rows.
LISTED = {
    "targets-failure-text-padded.txt": ("targets", "SR_BACKEND_FAILURE_96", 2),
    "exports-failure-text-padded.txt": ("exports", "SR_BACKEND_FAILURE_101", 2),
    "devices-adapters-only-padded.txt": ("devices", "SR_BACKEND_FAILURE_90", 0),
    "devices-one-padded.txt": ("devices", "SR_BACKEND_FAILURE_90", 1),
    "targets-two-portals-padded.xml": ("targets", None, 1),
    "targets-duplicate-portal.xml": ("targets", None, 1),
    "targets-ipv6.xml": ("targets", None, 1),
    "targets-padded.xml": ("targets", None, 1),
    "targets-forty.xml": ("targets", None, 40),
    "targets-none.xml": ("targets", None, 0),
    "luns-one-padded.xml": ("luns", None, 1),
    "luns-serial-like-a-number.xml": ("luns", None, 2),
    "luns-trailing-space.xml": ("luns", None, 1),
    "luns-missing-fields.xml": ("luns", None, 4),
    "luns-padded.xml": ("luns", None, 1),
    "srs-none.xml": ("srs", None, 0),
    "srs-none-from-nfs.xml": ("srs", None, 0),
    "srs-one.xml": ("srs", None, 1),
    "srs-one-metadata.xml": ("srs", None, 1),
    "srs-one-padded.xml": ("srs", None, 1),
    "task-result.txt": ("srs", None, 1),
}
FAILURES = {
    "failure-68-old.json": ("SR_BACKEND_FAILURE_68", "login_refused"),
    "failure-68.json": ("SR_BACKEND_FAILURE_68", "login_refused"),
    "failure-47-login.json": ("SR_BACKEND_FAILURE_47", "login_refused"),
    "failure-47-unknown-key.json": ("SR_BACKEND_FAILURE_47", "backend_failed"),
    "failure-108.json": ("SR_BACKEND_FAILURE_108", "nfs_unreachable"),
    "failure-141.json": ("SR_BACKEND_FAILURE_141", "target_unreachable"),
    "failure-222.json": ("SR_BACKEND_FAILURE_222", "iso_mount_failed"),
}
UNKNOWN = ("xe-sr-list.txt", "identifiers.json")


@pytest.mark.parametrize("name", LISTED)
def test_a_document_is_listed_as_what_it_is(name: str) -> None:
    told = as_json(explain_text(sample(name)))

    kind, code, count = LISTED[name]
    assert list(told) == KEYS
    assert (told["kind"], told["code"], told["complete"]) == (kind, code, True)
    assert {key: len(_rows(told, key)) for key in KEYS[5:]} == dict.fromkeys(KEYS[5:], 0) | {kind: count}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failures_list_is_explained_by_its_root(name: str) -> None:
    told = explain_text(sample(name))

    code, reason = FAILURES[name]
    assert (told.kind, told.code, told.complete) == ("error", code, True)
    assert (told.sentence, told.next_step) == (explanation(reason).sentence, explanation(reason).next_step)


@pytest.mark.parametrize("text", ["", " \n", "hello", "<p>hello</p>", *map(sample, UNKNOWN)])
def test_what_holds_nothing_of_xenserver_is_said_to_be_unknown(text: str) -> None:
    told = as_json(explain_text(text))

    assert list(told) == KEYS
    assert (told["kind"], told["code"]) == ("unknown", None)
    assert str(told["next_step"]).startswith("Paste")
    assert not any(told[key] for key in KEYS[5:])


def test_every_sample_is_explained() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {*LISTED, *FAILURES, *UNKNOWN}


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize(
    ("details", "kind"),
    [
        (["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-two-portals-padded.xml")], "targets"),
        (["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-ipv6.xml")], "targets"),
        (["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-none.xml")], "targets"),
        (["SR_BACKEND_FAILURE_107", "", "The SCSIid parameter is missing", sample("luns-padded.xml")], "luns"),
        (["SR_BACKEND_FAILURE_107", "", "The SCSIid parameter is missing", "<iscsi-target/>\n"], "luns"),
        (["SR_BACKEND_FAILURE_87", "", "The request is missing the LUNid", sample("luns-missing-fields.xml")], "luns"),
        (
            ["SR_BACKEND_FAILURE_107", "", "x", "<Devlist>\n\t<BlockDevice><path>/d</path></BlockDevice></Devlist>"],
            "devices",
        ),
        (["SR_BACKEND_FAILURE_83", "", "ISCSI discovery failed [opterr=x]", sample("targets-padded.xml")], "error"),
    ],
)
def test_every_notation_of_a_failure_says_the_same(
    notation: Callable[[Sequence[str]], str], details: Sequence[str], kind: str
) -> None:
    told = as_json(explain_text(notation(details)))

    bare = as_json(explain_text(details[-1]))
    assert (told["kind"], told["code"], told["complete"]) == (kind, details[0], True)
    assert [told[key] for key in KEYS[5:]] == [bare[key] for key in KEYS[5:]]


@pytest.mark.parametrize("notation", NOTATIONS[:-3])
@pytest.mark.parametrize(
    "details",
    [
        ["SR_BACKEND_FAILURE_68", "", "ISCSI login failed, verify CHAP credentials", ""],
        ["SR_BACKEND_FAILURE_47", "", "The SR is not available [opterr=No such device]", ""],
        ["SR_BACKEND_FAILURE_202", "", "General backend error [opterr=rc: 8\niscsiadm: no route to host\n]", ""],
        ["SR_BACKEND_FAILURE_1200", "", "", ""],
        ["SR_DEVICE_IN_USE", ""],
        ["SESSION_INVALID", "OpaqueRef:1"],
        ["OTHER_OPERATION_IN_PROGRESS", "SR", "OpaqueRef:1"],
        ["VM_BAD_POWER_STATE", "OpaqueRef:1", "halted", "running"],
    ],
)
def test_every_notation_of_an_error_gets_the_sentence_that_its_list_gets(
    notation: Callable[[Sequence[str]], str], details: Sequence[str]
) -> None:
    told = explain_text(notation(details))

    expected = explain(read_failure(details))
    assert (told.kind, told.code, told.complete) == ("error", details[0], True)
    assert (told.sentence, told.next_step) == (expected.sentence, expected.next_step)


@pytest.mark.parametrize("code", ["SR_BACKEND_FAILURE_96", "SR_BACKEND_FAILURE_101"])
def test_a_list_that_a_code_announces_and_that_is_not_there_is_said(code: str) -> None:
    told = explain_text(as_xe([code, "", "text", ""]))

    assert told.kind in {"targets", "exports"}
    assert not told.complete
    assert told.lists.count == 0


@pytest.mark.parametrize("code", ["SR_BACKEND_FAILURE_107", "SR_BACKEND_FAILURE_87", "SR_BACKEND_FAILURE_90"])
def test_a_code_that_may_bring_a_list_is_an_error_without_it(code: str) -> None:
    told = explain_text(as_xe([code, "", "text", ""]))

    assert (told.kind, told.complete) == ("error", True)


def test_an_announced_list_of_another_kind_is_kept() -> None:
    told = explain_text(as_xe(["SR_BACKEND_FAILURE_96", "", "text", sample("srs-one.xml")]))

    assert (told.kind, told.complete, len(told.lists.srs)) == ("targets", False, 1)


def test_values_are_strings_but_ports_and_sizes() -> None:
    assert as_json(explain_text(sample("luns-missing-fields.xml")))["luns"] == [
        _lun("0", None, None, 5368709120, "1494554000000000000000001000000000000000000000000"),
        _lun("3", "LIO-ORG", None, None, "36001405000000000000000000000eee0"),
        _lun("4", "IET", "00000000", 1, None),
        _lun("5", "EMPTY", "x", None, None),
    ]
    assert as_json(explain_text(sample("targets-ipv6.xml")))["targets"] == [
        {
            "iqn": "iqn.2003-01.org.linux-iscsi.example.x8664:sn.0000abcd",
            "portals": [{"address": "2001:db8:0:2::20", "port": 3260}, {"address": "fe80::1", "port": 3260}],
        }
    ]
    assert as_json(explain_text(sample("exports-failure-text-padded.txt")))["exports"] == [
        {"server": "192.0.2.90", "path": "/disk1", "access": "*"},
        {"server": "192.0.2.90", "path": "/guests", "access": "*"},
    ]


def test_the_last_readable_document_decides_and_a_cut_one_is_said() -> None:
    first, second = sample("luns-padded.xml"), sample("luns-one-padded.xml")
    cut = second[: second.index("<serial>")]

    both, broken = explain_text(first + "warning\n" + second), explain_text(first + cut)

    assert ([lun.vendor for lun in both.lists.luns], both.complete) == (["NEXENTA"], True)
    assert ([lun.vendor for lun in broken.lists.luns], broken.complete) == (["EQLOGIC"], False)
    assert "cut off" in broken.sentence


def test_of_documents_of_two_kinds_the_last_decides_the_kind() -> None:
    told = explain_text(sample("targets-padded.xml") + sample("srs-one.xml"))

    assert (told.kind, len(told.lists.srs), told.lists.targets) == ("srs", 1, ())


@pytest.mark.parametrize("end", ["<LUNid>", "</SCSIid>", "<LUN>", "</iscsi-target>"])
def test_a_document_cut_in_a_paste_shows_what_is_whole(end: str) -> None:
    text = as_xe(["SR_BACKEND_FAILURE_107", "", "text", sample("luns-serial-like-a-number.xml")])
    told = explain_text(text[: text.rindex(end)])

    assert (told.kind, told.code, told.complete) == ("luns", "SR_BACKEND_FAILURE_107", False)
    assert told.lists.luns[0].serial == "9e00394581f4003"
    assert "cut off" in told.sentence


@pytest.mark.parametrize("text", ["<iscsi-target><LUN><ven", "<SRlist>", "<SRlist>text</SRlist>"])
def test_a_list_of_which_nothing_can_be_read_is_not_called_empty(text: str) -> None:
    told = explain_text(text)

    assert (told.complete, told.lists.count) == (False, 0)
    assert "cut off" in told.sentence


def test_a_text_cut_before_its_kind_can_be_told_is_unknown_and_not_complete() -> None:
    told = explain_text('<?xml version="1.0" ?>\n<iscsi-tar')

    assert (told.kind, told.complete) == ("unknown", False)


def test_a_cut_json_list_is_read_as_far_as_it_goes() -> None:
    text = json.dumps(["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-forty.xml")])
    told = explain_text(text[: len(text) // 2])

    assert (told.kind, told.complete) == ("targets", False)
    assert {portal.address for target in told.lists.targets for portal in target.portals} == {"198.51.100.20"}


def test_the_last_failure_of_several_decides() -> None:
    first = as_xe(["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-padded.xml")])
    refused = as_xe(["SR_BACKEND_FAILURE_68", "", "ISCSI login failed", ""])
    luns = as_xe(["SR_BACKEND_FAILURE_107", "", "text", sample("luns-padded.xml")])

    assert explain_text(first + luns).kind == "luns"
    told = explain_text(first + refused)
    assert (told.kind, told.code, told.lists.count) == ("error", "SR_BACKEND_FAILURE_68", 0)


def test_a_failure_that_a_log_tells_twice_keeps_its_list() -> None:
    details = ["SR_BACKEND_FAILURE_96", "", TARGETS_TEXT, sample("targets-padded.xml")]
    told = explain_text(as_server_error(details) + as_log([*details[:-1], ""]))

    assert (told.kind, told.complete, len(told.lists.targets)) == ("targets", True, 1)


def test_a_failure_that_is_named_again_without_its_words_keeps_its_root() -> None:
    text = as_xe(["SR_BACKEND_FAILURE_47", "", "The SR is not available [opterr=No such device]", ""])

    assert (
        explain_text(f"{text}\nError code: SR_BACKEND_FAILURE_47\n").sentence == explanation("device_missing").sentence
    )


def test_a_failure_inside_another_ones_list_is_its_root() -> None:
    inner = as_log(["SR_BACKEND_FAILURE_141", "", "", ""])
    told = explain_text(as_log(["INTERNAL_ERROR", f"Server_error({inner})"]))

    assert (told.code, told.sentence) == ("INTERNAL_ERROR", explanation("target_unreachable").sentence)


def test_a_list_before_its_code_belongs_to_it() -> None:
    told = explain_text(sample("targets-padded.xml") + as_xe(["SR_BACKEND_FAILURE_83", "", "failed", ""]))

    assert (told.kind, len(told.lists.targets)) == ("error", 1)


@pytest.mark.parametrize(
    "text", ["it says SR_BACKEND_FAILURE_73 again", "SR_DEVICE_IN_USE", "SR_BACKEND_FAILURE", "HOST_OFFLINE"]
)
def test_a_bare_code_is_found(text: str) -> None:
    told = explain_text(text)

    assert (told.kind, told.code) == ("error", max(text.split(), key=len))


@pytest.mark.parametrize(
    "code",
    [
        "MY_SECRET_WORD",
        "VM_BAD_POWER_STATES",
        "SR_BACKEND_FAILURE_X",
        "SR_BACKEND_FAILURE_68_A",
        "SR_BACKEND_FAILURES_6",
    ],
)
@pytest.mark.parametrize("notation", NOTATIONS)
def test_capitals_where_a_code_belongs_are_no_code_unless_it_is_known(
    notation: Callable[[Sequence[str]], str], code: str
) -> None:
    document = sample("luns-padded.xml")

    for text in (code, notation([code, "", "text", ""])):
        assert (explain_text(text).kind, explain_text(text).code) == ("unknown", None)
    told = explain_text(notation([code, "", "text", document]))
    assert (told.kind, told.code, len(told.lists.luns)) == ("luns", None, 1)
    assert "SECRET_WORD" not in json.dumps(as_json(told))


def test_words_in_capitals_are_no_code() -> None:
    assert explain_text("set HTTP_PROXY and NO_PROXY, please").kind == "unknown"


@pytest.mark.parametrize("value", [sample("srs-one.xml"), f"<value>{escape(sample('srs-one.xml'))}</value>"])
def test_a_whole_answer_of_xml_rpc_is_read_for_its_value(value: str) -> None:
    for held in (value, {"name_label": "Async.SR.probe", "status": "success", "result": value, "error_info": []}):
        answer = xmlrpc.client.dumps(({"Status": "Success", "Value": held},), methodresponse=True)
        told = explain_text(answer)

        assert (told.kind, told.code, told.complete, len(told.lists.srs)) == ("srs", None, True, 1)
        cut = explain_text(answer[: answer.index("/SRlist")])
        assert (cut.kind, cut.complete) == ("srs", False)


@pytest.mark.parametrize("written", [json.dumps, repr, escape, lambda text: json.dumps({"body": json.dumps(text)})])
def test_a_whole_answer_in_the_notation_of_others_is_read_too(written: Callable[[str], str]) -> None:
    details = ["SR_BACKEND_FAILURE_107", "", "text", sample("luns-padded.xml")]
    answer = xmlrpc.client.dumps(({"Status": "Failure", "ErrorDescription": details},), methodresponse=True)
    told = explain_text(written(answer))

    assert (told.kind, told.code, told.complete) == ("luns", "SR_BACKEND_FAILURE_107", True)
    assert told.lists == explain_text(details[-1]).lists
    assert not explain_text(written(answer)[:-40]).complete


def test_an_answer_of_xml_rpc_that_lists_nothing_is_unknown() -> None:
    task = xmlrpc.client.dumps(({"Status": "Success", "Value": "OpaqueRef:1"},), methodresponse=True)
    for text in (task, "<methodResponse><name>error_info</name><value><array><data></methodResponse>"):
        assert (explain_text(text).kind, explain_text(text).complete) == ("unknown", True)
    assert explain_text("<methodResponse></methodCall>").kind == "unknown"


def test_an_answer_inside_another_one_is_read_with_it() -> None:
    answer = "<methodResponse><value>a</value><methodCall></methodCall></methodResponse>"

    assert envelopes.opened(f"before {answer} after") == "before a after"


def test_the_last_answer_of_a_capture_decides() -> None:
    refused = as_capture(["SR_BACKEND_FAILURE_68", "", "ISCSI login failed", ""])
    luns = as_capture(["SR_BACKEND_FAILURE_107", "", "text", sample("luns-padded.xml")])

    assert explain_text(refused + luns).kind == "luns"
    assert explain_text(luns + refused).code == "SR_BACKEND_FAILURE_68"
    nested = luns.replace("<methodResponse>", "<methodResponse><methodCall>")
    assert (explain_text(nested).kind, explain_text(nested).complete) == ("luns", True)


def test_an_errors_words_without_its_code_are_recognised() -> None:
    told = explain_text("LVHDoISCSISR.probe: EXCEPTION SR.SROSError, ISCSI login failed, verify CHAP credentials")

    assert (told.kind, told.code, told.sentence) == ("error", None, explanation("login_refused").sentence)
    assert explain_text("ping: connection refused").kind == "unknown"


def test_an_error_with_a_cut_list_says_so() -> None:
    told = explain_text(as_xe(["SR_BACKEND_FAILURE_83", "", "failed", sample("targets-padded.xml")[:-40]]))

    assert (told.kind, told.complete) == ("error", False)
    assert told.sentence.startswith(explanation("iqn_not_offered").sentence)
    assert "cut off" in told.sentence


def test_escapes_inside_values_are_undone_once() -> None:
    document = '<SRlist><SR><UUID>1</UUID><name_label>C:\\new "x" \U0001f4be</name_label></SR></SRlist>'
    details = ["SR_BACKEND_FAILURE_46", "", "text", document]

    for text in (document, json.dumps(details), repr(details), as_xe(details)):
        (sr,) = explain_text(text).lists.srs
        assert sr.name_label == 'C:\\new "x" \U0001f4be'


def test_escapes_without_end_are_left() -> None:
    text = sample("srs-one.xml")
    for _ in range(4):
        text = json.dumps(text)

    assert explain_text(text).kind == "srs"
    assert not explain_text(text).complete


def test_secrets_in_values_are_masked() -> None:
    document = "<SRlist><SR><UUID>1</UUID><name_label>chappassword=Canary {x}</name_label></SR></SRlist>"

    (sr,) = explain_text(document).lists.srs
    assert sr.name_label == "chappassword=*** {x}"


def _rows(told: dict[str, object], key: str) -> list[object]:
    rows = told[key]
    assert isinstance(rows, list)
    return rows


def _lun(
    lun_id: str, vendor: str | None, serial: str | None, size: int | None, scsi_id: str | None
) -> dict[str, object]:
    return {"lun_id": lun_id, "vendor": vendor, "serial": serial, "size_bytes": size, "scsi_id": scsi_id}
