"""The text of a policy file, read to a Policy.

[groups.storage-admins]        # either a Slack user group by its id, or `people`, listed
slack = "S0AB12CD3"

[groups.security]
people = ["U0DORA", "U0EMIL"]

[schedules.on-call]            # people who take turns, from the day `first`, at `hand_over` (09:00) of the zone
zone = "Europe/Berlin"
people = ["U0ANNA", "U0BEN"]
first = 2026-01-05
turn_days = 7
shifts = [{ person = "U0CARL", from = 2026-12-24T09:00:00, to = 2026-12-27T09:00:00 }]

[quiet.nights]                 # `days` on which they begin, and what they stop: automatic, mentions, runs
zone = "Europe/Berlin"
from = "20:00"
to = "07:00"

[may]                          # who may freeze and thaw: nobody, if it is not said; and see: anyone
freeze = ["storage-admins", "on-call"]

[rules.block]                  # what it takes; every rule that matches has to be met
when = { actions = ["add iscsi", "add hba"], up_to = "10 TiB" }
ask = ["anyone"]               # the requester has to be one of these
decide = ["1 of on-call or storage-admins", "all of security"]   # all parts, each by people of its own
ticket = "CHG[0-9]{7}"         # or reason_required = true; `ticket_is` tells people
approval_waits = "24 h"
runs_within = "4 h"            # once it is approved; longer than quiet hours that stop runs
step_up = "above 5 TiB"        # or "always": approvals want a one-time code
quiet = "nights"
pauses = ["15 min", "1 h"]     # between mentions
escalate = [{ after = "30 min", to = ["storage-admins"] }]

[rules.shares]                 # up to the budget nobody has to decide; beyond it those of `decide`
when = { pools = ["lab"], channels = ["C0STORAGE"], harmless = true }
automatic = { people = ["storage-admins"], per_day = 5, per_person = 2, zone = "Europe/Berlin" }

[rules.overriding]             # to override takes a rule that names it
when = { dangers = ["overrides"] }
decide = ["1 of security"]

[deny.destroy-in-prod]         # what nobody may do
when = { pools = ["prod"], actions = ["destroy"] }
because = "SRs of prod are destroyed by hand."

`when` can say pools, channels, actions, `over` and `up_to` a size, dangers (erases, removes, overrides: one is enough)
or `harmless`. A size that is not known is above every bound. `escalate` says who is mentioned when, not who may decide.
"""

from __future__ import annotations

from typing import Final

from bot.policy.language import values
from bot.policy.language.names import Names, names
from bot.policy.language.rules import Reader
from bot.policy.language.tables import Table, parsed
from bot.policy.model import ANYONE, Policy, Right

LARGEST: Final = 256 * 1024
"""Characters of a policy; it is kept with each request."""


def parse(text: str) -> Policy:
    """Read a policy; raises PolicyError with every mistake at once, each with its line and place."""
    root, mistakes = parsed(text)
    if len(text) > LARGEST:
        mistakes.add("policy", f"is longer than {LARGEST} characters")
    given = names(root)
    reader = Reader(given)
    rules = root.table("rules")
    if not rules.data:
        root.wrong("rules", "is missing: without a rule nobody may do anything")
    denials = root.table("deny")
    policy = Policy(
        text=text,
        rules=tuple(reader.rule(name, table) for name, table in rules.named()),
        denials=tuple(reader.denial(name, table) for name, table in denials.named()),
        groups=given.groups,
        schedules=given.schedules,
        rights=_rights(root.table("may"), given),
    )
    for name in sorted(rules.data.keys() & denials.data.keys()):
        denials.wrong(name, "is the name of a rule too")
    root.close()
    mistakes.raise_if_any()
    return policy


def _rights(table: Table, given: Names) -> dict[Right, tuple[str, ...]]:
    """Read who may freeze, thaw and see; what is not said is left out."""
    what = f'"{ANYONE}" or {values.NAME}'
    readers = {Right.SEE: given.name_or_anyone}
    found = {
        right: table.each(right.value, readers.get(right, given.name), what) for right in Right if right in table.data
    }
    table.close()
    return found
