"""A plan for an SR that a pool knows, as people read it before they approve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.request.found import Disk, HeldSr, Losses
from bot.request.plan import Plan, Purpose
from bot.slack.cards.blocks import Block, context, fields, paragraphs, section
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.parts import listed
from bot.slack.cards.texts import code, counted, one_line
from bot.storage.sizes import human_size

_ROOM = 6500
"""Characters for the disks: Slack takes some 13,200 in all blocks together (msg_blocks_too_long, measured)."""

_NAME, _MOST_VMS = 64, 3
_SHORT_NAME, _FEW_VMS = 40, 1
_SECTIONS_OF_DISKS = 3
_UNKNOWN = HeldSr("")


def blocks(planned: Plan) -> list[Block]:
    """Show the SR, what happens to it, and what goes with it."""
    held = planned.held or _UNKNOWN
    return [
        section(_what(planned)),
        section(f"*UUID*\n{code(held.uuid)}"),
        fields(_rows(planned, held)),
        *_services(planned),
        *_on_it(planned),
    ]


def _what(planned: Plan) -> str:
    gone = ["*The SR is destroyed, with everything on it. Nothing brings it back.*"] if planned.dies else []
    return "\n".join([*gone, f"*Plan {planned.number}:* {WORDINGS[planned.purpose].happens}"])


def _rows(planned: Plan, held: HeldSr) -> list[tuple[str, str]]:
    shared = "shared" if planned.shared else "not shared"
    return [
        *_names(planned, held),
        ("Pool", f"{code(planned.pool)}, master {code(planned.master)}"),
        ("Kind", f"{code(planned.sr_type)}, {shared}, content {code(planned.content_type)}"),
        ("Size", human_size(held.size)),
        ("Attached to", listed(planned.attached) if planned.attached else "no host"),
        *([("SCSIid", code(planned.scsi_id))] if planned.scsi_id else []),
    ]


def _names(planned: Plan, held: HeldSr) -> list[tuple[str, str]]:
    if planned.purpose is Purpose.RENAME:
        return [("Name now", code(held.name)), ("New name", code(planned.name))]
    return [("Name", code(held.name))]


def _services(planned: Plan) -> list[Block]:
    """Say what the pool uses the SR for by itself, which goes with it."""
    if not planned.serves:
        return []
    said = " and ".join(planned.serves)
    return [section(f"*The pool uses this SR for {said}.* It has no place for that afterwards, until it is given one.")]


def _on_it(planned: Plan) -> list[Block]:
    losses, carried = planned.losses, WORDINGS[planned.purpose].carried
    if losses is None or not carried:
        return []
    if not losses.count:
        return [section(f"*{carried}:* nothing, the SR holds no disk.")]
    more = losses.count - len(losses.disks)
    rest = [context(f"and {counted(more, 'disk')} more")] if more > 0 else []
    head = f"*{carried}:* {losses_words(losses)}."
    return [section(head), *paragraphs(disk_lines(losses.disks), _SECTIONS_OF_DISKS), *rest]


def losses_words(losses: Losses) -> str:
    """Count the disks and say how large they are in all."""
    return f"{counted(losses.count, 'disk')}, {human_size(losses.size)} in all"


def disk_lines(disks: Sequence[Disk]) -> list[str]:
    """Name disks and the VMs that they belong to; by less of their names where all of them have no room else."""
    lines = [_disk_line(disk, _NAME, _MOST_VMS) for disk in disks]
    if sum(map(len, lines)) <= _ROOM:
        return lines
    return [_disk_line(disk, _SHORT_NAME, _FEW_VMS) for disk in disks]


def _disk_line(disk: Disk, name: int, vms: int) -> str:
    return "• " + ", ".join(_of_disk(disk, name, vms))


def _of_disk(disk: Disk, name: int, vms: int) -> Iterator[str]:
    def several(names: tuple[str, ...]) -> str:
        return listed([one_line(vm, name) for vm in names], vms)

    yield f"{code(disk.name or disk.uuid, name)} ({human_size(disk.size)})"
    if disk.memory_of:
        yield f"*the memory of {several(disk.memory_of)}, suspended*"
    if disk.vms or not disk.memory_of:
        yield f"of {several(disk.vms)}" if disk.vms else "of no VM"
    if disk.attached:
        yield "*open now*"
