from __future__ import annotations

from html import escape

import pytest

from bot.request.found import Lun, Portal, Target
from bot.storage import FoundSr, Reading, read_luns, read_srs, read_targets, task_value
from bot.storage.documents.scanning import documents
from tests.unit.storage.texts import DECLARATION, laid_out, sample

NOTHING: Reading[FoundSr] = Reading((), complete=False)
FREE: Reading[FoundSr] = Reading((), complete=True)


def test_a_target_on_another_port_has_that_port() -> None:
    text = _targets([("IPAddress", "192.0.2.7"), ("Port", "3261"), ("TargetIQN", "iqn.a")])

    assert read_targets(text) == Reading((Target("iqn.a", (Portal("192.0.2.7", 3261),)),), complete=True)


@pytest.mark.parametrize("port", ["0", "65536", "x", "", "-1", "٣"])
def test_a_portal_whose_port_is_unreadable_is_left_out(port: str) -> None:
    text = _targets([("IPAddress", "192.0.2.7"), ("Port", port), ("TargetIQN", "iqn.a")])

    assert read_targets(text) == Reading((Target("iqn.a", ()),), complete=False)


def test_a_target_without_address_is_shown_without_portals() -> None:
    assert read_targets(_targets([("TargetIQN", "iqn.a")])) == Reading((Target("iqn.a", ()),), complete=False)


def test_a_row_without_iqn_is_dropped_and_said() -> None:
    assert read_targets(_targets([("IPAddress", "192.0.2.7")])) == Reading((), complete=False)


def test_targets_keep_the_order_of_their_first_appearance() -> None:
    rows = [
        [("IPAddress", address), ("TargetIQN", iqn)]
        for address, iqn in [("2", "b"), ("1", "a"), ("1", "b"), ("2", "a")]
    ]

    assert [target.iqn for target in read_targets(_targets(*rows)).items] == ["b", "a"]


def test_luns_are_sorted_by_their_id() -> None:
    rows = [[("LUNid", lun_id)] for lun_id in ["10", "x", "9", "300"]]
    rows[1].append(("vendor", "V"))

    found = read_luns(laid_out("iscsi-target", "LUN", rows, padded=False))

    assert [lun.lun_id for lun in found.items] == [9, 10, 300, None]


def test_a_lun_of_which_nothing_is_known_is_dropped_and_said() -> None:
    assert read_luns("<iscsi-target><LUN/></iscsi-target>") == Reading((), complete=False)


def test_names_of_fields_are_read_in_any_case() -> None:
    text = "<iscsi-target><lun><lunid>1</lunid><SCSIID>3600</SCSIID></lun></iscsi-target>"

    assert read_luns(text) == Reading((Lun(1, None, None, None, "3600"),), complete=True)


@pytest.mark.parametrize("size", ["-1", "1e9", "9" * 5000, ""])
def test_a_size_that_is_no_number_is_unknown(size: str) -> None:
    (lun,) = read_luns(laid_out("iscsi-target", "LUN", [[("LUNid", "1"), ("size", size)]], padded=True)).items

    assert lun.size is None


