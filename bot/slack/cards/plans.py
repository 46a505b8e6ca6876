"""A plan as people read it before they approve: what happens, what dies, and what each host sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.request.found import HeldSr, HostSight, Usage
from bot.request.plan import MANAGING, Plan, Purpose, Way
from bot.slack.cards import sited
from bot.slack.cards.blocks import Block, context, fields, paragraphs, section
from bot.slack.cards.labels import portal_text
from bot.slack.cards.managed import planned as managed
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.parts import EVERY, listed, lun, portals
from bot.slack.cards.texts import code, escape
from bot.slack.cards.troubles import told
from bot.storage.sizes import human_size

_NAME: Final = 64
_MOST_HOSTS: Final = 30
"""Whoever is left behind is named, as far as a paragraph holds names."""

_MOST_BESIDE: Final = 4
_MOST_CONFIG: Final = 6
"""Beside what every plan says there is room for so many fields."""

_SECTIONS_OF_TARGETS: Final = 2
_SECTIONS_OF_HOSTS: Final = 2
"""The rest of a card needs room too: Slack refuses blocks too long in all (chat.update: msg_blocks_too_long)."""

HAPPENS: Final[Mapping[Purpose, str]] = {
    Purpose.CREATE: "A new SR is created on the LUN.",
    Purpose.ATTACH: "The SR on the LUN is attached as it is, with all that it holds.",
    Purpose.FORMAT: "A new SR is created over the one that the LUN holds.",
}
LIBRARY: Final = "The share becomes an ISO library. Nothing on it changes."
OF_FILES: Final = "A new SR is made on the share, in a folder of its own. Nothing else on it changes."
ATTACHED: Final = "The SR on the share is attached as it is, with all that it holds."
SHARED_ELSEWHERE: Final = (
    "*Warning:* a pool that srbot doesn't know may still use this SR. Two pools that write to it at once corrupt its "
    "disks: make sure that no other pool uses it."
)
WARNINGS: Final[Mapping[Purpose, str]] = {
    Purpose.CREATE: "*Warning:* creating the SR erases whatever else is on this LUN; XenServer can't see foreign data.",
    Purpose.ATTACH: (
        "*Warning:* a pool that srbot doesn't know may still use this SR. Attached to two pools at once its volume "
        "group is corrupted: make sure that no other pool uses it."
    ),
    Purpose.FORMAT: (
        "*Warning:* a pool that srbot doesn't know may still use the SR on this LUN; its disks are lost there too."
    ),
}
SHOW_IT: Final = "Have the array show the LUN to every host and look again, or accept that they are left behind."
_BRING_BACK: Final = (
    "Have {hosts} take part again (switched on, and out of maintenance) and look again, or accept that the SR isn't "
    "attached there: once they are back, `/sr repair` does that."
)
AWAY: Final = frozenset({"host_disabled", "host_unreachable", "host_emergency", "host_starting"})
"""The reasons of a trouble that say that the host itself takes no part."""

MULTIHOMED: Final = {True: "yes, at all portals of the target", False: "no, at this portal alone"}
OVERRIDE: Final = "This needs the approval of somebody who may override."


def plan(planned: Plan) -> list[Block]:
    """Show the whole plan: everything that an approval is about."""
    if planned.purpose in MANAGING:
        return [*managed.blocks(planned), *_notes(planned)]
    shared = "shared" if planned.shared else "not shared"
    rows = [
        ("Name", code(planned.name)),
        *([("Description", code(planned.description))] if planned.description else []),
        ("Pool", f"{code(planned.pool)}, master {code(planned.master)}"),
        ("Kind", f"{code(planned.sr_type)}, {shared}, content {code(planned.content_type)}"),
        *_access(planned),
    ]
    return [
        section(_what(planned)),
        fields(rows),
        *target(planned),
        *_held(planned),
        *paragraphs(host_lines(planned.hosts if planned.way else ()), _SECTIONS_OF_HOSTS),
        *_notes(planned),
    ]


def _access(planned: Plan) -> list[tuple[str, str]]:
    if sited.is_sited(planned):
        return sited.rows(planned)
    if planned.way is None:
        config = [(escape(key).capitalize(), code(value)) for key, value in planned.config]
        return [*config[:_MOST_CONFIG], ("Credential", code(planned.credential or "none"))]
    portal = planned.way.portal
    if portal is None:
        return []
    multihomed = [] if planned.way.multihomed is None else [("Multihomed", MULTIHOMED[planned.way.multihomed])]
    return [
        ("Portal", code(portal_text(portal))),
        *multihomed,
        ("CHAP credential", code(planned.credential or "none") + (", mutual" if planned.way.mutual else "")),
    ]


def target(planned: Plan) -> list[Block]:
    """Show the LUN that a plan is about, and the target that offers it."""
    if planned.way is None:
        return []
    return [*_reached_by(planned.way), lun(planned.way.lun)]


def _reached_by(way: Way) -> list[Block]:
    if way.targets:
        rows = [f"{code(one.iqn)} at {portals(one.portals)}" for one in way.targets]
        return paragraphs([f"*Targets*: every host logs in to {EVERY}", *rows], _SECTIONS_OF_TARGETS)
    return [section(f"*Target*\n{code(way.iqn)}")] if way.iqn else []


def warning(planned: Plan) -> Block | None:
    """Say what XenServer and srbot can't know about the storage, and what an approval takes on."""
    chore = WORDINGS.get(planned.purpose)
    if chore is not None:
        return section(chore.warning) if chore.warning else None
    if planned.way is None:
        told = sited.warning(planned) if sited.is_sited(planned) else ""
        return section(SHARED_ELSEWHERE) if _joins_disks(planned) else section(told) if told else None
    return section(WARNINGS[planned.purpose])


