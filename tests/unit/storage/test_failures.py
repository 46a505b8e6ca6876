from __future__ import annotations

import pytest

from bot.storage import explain, explanation, read_failure, read_luns, read_targets
from bot.storage.failures import seldom
from bot.storage.failures.sentences import SENTENCES
from tests.unit.storage.texts import sample

WRAPPED = "The SR is not available [opterr={}]"


@pytest.mark.parametrize(
    ("details", "code", "number", "name", "root"),
    [
        ([], "NO_ERROR_CODE", None, None, None),
        ([""], "NO_ERROR_CODE", None, None, None),
        (["HOST_OFFLINE", "OpaqueRef:1"], "HOST_OFFLINE", None, None, None),
        (["SR_DEVICE_IN_USE"], "SR_DEVICE_IN_USE", None, "SRInUse", 16),
        (["SR_NOT_EMPTY"], "SR_NOT_EMPTY", None, "SRNotEmpty", 39),
        (["SR_BACKEND_FAILURE_68"], "SR_BACKEND_FAILURE_68", 68, "ISCSILogin", 68),
        (["SR_BACKEND_FAILURE_462", "", "", ""], "SR_BACKEND_FAILURE_462", 462, "WipefsFailure", 462),
        (["SR_BACKEND_FAILURE_999999", "", "x"], "SR_BACKEND_FAILURE_999999", 999999, None, 999999),
        (["SR_BACKEND_FAILURE_68x"], "SR_BACKEND_FAILURE_68x", None, None, None),
    ],
)
def test_a_failures_list_of_any_length_is_read(
    details: list[str], code: str, number: int | None, name: str | None, root: int | None
) -> None:
    failure = read_failure(details)

    assert (failure.code, failure.number, failure.symbol, failure.root) == (code, number, name, root)


@pytest.mark.parametrize(
    ("code", "text", "root"),
    [
        (47, WRAPPED.format("ISCSI login failed, verify CHAP credentials"), 68),
        (47, WRAPPED.format("The SR device is currently in use"), 16),
        (47, WRAPPED.format("SR_DEVICE_IN_USE"), 16),
        (47, WRAPPED.format(WRAPPED.format("No such device")), 19),
        (47, WRAPPED.format("No such secret."), 20),
        (47, WRAPPED.format("Incorrect DNS name, unable to resolve."), 140),
        (47, WRAPPED.format("SR_BACKEND_FAILURE_73"), 73),
        (47, WRAPPED.format(""), 47),
        (47, "The SR is not available", 47),
        (40, "The SR scan failed  [opterr=General IO error]", 200),
        (1200, "", 1200),
        (1200, "ISCSI device failed to appear", 67),
        (202, "General backend error [opterr=iscsiadm: Login failed to authenticate with target\niscsiadm: x]", 68),
        (202, "General backend error [opterr=iscsiadm: cannot make connection to 192.0.2.7: No route to host]", 141),
        (202, "General backend error [opterr=list index out of range]", 202),
        (202, "General backend error [opterr=rc: 21\nstdout: \nstderr: iscsiadm: No records found\n]", 83),
        (202, "General backend error [opterr=initiator reported error (19 - non-retryable iSCSI login failure)]", 68),
        (47, WRAPPED.format("NFS mount error [opterr=mount failed with return code 32]"), 73),
        (47, WRAPPED.format("Unsupported NFS version: 5"), 72),
        (47, WRAPPED.format("Could not mount the directory specified in Device Configuration"), 222),
        (47, WRAPPED.format("Logical Volume group creation failed"), 77),
        (47, WRAPPED.format("Error reporting error, unknown key Device not appeared yet"), 47),
        (68, "ISCSI login failed [opterr=No such device]", 68),
    ],
)
def test_a_wrapped_error_is_dug_out(code: int, text: str, root: int) -> None:
    failure = read_failure([f"SR_BACKEND_FAILURE_{code}", "", text, ""])

    assert (failure.number, failure.root) == (code, root)


def test_an_error_without_number_is_dug_out_of_the_managers_output() -> None:
    details = ["SR_BACKEND_FAILURE", "non-zero exit", "", "SRException: ISCSI login failed\nTraceback"]

    assert read_failure(details).root == 68
    assert read_failure(details[:2]).root is None
    assert read_failure(["INTERNAL_ERROR", "Server_error(SR_BACKEND_FAILURE_141, [ ; ; ])"]).root == 141