def test_an_empty_document_is_complete() -> None:
    assert read_targets("<iscsi-target-iqns/>") == Reading((), complete=True)
    assert read_luns(f"{DECLARATION}<iscsi-target/>\n") == Reading((), complete=True)
    assert read_srs(f"{DECLARATION}<SRlist/>\n") == FREE
    assert read_srs("<SRlist></SRlist>") == FREE


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "The SR is not available",
        "<SRlist",
        "<SRlist>",
        "<SRlist><SR>",
        "<SRlist><SR/></SRlist>",
        "<SRlist><SR><UUID/></SR></SRlist>",
        "<SRlist><UUID>1</UUID></SRlist>",
        "<SRlist>error</SRlist>",
        "<SRlist>a < b</SRlist>",
        "<SRlist>&</SRlist>",
        "<SRlist>&nbsp;</SRlist>",
        "<SRlist>]]></SRlist>",
        "<SRlist><!-- <SR> --></SRlist>",
        "<SRlist><1/></SRlist>",
        "<SRlist></SR></SRlist>",
        "<SRlist a='1'></SRlist>",
        "</SRlist/>",
        "<srlist/>",
        "<!DOCTYPE SRlist><SRlist/>",
        "<!doctype html><p><SRlist/>",
        '<?xml version="1.0" ?>\n<SRli',
        '<SRlist/>\n<?xml version="1.0" ?>\n<SRli',
        '<SRlist/><?xml version="1.0" ?>',
        '<?xml version="1.0" ?><?xml version="1.0" ?><SRlist/>',
        "<SRlist/><SRlist>",
        "<SRlist><SRlist/>",
    ],
)
def test_what_is_unreadable_is_never_free(text: str) -> None:
    assert read_srs(text) == NOTHING


@pytest.mark.parametrize("text", [sample("srs-none.xml"), sample("srs-one.xml"), sample("srs-one-padded.xml")])
def test_a_list_cut_anywhere_is_never_complete(text: str) -> None:
    end = text.index("/>") if "<SRlist/>" in text else text.index("</SRlist>") + len("</SRlist")

    assert [cut for cut in range(end) if read_srs(text[:cut]).complete] == []


@pytest.mark.parametrize("name", ["targets-forty.xml", "targets-padded.xml"])
def test_of_a_list_cut_anywhere_only_whole_values_are_shown(name: str) -> None:
    text = sample(name)
    whole = {target.iqn for target in read_targets(text).items}

    for cut in range(0, text.index("</iscsi-target-iqns>"), 7):
        reading = read_targets(text[:cut])
        assert not reading.complete
        assert {target.iqn for target in reading.items} <= whole


def test_a_lun_cut_in_the_middle_keeps_what_is_whole() -> None:
    text = sample("luns-serial-like-a-number.xml")

    reading = read_luns(text[: text.rindex("</SCSIid>")])

    assert not reading.complete
    assert [lun.scsi_id for lun in reading.items] == ["36589cfc0000000000000000140d9b9da", None]


def test_two_lists_that_differ_are_not_complete() -> None:
    one = "<SRlist><SR><UUID>1</UUID></SR></SRlist>"

    assert not read_srs(f"{one}<SRlist/>").complete
    assert not read_srs(f"<SRlist/>{one}").complete
    assert read_srs(one + one) == Reading((FoundSr("1", None, (), None),), complete=True)


def test_the_last_of_two_whole_documents_decides() -> None:
    assert [lun.lun_id for lun in read_luns(_lun("1") + "warning\n" + _lun("2")).items] == [2]


def test_a_whole_document_decides_over_a_cut_one() -> None:
    cut = "<iscsi-target><LUN><LUNid>2</LUNid>"

    for text in (_lun("1") + cut, cut + _lun("1"), cut + DECLARATION + _lun("1")):
        reading = read_luns(text)
        assert ([lun.lun_id for lun in reading.items], reading.complete) == ([1], False)


def test_of_two_documents_the_one_that_is_asked_for_is_read() -> None:
    text = sample("targets-padded.xml") + sample("luns-padded.xml")

    assert read_targets(text) == read_targets(sample("targets-padded.xml"))
    assert read_luns(text) == read_luns(sample("luns-padded.xml"))


def test_junk_around_a_document_doesnt_matter() -> None:
    text = f"\ufeff  iscsiadm: 1 < 2 && <x> \x00\n{sample('luns-padded.xml')}\nTraceback </LUN> <"

    assert read_luns(text) == read_luns(sample("luns-padded.xml"))


def test_characters_that_xml_forbids_are_left_out() -> None:
    text = sample("luns-padded.xml").replace("EQLOGIC", "EQ\x00LO\x1bGIC\ud800\uffff")

    assert read_luns(text) == read_luns(sample("luns-padded.xml"))


