from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Action, Policy, PolicyError, parse
from bot.policy.language import values
from bot.policy.language.document import LARGEST

RULE = '[rules.some]\ndecide = ["1 of U1"]\n'

RESTING = """
[quiet.nights]
zone = "Europe/Berlin"
from = "22:00"
to = "06:00"
stops = ["runs"]
[rules.some]
decide = ["1 of U1"]
quiet = "nights"
runs_within = "10 h"
"""


def mistakes(text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as caught:
        parse(text)
    return caught.value.mistakes


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    text = """
[groups.admins]
slack = "admins"

[rules.one]
when = { actions = ["ad iscsi"], over = "10 TB" }
decide = ["1 of admins",
  "2 of nobody"]
colour = "red"

[rules.two]
"""
    assert mistakes(text) == (
        "line 3, groups.admins.slack: must be the id of a Slack user group, S…",
        'line 6, rules.one.when.actions[0]: must be "add" or one of: ' + ", ".join(Action),
        'line 6, rules.one.when.over: must be a size as "500 GiB" or "1.5 TiB"',
        f"line 7, rules.one.decide[1]: must be {values.PART}, each {values.NAME}",
        "line 9, rules.one.colour: is unknown",
        "line 11, rules.two.decide: is missing: somebody has to decide, where it is not `automatic`",
    )


GROUP = '[groups.g]\npeople = ["U1", "U2"]\n'
ROTA = '[schedules.s]\nzone = "UTC"\npeople = ["U1"]\nfirst = 2026-01-05\n'
QUIET = '[quiet.q]\nzone = "UTC"\nfrom = "20:00"\nto = "06:00"\n'
SHIFT = '[schedules.s]\nzone = "UTC"\nshifts = [{{ person = "U1", from = {}, to = {} }}]\n'
TWO_SHIFTS = (
    '[schedules.s]\nzone = "UTC"\nshifts = [{ person = "U1", from = 2026-01-05T00:00:00, to = 2026-01-07T00:00:00 },'
    ' { person = "U2", from = 2026-01-06T00:00:00, to = 2026-01-08T00:00:00 }]\n'
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "rules: is missing"),
        ("rules = 1", "rules: must be a table"),
        ("[rules]\nsome = 1", "rules.some: must be a table"),
        (RULE + "[colours]", "colours: is unknown"),
        (RULE + "[deny.some]\nbecause = 'x'", "deny.some: is the name of a rule too"),
        (RULE + "[deny.d]", "deny.d.because: is missing"),
        (RULE + "[deny.d]\nbecause = ''", "deny.d.because: must be a text"),
        (RULE + "[deny.d]\nbecause = 1", "deny.d.because: must be a text"),
        (RULE + "[deny.d]\nbecause = 'x'\ndecide = []", "deny.d.decide: is unknown"),
        (RULE + "ask = []", "rules.some.ask: must be a list, not empty"),
        (RULE + "ask = 'U1'", "rules.some.ask: must be a list"),
        (RULE + "ask = ['U1', 'U1']", "rules.some.ask[1]: stands there twice"),
        (RULE + "ask = ['u1']", "rules.some.ask[0]: must be"),
        (RULE + "ask = [1]", "rules.some.ask[0]: must be"),
        (RULE + "quiet = 'q'", "rules.some.quiet: must be quiet hours"),
        (RULE + "reason_required = 1", "rules.some.reason_required: must be true or false"),
        (RULE + "ticket = '(a+)+'", "rules.some.ticket: must be a regular expression"),
        (RULE + "ticket_is = 'x'", "rules.some.ticket_is: tells what no `ticket` asks for"),
        (RULE + "approval_waits = '1 week'", "rules.some.approval_waits: must be a duration"),
        (RULE + "runs_within = '0 h'", "rules.some.runs_within: must be a duration"),
        (RULE + "runs_within = 5", "rules.some.runs_within: must be a duration"),
        (RULE + "step_up = '10 TiB'", "rules.some.step_up: must be"),
        (RULE + "step_up = 10", "rules.some.step_up: must be"),
        (
            RESTING.replace("10 h", "9 h"),
            "rules.some.runs_within: is no longer than the quiet hours in which nothing runs",
        ),
        (RULE + "pauses = ['2 h', '1 h']", "rules.some.pauses: must not become shorter"),
        (RULE + "escalate = [{ after = '1 h' }]", "rules.some.escalate[0].to: is missing"),
        (RULE + "escalate = [{ to = ['U1'] }]", "rules.some.escalate[0].after: is missing"),
        (RULE + "escalate = [1]", "rules.some.escalate[0]: must be a table"),
        (RULE + "escalate = [{ after = '1 h', to = ['U2'] }]", "names U2, who can't decide by this rule"),
        (
            RULE + "escalate = [{ after = '1 h', to = ['U1'] }, { after = '1 h', to = ['U1'] }]",
            "escalate: must be in the order of time",
        ),
        (RULE + "when.pools = ['a b']", "rules.some.when.pools[0]: must be the name of a pool"),
        (RULE + "when.channels = ['#storage']", "rules.some.when.channels[0]: must be the id of a channel"),
        (RULE + "when.actions = [['add']]", "rules.some.when.actions[0]: must be"),
        (RULE + "when.dangers = ['fire']", "rules.some.when.dangers[0]: must be one of"),
        (RULE + "when.harmless = 'yes'", "rules.some.when.harmless: must be true or false"),
        (RULE + "when = { harmless = true, dangers = ['erases'] }", "can't be matched by what is harmless"),
        (RULE + "when = { over = '2 GiB', up_to = '2 GiB' }", "leaves nothing above `over`"),
        (RULE + "when.colour = 'red'", "rules.some.when.colour: is unknown"),
        (RULE + "when.over = '1.5 kB'", "rules.some.when.over: must be a size"),
        ("[rules.some]\ndecide = ['1 of anyone']", "rules.some.decide[0]: must be"),
        ("[rules.some]\ndecide = ['0 of U1']", "rules.some.decide[0]: must be"),
        ("[rules.some]\ndecide = ['21 of U1']", "rules.some.decide[0]: must be"),
        ("[rules.some]\ndecide = [1]", "rules.some.decide[0]: must be"),
        ("[rules.some]\ndecide = ['1 of U1 or U1']", "rules.some.decide[0]: names somebody twice"),
        (ROTA + "[rules.some]\ndecide = ['all of s']", '"all" can\'t be said of a schedule, as s is'),
        (ROTA + "[rules.some]\ndecide = ['2 of s']", "asks for more people than are on call at a time"),
        ("[rules.U1]\ndecide = ['1 of U1']", "rules.U1: must be named by letters"),
        ("[rules.some]\nautomatic = {}", "rules.some.automatic.per_day: is missing"),
        ("[rules.some]\nautomatic = { per_day = 1 }", "automatic: could let pass what erases data or removes an SR"),
        ("[rules.some]\nwhen.actions = ['add']\nautomatic = { per_day = 1 }", "could let pass what erases data"),
        ("[rules.some]\nwhen.actions = ['detach']\nautomatic = { per_day = 1 }", "could let pass what erases data"),
        (
            "[rules.some]\nwhen.harmless = true\nautomatic = { per_day = 1, per_person = 2 }",
            "per_person: is more than `per_day`",
        ),
        ("[rules.some]\nwhen.harmless = true\nautomatic = { per_day = true }", "per_day: must be a whole number"),
        ("[rules.some]\nwhen.harmless = true\nautomatic = { per_day = 0 }", "per_day: must be a whole number"),
        ("[rules.some]\nwhen.harmless = true\nautomatic = { per_day = 1, zone = 1 }", "zone: must be a zone"),
        ("[groups.g]\n" + RULE, "groups.g: needs either `slack` or `people`"),
        (GROUP + "slack = 'S1'\n" + RULE, "groups.g: needs either `slack` or `people`"),
        ("[groups.g]\npeople = ['S1']\n" + RULE, "groups.g.people[0]: must be a Slack user id"),
        ("[groups.anyone]\npeople = ['U1']\n" + RULE, "groups.anyone: must be named by letters"),
        ("[groups.U1]\npeople = ['U1']\n" + RULE, "groups.U1: must be named by letters"),
        ('[groups."a b"]\npeople = ["U1"]\n' + RULE, "groups.a b: must be named by letters"),
        (GROUP + ROTA.replace(".s]", ".g]") + RULE, "schedules.g: is the name of a group too"),
        ("[schedules.s]\nzone = 'UTC'\n" + RULE, "needs `people` who take turns, or `shifts`"),
        ("[schedules.s]\npeople = ['U1']\n" + RULE, "schedules.s.zone: is missing"),
        ("[schedules.s]\nzone = 'UTC'\npeople = ['U1']\n" + RULE, "schedules.s.first: is missing"),
        (ROTA.replace("UTC", "Middle/Earth") + RULE, "schedules.s.zone: must be a zone"),
        (ROTA.replace("UTC", "../etc/passwd") + RULE, "schedules.s.zone: must be a zone"),
        (ROTA + "turn_days = 0\n" + RULE, "schedules.s.turn_days: must be a whole number"),
        (ROTA + "hand_over = '24:00'\n" + RULE, "schedules.s.hand_over: must be a time of the day"),
        (ROTA.replace("2026-01-05", "2026-01-05T00:00:00") + RULE, "schedules.s.first: must be a day"),
        (SHIFT.format("2026-01-05", "2026-01-06T00:00:00") + RULE, "shifts[0].from: must be a local date and time"),
        (SHIFT.format("2026-01-05T00:00:00Z", "2026-01-06T00:00:00") + RULE, "must be a local date and time"),
        (SHIFT.format("2026-01-05T00:00:00", "2026-01-05T00:00:00") + RULE, "shifts[0].to: must come after `from`"),
        (TWO_SHIFTS + RULE, "schedules.s.shifts: two of them overlap"),
        ("[quiet.q]\n" + RULE, "quiet.q.zone: is missing"),
        (QUIET + "days = ['monday']\n" + RULE, "quiet.q.days[0]: must be one of mon, tue"),
        (QUIET + "stops = ['music']\n" + RULE, "quiet.q.stops[0]: must be one of automatic"),
        (QUIET.replace("06:00", "20:00") + RULE, "quiet.q.to: leaves no time"),
        ("[may]\nfreeze = ['anyone']\n" + RULE, "may.freeze[0]: must be"),
        ("[may]\ndance = ['U1']\n" + RULE, "may.dance: is unknown"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, told: str) -> None:
    assert any(told in mistake for mistake in mistakes(text)), mistakes(text)


def test_what_is_not_toml_is_told_with_its_place_and_nothing_of_it() -> None:
    assert mistakes("[rules.some]\nsecret words") == ("this is not TOML (at line 2, column 8)",)


def test_a_policy_may_not_be_endless() -> None:
    assert mistakes(RULE + "#" * LARGEST) == (f"policy: is longer than {LARGEST} characters",)


def test_a_nesting_without_end_is_no_toml() -> None:
    assert mistakes("a = " + "[" * 100_000)[0].startswith("this is not TOML")


@given(st.text() | st.text(alphabet='[]{}="\n.#abr1 ', max_size=60).map(RULE.__add__))
def test_any_text_is_a_policy_or_has_mistakes(text: str) -> None:
    read = _parsed(text)
    assert read.text == text if isinstance(read, Policy) else read


VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.sampled_from(["U1", "add", "1 of U1", "1 h", "q", "g"]),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from(
    ["when", "ask", "decide", "automatic", "quiet", "ticket", "step_up", "pauses", "escalate", "runs_within"]
)


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_any_value_of_a_rule_is_read_or_is_a_mistake(written: dict[str, object]) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in written.items()]
    read = _parsed(GROUP + QUIET + "[rules.some]\n" + "\n".join(lines))
    assert isinstance(read, Policy) or all("rules.some" in mistake for mistake in read)


def _parsed(text: str) -> Policy | tuple[str, ...]:
    try:
        return parse(text)
    except PolicyError as error:
        return error.mistakes


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


def test_what_may_run_for_longer_than_it_is_quiet_is_no_mistake_nor_are_hours_in_which_things_run() -> None:
    assert parse(RESTING).rules[0].runs_within == 10 * 3600
    mentions_only = RESTING.replace("10 h", "1 h").replace('stops = ["runs"]', 'stops = ["mentions"]')
    assert parse(mentions_only).rules[0].runs_within == 3600
