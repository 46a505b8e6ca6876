"""The text of a policy file, read to a Policy.

[groups.storage-admins]        # a Slack user group by its id, or listed people
slack = "S0AB12CD3"

[schedules.on-call]            # people who take turns
zone = "Europe/Berlin"
people = ["U0ANNA", "U0BEN"]
first = 2026-01-05

[rules.block]                  # what it takes; every rule that matches has to be met
when = { actions = ["add iscsi", "add hba"], up_to = "10 TiB" }
decide = ["1 of on-call or storage-admins"]

[deny.destroy-in-prod]         # what nobody may do
when = { pools = ["prod"], actions = ["destroy"] }
because = "SRs of prod are destroyed by hand."
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