def test_junk_inside_a_document_is_said() -> None:
    text = sample("luns-padded.xml").replace("\t</LUN>", "warning: slow\n\t</LUN>")

    reading = read_luns(text)

    assert not reading.complete
    assert reading.items == read_luns(sample("luns-padded.xml")).items


@pytest.mark.parametrize("junk", ["a & b", "a &b; c", "a < b", "&#0;", "&#x110000;", "&#xd800;"])
def test_a_value_that_cant_be_read_is_left_out(junk: str) -> None:
    reading = read_luns(f"<iscsi-target><LUN><LUNid>1</LUNid><vendor>{junk}</vendor></LUN></iscsi-target>")

    assert reading == Reading((Lun(1, None, None, None, None),), complete=False)


def test_escaped_characters_are_read() -> None:
    text = "<iscsi-target><LUN><vendor>&lt;A&#38;B&#x3E; &quot;&apos;&amp;amp;</vendor></LUN></iscsi-target>"

    assert [lun.vendor for lun in read_luns(text).items] == ["<A&B> \"'&amp;"]


def test_a_row_that_isnt_closed_doesnt_swallow_the_next() -> None:
    reading = read_luns("<iscsi-target><LUN><LUNid>1</LUNid><LUN><LUNid>2</LUNid></LUN></iscsi-target>")

    assert not reading.complete
    assert [(lun.lun_id, lun.vendor) for lun in reading.items] == [(1, None), (2, None)]


def test_a_list_of_devices_inside_an_sr_is_a_field() -> None:
    (document,) = documents("<SRlist><SR><UUID>1</UUID><Devlist>/dev/sda, /dev/sdb,</Devlist></SR></SRlist>")

    assert document.root == "SRlist"
    (sr,) = read_srs("<SRlist><SR><UUID>1</UUID><Devlist>/dev/sda, /dev/sdb,</Devlist></SR></SRlist>").items
    assert sr.devices == ("/dev/sda", "/dev/sdb")


def test_supported_nfs_versions_may_stand_beside_srs() -> None:
    text = "<SRlist><SupportedVersions><Version>3</Version></SupportedVersions></SRlist>"

    assert read_srs(text) == FREE


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ("<value>OpaqueRef:1</value>", "OpaqueRef:1"),
        ("<value>&lt;a&gt; &amp;lt;</value>\n", "<a> &lt;"),
        ("<value></value>", ""),
        ("<value/>", ""),
        ("", ""),
        ("plain", "plain"),
        ("<value>cut", "<value>cut"),
        ("cut</value>", "cut</value>"),
        ("<value><SRlist/></value>", "<value><SRlist/></value>"),
        ("<value>a & b</value>", "<value>a & b</value>"),
    ],
)
def test_a_tasks_result_is_unwrapped_or_left_alone(result: str, value: str) -> None:
    assert task_value(result) == value


def test_an_unescaped_and_a_cut_result_are_read_too() -> None:
    assert read_srs("<value><SRlist/></value>") == FREE
    assert read_srs(escape(f"{DECLARATION}<SRlist/>")) == FREE
    assert read_srs("&lt;?xml version=&quot;1.0&quot; ?&gt;&lt;SRl") == NOTHING
    assert read_srs("<?xml version='1.0'?><value>&lt;SRlist/&gt;</value>") == FREE


def _targets(*rows: list[tuple[str, str]]) -> str:
    return laid_out("iscsi-target-iqns", "TGT", rows, padded=False)


def _lun(lun_id: str) -> str:
    return laid_out("iscsi-target", "LUN", [[("LUNid", lun_id)]], padded=False)


def test_a_document_that_is_nested_too_deep_is_not_whole() -> None:
    deep = "<iscsi-target>" + "<LUN>" * 9 + "<LUNid>1</LUNid>" + "</LUN>" * 9 + "</iscsi-target>"

    assert not read_luns(deep).complete
