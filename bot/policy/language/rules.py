"""The rules and the denials of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.policy.language import values
from bot.policy.language.names import Names
from bot.policy.language.patterns import SHAPE, pattern
from bot.policy.language.tables import Table
from bot.policy.model import ANYONE, DAY, Automatic, Denial, Escalation, Part, Rule, Stop, When
from bot.policy.subject import DESTRUCTIVE, POSSIBLE, Action, Danger
from bot.policy.times import longest_quiet

_UTC: Final = "UTC"
_ALWAYS: Final = "always"
_ABOVE: Final = "above "
STEP_UP: Final = f'"{_ALWAYS}" or "{_ABOVE}" and a size, as "{_ABOVE}10 TiB"'


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rules that go by these names."""

    names: Names

    def rule(self, name: str, table: Table) -> Rule:
        """Read one rule; what is wrong in it is noted, and stands as if it had not been said."""
        table.check_name(name)
        when = _when(table.table("when"))
        decide = table.each("decide", self.names.part, f"{values.PART}, each {values.NAME}")
        ask = table.each("ask", self.names.name_or_anyone, f'"{ANYONE}" or {values.NAME}')
        quiet = table.read("quiet", values.one_of(self.names.quiet), "quiet hours of this policy")
        rule = Rule(
            name=name,
            when=when,
            ask=ask or (ANYONE,),
            decide=decide,
            reason_required=table.read("reason_required", values.flag, "true or false") or False,
            ticket=table.read("ticket", pattern, SHAPE) or "",
            ticket_is=table.read("ticket_is", values.text, "a text of one line") or "",
            automatic=self._automatic(table),
            quiet=quiet,
            approval_waits=table.read("approval_waits", values.duration, values.DURATION) or DAY,
            runs_within=table.read("runs_within", values.duration, values.DURATION) or DAY,
            step_up_over=table.read("step_up", _step_up, STEP_UP),
            pauses=table.each("pauses", values.duration, values.DURATION, repeated=True),
            escalate=tuple(each for row in table.tables("escalate") if (each := self._escalation(row))),
        )
        table.close()
        self._check(rule, table)
        return rule

    def denial(self, name: str, table: Table) -> Denial:
        table.check_name(name)
        when = _when(table.table("when"))
        because = table.read("because", values.text, "a text of one line", required=True)
        table.close()
        return Denial(name, when, because or "")

    def _automatic(self, parent: Table) -> Automatic | None:
        table = parent.table("automatic")
        people = table.each("people", self.names.name_or_anyone, f'"{ANYONE}" or {values.NAME}')
        per_day = table.read("per_day", values.whole, values.WHOLE, required="automatic" in parent.data)
        per_person = table.read("per_person", values.whole, values.WHOLE)
        zone = table.read("zone", values.zone, values.ZONE)
        table.close()
        if per_day is None:
            return None
        if per_person is not None and per_person > per_day:
            table.wrong("per_person", "is more than `per_day`, which is for all people together")
        return Automatic(people or (ANYONE,), per_day, per_person or per_day, zone or ZoneInfo(_UTC))

    def _escalation(self, row: Table) -> Escalation | None:
        after = row.read("after", values.duration, values.DURATION, required=True)
        to = row.each("to", self.names.name, values.NAME, required=True)
        row.close()
        return Escalation(after, to) if after and to else None

    def _check(self, rule: Rule, table: Table) -> None:
        """Note what is wrong with a rule as a whole."""
        if "decide" not in table.data and "automatic" not in table.data:
            table.wrong("decide", "is missing: somebody has to decide, where it is not `automatic`")
        if "automatic" in table.data and may_destroy(rule.when):
            table.wrong(
                "automatic",
                "could let pass what erases data or removes an SR, which always needs another person: "
                "say `when.harmless = true`, or name actions that do neither",
            )
        if rule.ticket_is and "ticket" not in table.data:
            table.wrong("ticket_is", "tells what no `ticket` asks for")
        for index, part in enumerate(rule.decide):
            self._check_part(part, table, f"decide[{index}]")
        _check_pauses(rule, table)
        _check_quiet(rule, table)

    def _check_part(self, part: Part, table: Table, key: str) -> None:
        turns = [name for name in part.names if name in self.names.schedules]
        if part.count is None and turns:
            table.wrong(key, f'"all" can\'t be said of a schedule, as {turns[0]} is')
        if part.count is not None and len(turns) == len(part.names) < part.count:
            table.wrong(key, "asks for more people than are on call at a time")
        if len(set(part.names)) < len(part.names):
            table.wrong(key, "names somebody twice")


def may_destroy(when: When) -> bool:
    """Say whether a rule could match what erases or removes."""
    actions = when.actions or frozenset(Action)
    return not when.harmless and any(POSSIBLE.get(action, frozenset()) & DESTRUCTIVE for action in actions)


def _check_quiet(rule: Rule, table: Table) -> None:
    resting = rule.quiet if rule.quiet and Stop.RUNS in rule.quiet.stops else None
    if resting is not None and rule.runs_within <= longest_quiet(resting):
        told = "is no longer than the quiet hours in which nothing runs: what is approved as they begin would expire"
        table.wrong("runs_within", told)


def _check_pauses(rule: Rule, table: Table) -> None:
    if list(rule.pauses) != sorted(rule.pauses):
        table.wrong("pauses", "must not become shorter")
    pauses = [each.after for each in rule.escalate]
    if pauses != sorted(set(pauses)):
        table.wrong("escalate", "must be in the order of time, `after` growing")
    named = {name for part in rule.decide for name in part.names}
    for index, each in enumerate(rule.escalate):
        if strange := sorted(set(each.to) - named):
            table.wrong(f"escalate[{index}].to", f"names {', '.join(strange)}, who can't decide by this rule")


def _when(table: Table) -> When:
    actions = table.each("actions", values.actions, values.ACTION)
    dangers = table.each("dangers", values.one_of({it.value: it for it in Danger}), f"one of {', '.join(Danger)}")
    harmless = table.read("harmless", values.flag, "true or false") or False
    over, up_to = (table.read(key, values.size, values.SIZE) for key in ("over", "up_to"))
    when = When(
        pools=frozenset(table.each("pools", values.pool, "the name of a pool")),
        channels=frozenset(table.each("channels", values.channel, "the id of a channel, C…")),
        actions=frozenset().union(*actions),
        dangers=frozenset(dangers),
        harmless=harmless,
        over=over,
        up_to=up_to,
    )
    table.close()
    if harmless and dangers:
        table.wrong("dangers", "can't be matched by what is harmless")
    if over is not None and up_to is not None and over >= up_to:
        table.wrong("up_to", "leaves nothing above `over`")
    return when


def _step_up(value: object) -> int | None:
    if value == _ALWAYS:
        return -1
    return values.size(value.removeprefix(_ABOVE)) if isinstance(value, str) and value.startswith(_ABOVE) else None
