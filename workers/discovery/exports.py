"""What an NFS server exports. Where it does not tell, its requester types the path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.ledger.store import NewFinding, new_id
from bot.request import events as e
from bot.request.found import Finding, Place, Share
from bot.storage import Export
from workers.inspection.files import NFS, config_of, prober
from workers.inspection.shares import at_place, share_of, usable_credential
from workers.inspection.supported import refuse_unsupported
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.records import Contents, Sr, read_contents


def discover_exports(step: Step) -> None:
    """Find the exports of the server that was typed. Raises XenError, CannotDoError, SupersededError."""
    share = share_of(step)
    usable_credential(step, share)
    step.progress("asking the server for its exports")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_unsupported(session, step.request.pool, NFS)
        contents = read_contents(session)
        with prober(step, session, step.workplace.master_of(session), share) as probing:
            reading = probing.exports()
    rows = offered_exports(reading.items, share, contents)
    if not rows:
        raise CannotDoError("no_exports", address=share.server)
    finding = Finding(new_id(), len(rows), complete=reading.complete)
    step.commit([e.PlacesFound(at=step.now, step=step.number, finding=finding)], NewFinding(finding, rows))


def offered_exports(exports: Iterable[Export], share: Share, contents: Contents) -> tuple[Place, ...]:
    """Give each export once, with the SRs of the pool that are on it. A path of NFS 4 gets the slash that it lacks."""
    found = {"/" + export.path.strip("/"): export.access for export in exports}
    return tuple(
        Place(path, path, _detail(access, at_place(contents, NFS, dict(config_of(replace(share, path=path), None)))))
        for path, access in found.items()
    )


def _detail(access: str | None, srs: Sequence[Sr]) -> str:
    clients = "" if access is None else "for everybody" if access == "*" else f"for {access}"
    holds = f"holds {', '.join(sr.name for sr in srs)}" if srs else ""
    return "; ".join(filter(None, [holds, clients]))