def test_the_document_of_a_failure_is_found_and_kept_out_of_the_text() -> None:
    stderr = "warning\n" + sample("targets-padded.xml")
    failure = read_failure(["SR_BACKEND_FAILURE_83", "", "ISCSI discovery failed", stderr])

    assert failure.text == "ISCSI discovery failed"
    assert read_targets(failure.document) == read_targets(sample("targets-padded.xml"))


def test_a_document_in_any_parameter_is_found() -> None:
    document = sample("luns-padded.xml")

    assert read_luns(read_failure(["SR_BACKEND_FAILURE_107", document]).document) == read_luns(document)
    assert read_failure(["SR_BACKEND_FAILURE_107", "", "", document, "", "more"]).document == document


def test_the_text_is_limited() -> None:
    assert len(read_failure(["INTERNAL_ERROR", "x" * 100_000]).text) == 4000


@pytest.mark.parametrize(
    "raw",
    [
        "session OpaqueRef:cafe-Canary",
        "chappassword=Canary",
        "chappassword = Canary,x",
        "{'chappassword': 'Can ary', 'port': '3260'}",
        '{"incoming_chappassword":"Can\\"ary"}',
        "('cifspassword', 'Canary')",
        "chappassword='Canary",
        "chappassword_secret: Canary",
        "<name>chappassword</name><value>Canary</value>",
        "<name>chappassword</name>\n<value><string>Canary</string></value>",
        "iscsiadm -n node.session.auth.password -v Canary",
        "iscsiadm --name node.session.auth.password_in --value=Canary",
        "passwd:Canary",
        "PASSWORD=>Canary",
        "<chappassword>Can ary</chappassword>",
        "<chappassword>\n\t\t\tCan &lt; ary\n\t\t</chappassword>",
        "&lt;chappassword&gt;Can &amp; ary&lt;/chappassword&gt;",
        "&lt;name&gt;cifspassword&lt;/name&gt;&lt;value&gt;Can ary&lt;/value&gt;",
        "<name>cifspassword</name> <value>Can ary</value>",
        '{\\"chappassword\\": \\"Can \\\\\\"ary\\", \\"port\\": 1}',
        "\u201cchappassword\u201d: \u201cCan ary\u201d",
        "\u2018chappassword\u2019: \u2018Can ary\u2019",
        "chappassword='Can ary",
        'chappassword="Can ary\\',
        "incoming_chappassword_secret=Canary",
        "chap_secret: Canary",
        "passphrase: Canary",
        "chappassword=Can;ary",
        "chappassword=Can;ary;more; ",
        "chappassword=Can&lt;ary&gt; x; ",
        "device-config (MRO): chapuser: u; chappassword: Can ary; port: 3260",
        "{&quot;chappassword&quot;: &quot;Can &lt; ary&quot;}",
        "{&apos;chappassword&apos;: &apos;Can ary&apos;}",
        "pwd=Canary",
        "userpass: Canary",
        "xe -s xen1 -u root -pw Canary",
        "--password Canary",
        "--chap-secret 'Can ary'",
        "-passwd Canary",
        "session_token = Canary",
        "chappassword: two Canary&lt; port: 3260",
        "<token>Can ary</token>",
        "iqn.2010-01.com.example:pwd=Canary",
        "iqn.2010-01.com.example:pass: Canary",
    ],
)
def test_secrets_are_masked_in_the_text(raw: str) -> None:
    text = read_failure(["INTERNAL_ERROR", f"before {raw} after"]).text

    assert "***" in text
    assert "ary" not in text
    assert text.startswith("before")


