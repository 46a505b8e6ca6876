"""What was asked for."""

from __future__ import annotations

from bot.request import events as e
from bot.request.lifecycle import begin
from bot.request.model import Kind, Request
from bot.request.plan import Purpose
from bot.slack.cards.buttons import lun_words
from bot.slack.cards.kinds import sr_of
from bot.slack.cards.lines.saying import say
from bot.slack.cards.managed.wording import WORDINGS
from bot.slack.cards.parts import storage_wanted
from bot.slack.cards.plans import sr_words
from bot.slack.cards.texts import code, mention


@say.register
def _asked(event: e.Asked, after: Request) -> str:
    why = f" Reason: {code(event.reason, 600)}." if event.reason else ""
    return f"{mention(event.actor)} asked {_wanted(event, after)}.{why}"


def _wanted(event: e.Asked, after: Request) -> str:
    named = f" named {code(event.name)}" if event.name else ""
    where, pool = code(str(event.address)), code(after.pool)
    chore = WORDINGS.get(event.purpose)
    if chore is not None:
        renamed = f" to {code(event.name)}" if event.name and event.purpose is Purpose.RENAME else ""
        return f"to {chore.wish(code(event.sr), pool)}{renamed}"
    if event.kind is not Kind.ISCSI and event.purpose is not Purpose.FORMAT:
        return storage_wanted(begin(event))
    if event.purpose is Purpose.ATTACH:
        return f"to attach the SR on a LUN of {where} to pool {pool}" + (
            f" as {code(event.name)}" if event.name else ""
        )
    if event.dies is not None and event.lun is not None:
        over = f"over the SR {sr_words(event.dies)} on {lun_words(event.lun)}, SCSIid {code(event.lun.scsi_id or '')}"
        typed = ", and typed the end of that" if event.typed else ""
        return f"for {sr_of(event.kind)}{named} {over}{typed}. It goes on from request {code(event.follows)}"
    return f"for an iSCSI SR{named} from {where} for pool {pool}"