def _what(planned: Plan) -> str:
    said = [destroyed(planned.dies)] if planned.dies else []
    elsewhere = sited.happens(planned) if sited.is_sited(planned) else _on_share(planned)
    happens = HAPPENS[planned.purpose] if planned.way else elsewhere
    return "\n".join([*said, f"*Plan {planned.number}:* {happens}"])


def _on_share(planned: Plan) -> str:
    if planned.purpose is Purpose.ATTACH:
        return ATTACHED
    return LIBRARY if planned.content_type == "iso" else OF_FILES


def _joins_disks(planned: Plan) -> bool:
    """ISOs are only read: as many pools as like may have the same library."""
    return planned.purpose is Purpose.ATTACH and planned.content_type != "iso"


def destroyed(held: HeldSr) -> str:
    """Say that an SR dies."""
    return f"*The SR {sr_words(held)} is destroyed, with everything in it. Nothing brings it back.*"


def sr_words(held: HeldSr) -> str:
    """Name an SR that a LUN holds: its name where it is known, its UUID, its size where it is known."""
    name = f"{code(held.name, _NAME)} " if held.name.strip() else ""
    return f"{name}{code(held.uuid)}" + (f" ({human_size(held.size)})" if held.size else "")


def _held(planned: Plan) -> list[Block]:
    held = planned.held
    on = "LUN" if planned.way else sited.noun(planned) if sited.is_sited(planned) else "share"
    return [held_sr(held, on)] if held and planned.purpose is Purpose.ATTACH else []


def held_sr(held: HeldSr, on: str = "LUN") -> Block:
    """Show the SR that a LUN holds in full."""
    rows = [(f"SR on the {on}", code(held.uuid)), ("Its name", code(held.name)), ("Its size", human_size(held.size))]
    return fields(rows)


def host_lines(hosts: Sequence[HostSight]) -> list[str]:
    """Say of each host whether it sees the LUN, those that don't first, with their own reason."""
    return [_host_line(sight) for sight in sorted(hosts, key=lambda sight: sight.sees)]


def _host_line(sight: HostSight) -> str:
    paths = f"multipath {'on' if sight.multipathing else 'off'}"
    known = f"{paths} · initiator {code(sight.iqn)}" if sight.iqn else paths
    if sight.sees:
        return f"{code(sight.host, _NAME)}: sees the LUN · {known}"
    why = told(sight.why) if sight.why else None
    said = "" if why is None else f"\n{why.sentence}" + (f" {why.next_step}" if _is_away(sight) else "")
    sees = "can't look at the LUN now" if _is_away(sight) else "doesn't see the LUN"
    return f"{code(sight.host, _NAME)}: *{sees}* · {known}{said}"


def _is_away(sight: HostSight) -> bool:
    """The host itself takes no part now: nothing can be mended on the array."""
    return sight.why is not None and sight.why.reason in AWAY


def _notes(planned: Plan) -> list[Block]:
    said = []
    if planned.known and planned.purpose is Purpose.ATTACH:
        said.append(f"Pool {code(planned.pool)} knows this SR, and none of its hosts has it attached.")
    if planned.beside:
        said.append(f"*Also on the share, and left as they are:* {_beside(planned.beside)}.")
    if planned.accepted:
        said.append(f"*Accepted:* {unseeing(planned.accepted)}, so the SR won't be attached there.")
    elif planned.blind:
        said += _ways_on([sight for sight in planned.hosts if not sight.sees])
    if planned.not_asked:
        said.append(
            f"*Pool {listed(planned.not_asked)} could not be asked whether it uses this {_about(planned)}.* "
            "Who approves takes that on."
        )
    if planned.needs_override:
        said.append(OVERRIDE)
    return [section("\n".join(said))] if said else []


def _beside(others: Sequence[Usage]) -> str:
    """Name the first SRs that are on the same share, and who has them."""
    shown = [
        f"{code(one.sr_uuid)} ({code(one.sr_name, _NAME)} of pool {code(one.pool)})"
        if one.pool
        else f"{code(one.sr_uuid)} (known to no pool that was asked)"
        for one in others[:_MOST_BESIDE]
    ]
    more = len(others) - _MOST_BESIDE
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _about(planned: Plan) -> str:
    return "LUN" if planned.way else "SR"


def _ways_on(blind: Sequence[HostSight]) -> list[str]:
    """Say what can be done about the hosts that don't see the LUN: on the array, or about the hosts themselves."""
    away = tuple(sight.host for sight in blind if _is_away(sight))
    said = [SHOW_IT] if len(away) < len(blind) else []
    return [*said, _BRING_BACK.replace("{hosts}", listed(away, _MOST_HOSTS))] if away else said


def keeps_name(planned: Plan, wanted: str | None) -> Block | None:
    """Say that the pool's record of an SR keeps its name, where another one was typed."""
    if wanted is None or not planned.known or planned.purpose is not Purpose.ATTACH or wanted == planned.name:
        return None
    return context(
        f"The name that was typed, {code(wanted, _NAME)}, is not used: "
        f"the pool's record of the SR keeps its own, {code(planned.name, _NAME)}. `/sr rename` gives it another one."
    )


def unseeing(hosts: Sequence[str]) -> str:
    """Name hosts that don't see a LUN."""
    return f"{listed(tuple(hosts), _MOST_HOSTS)} {'does' if len(hosts) == 1 else 'do'} not see the LUN"