def test_words_about_passwords_are_left() -> None:
    text = "username/password invalid"

    assert read_failure(["SR_BACKEND_FAILURE_169", "", text, ""]).text == text


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("SR_BACKEND_FAILURE_20", "secret_missing"),
        ("SR_BACKEND_FAILURE_42", "sr_exists"),
        ("SR_BACKEND_FAILURE_47", "backend_failed"),
        ("SR_BACKEND_FAILURE_56", "lun_in_use"),
        ("SR_BACKEND_FAILURE_58", "not_on_master"),
        ("SR_BACKEND_FAILURE_67", "device_missing"),
        ("SR_BACKEND_FAILURE_68", "login_refused"),
        ("SR_BACKEND_FAILURE_70", "initiator_iqn_busy"),
        ("SR_BACKEND_FAILURE_71", "iscsi_service_failed"),
        ("SR_BACKEND_FAILURE_77", "lvm_failed"),
        ("SR_BACKEND_FAILURE_83", "iqn_not_offered"),
        ("SR_BACKEND_FAILURE_84", "iqn_mismatch"),
        ("SR_BACKEND_FAILURE_95", "address_missing"),
        ("SR_BACKEND_FAILURE_96", "iqn_missing"),
        ("SR_BACKEND_FAILURE_97", "initiator_iqn_missing"),
        ("SR_BACKEND_FAILURE_105", "lun_is_root_disk"),
        ("SR_BACKEND_FAILURE_107", "lun_gone"),
        ("SR_BACKEND_FAILURE_140", "name_not_resolved"),
        ("SR_BACKEND_FAILURE_141", "target_unreachable"),
        ("SR_BACKEND_FAILURE_142", "port_invalid"),
        ("SR_BACKEND_FAILURE_181", "metadata_failed"),
        ("SR_BACKEND_FAILURE_201", "storage_busy"),
        ("SR_BACKEND_FAILURE_433", "multipath_failed"),
        ("SR_BACKEND_FAILURE_1200", "backend_failed"),
        ("SR_BACKEND_FAILURE", "backend_failed"),
        ("SR_DEVICE_IN_USE", "lun_in_use"),
        ("CANNOT_CONTACT_HOST", "host_unreachable"),
        ("HOST_OFFLINE", "host_unreachable"),
        ("HOST_STILL_BOOTING", "host_starting"),
        ("HOST_IS_SLAVE", "master_changed"),
        ("SESSION_AUTHENTICATION_FAILED", "xen_login_refused"),
        ("SESSION_INVALID", "session_lost"),
        ("RBAC_PERMISSION_DENIED", "permission_missing"),
        ("SR_UNKNOWN_DRIVER", "sr_type_unknown"),
        ("NOT_SUPPORTED_DURING_UPGRADE", "pool_upgrading"),
    ],
)
def test_a_code_of_the_flow_has_its_own_reason(code: str, reason: str) -> None:
    assert explain(read_failure([code])) == explanation(reason)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("SR_BACKEND_FAILURE_999", "XenServer refused: SR_BACKEND_FAILURE_999."),
        ("X" * 81, "XenServer refused: no error code that can be read."),
        ("VM_BAD_POWER_STATE", "XenServer refused: VM_BAD_POWER_STATE."),
        ("<!channel>", "XenServer refused: no error code that can be read."),
        ("", "XenServer refused: NO_ERROR_CODE."),
    ],
)
def test_an_unexpected_code_is_named(code: str, sentence: str) -> None:
    told = explain(read_failure([code]))

    assert (told.reason, told.sentence) == ("unknown", sentence)
    assert "/var/log/" in told.next_step


def test_the_text_of_others_is_in_no_sentence() -> None:
    told = explain(read_failure(["SR_BACKEND_FAILURE_47", "", WRAPPED.format("<!channel> hunter2"), ""]))

    assert "hunter2" not in told.sentence + told.next_step


def test_no_sentence_holds_markup_of_slack() -> None:
    for told in (*SENTENCES.values(), *seldom.SENTENCES.values()):
        assert not set(told.sentence + told.next_step) & set("<>&*`~")


def test_what_is_shown_to_people_is_masked_and_short() -> None:
    text = "The SR is not available [opterr=chappassword=Canary]"
    document = "<SRlist><SR><chappassword>Canary</chappassword></SR></SRlist>"
    shown = read_failure(["SR_BACKEND_FAILURE_47", "", text, document]).shown

    assert shown.splitlines() == [
        "SR_BACKEND_FAILURE_47",
        "The SR is not available [opterr=chappassword=***",
        "<SRlist><SR><chappassword>***</chappassword></SR></SRlist>",
    ]
    assert read_failure(["SR_DEVICE_IN_USE"]).shown == "SR_DEVICE_IN_USE"
    assert len(read_failure(["INTERNAL_ERROR", "x " * 4000, "<SRlist/>"]).shown) == 2500
