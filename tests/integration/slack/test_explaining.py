from __future__ import annotations

import json
from typing import Any

from bot.ledger import keys
from bot.slack.cards.explained import explained_message
from bot.storage import explain_text
from deploy.sandbox.tour.person import Seen
from tests.integration.slack.stage import Stage
from tests.unit.storage.texts import sample

PASSWORD = "hunter2-canary"


def escaped(text: str) -> str:
    """As Slack sends what was pasted."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def pastes(stage: Stage, text: str, channel: str | None = None) -> None:
    stage.person("requester").types(channel or stage.channel, f"/sr explain {text}")


def last_note(stage: Stage) -> dict[str, object]:
    entries: Any = stage.redis.xrevrange(keys.AUDIT, count=1)
    ((_, fields),) = entries
    return dict(json.loads(fields[b"record"])["data"])


def answer(seen: Seen) -> str:
    return str([seen.body["text"], seen.body["blocks"]])


def test_a_pasted_probe_is_explained_to_the_one_who_pasted_it(stage: Stage) -> None:
    before = stage.redis.xlen(keys.OUTBOX)
    pastes(stage, sample("targets-failure-text-padded.txt"))
    seen = stage.private("requester", "The array offers 2 targets", "iqn.1997-10.com.example:filer1:iscsi1")

    assert seen.says("SR_BACKEND_FAILURE_96", "192.0.2.90:3260")
    assert not [each for each in stage.person("outsider").reads(stage.channel) if each.says("iscsi1")]
    assert stage.redis.xlen(keys.OUTBOX) == before


def test_of_the_text_only_kind_and_code_are_recorded(stage: Stage) -> None:
    pastes(stage, f"Error code: SR_BACKEND_FAILURE_68\nError parameters: , login failed chappassword={PASSWORD}, ")
    stage.private("requester", "The array refused the iSCSI login")

    record = last_note(stage)
    assert record["type"] == "Explained"
    note = record["note"]
    assert isinstance(note, dict)
    assert set(note) == {"id", "at", "actor", "team", "channel", "kind", "code"}
    assert (note["kind"], note["code"], note["channel"]) == ("error", "SR_BACKEND_FAILURE_68", stage.channel)
    assert note["actor"] == stage.slack.users["requester"]


def test_capitals_that_are_no_code_are_not_recorded(stage: Stage) -> None:
    pastes(stage, "Error code: HUNTER_TWO_CANARY\nError parameters: , text, ")
    seen = stage.private("requester", "Not understood")

    note = last_note(stage)["note"]
    assert isinstance(note, dict)
    assert (note["kind"], note["code"]) == ("unknown", None)
    assert "HUNTER_TWO" not in answer(seen)


def test_a_password_in_a_pasted_text_is_masked_and_not_refused(stage: Stage) -> None:
    pastes(stage, f"<SRlist><SR><UUID>1</UUID><name_label>chappassword={PASSWORD}</name_label></SR></SRlist>")
    seen = stage.private("requester", "one SR", "***")

    assert PASSWORD not in answer(seen)


def test_a_text_that_says_nothing_is_told_what_can_be_pasted(stage: Stage) -> None:
    pastes(stage, "hello")
    stage.private("requester", "Not understood", "Paste all of one")
    pastes(stage, "")
    stage.private("requester", "Not understood", "behind `/sr explain`")


def test_rows_that_dont_fit_are_counted(stage: Stage) -> None:
    rows = "".join(f"<LUN><LUNid>{n}</LUNid><SCSIid>36{n:040}</SCSIid></LUN>" for n in range(250))
    pastes(stage, f"<iscsi-target>{rows}</iscsi-target>")
    seen = stage.private("requester", "shows 250 LUNs", "rows more: `srbot explain` shows all of them", "Slack cuts")

    blocks = seen.body["blocks"]
    assert all(len(block.get("text", {}).get("text", "")) <= 3000 for block in blocks)
    assert len(blocks) <= 50


def test_where_it_could_not_be_recorded_the_text_comes_back_masked(own_stage: Stage) -> None:
    own_stage.redis.client_pause(2500)
    pastes(own_stage, f"Error parameters: , chappassword={PASSWORD}, <SRlist/>")
    seen = own_stage.private("requester", "could not record that in time", "/sr explain Error parameters:", "***")
    own_stage.redis.ping()  # answered when the pause is over

    assert PASSWORD not in answer(seen)


def test_a_guest_is_refused_here_too(stage: Stage) -> None:
    stage.person("guest").types(stage.channel, "/sr explain SR_DEVICE_IN_USE")
    stage.private("guest", "Guests can't use srbot")


def test_a_table_of_awkward_values_stays_within_the_limits_of_slack() -> None:
    rows = "".join(f"<SR><UUID>{n}</UUID><name_label>{'&amp;`&lt;' * 120}</name_label></SR>" for n in range(60))
    shown = explained_message(explain_text(f"<SRlist>{rows}</SRlist>"), 100)

    texts = [block["text"]["text"] for block in shown.blocks if "text" in block]
    assert all(len(text) <= 3000 for text in texts)
    assert all(text.endswith("```") for text in texts if text.startswith("```"))
    assert sum(map(len, texts)) < 13_000


def test_no_value_widens_the_table_without_end() -> None:
    fields = "".join(f"<{name}>{name * 99}</{name}>" for name in ("vendor", "serial", "SCSIid"))
    shown = explained_message(explain_text(f"<iscsi-target><LUN>{fields}</LUN></iscsi-target>"), 100)

    (lines,) = (block["text"]["text"] for block in shown.blocks if "```" in block.get("text", {}).get("text", ""))
    assert max(map(len, lines.splitlines())) < 150
    assert lines.count("\u2026") == 3


def test_nothing_listed_has_no_table() -> None:
    shown = explained_message(explain_text("SR_DEVICE_IN_USE"), 100)

    assert [block["type"] for block in shown.blocks] == ["header", "section", "section", "context"]
