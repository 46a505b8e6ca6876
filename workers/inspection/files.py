"""A share for an SR of files: which SRs are on it already, and the plan that follows.

A new SR is a folder of its own beside what is there (SM: NFSSR.py, SMBSR.py create). One that is there can be
attached, unless some pool has it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.request import events as e
from bot.request.found import Protocol, Share, Usage
from bot.request.plan import Plan, Purpose
from bot.settings import Credential
from bot.storage import read_failure
from workers.inspection.planning import unique_name
from workers.inspection.shares import (
    Config,
    attachable,
    held_of,
    in_use,
    record_of,
    refuse_elsewhere,
    refuse_silent,
    refuse_used,
    share_of,
    usable_credential,
)
from workers.inspection.supported import refuse_unsupported
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, ask_others, used_in
from workers.xen.errors import RefusedError
from workers.xen.probes.files import FileProber, OnShare
from workers.xen.records import Contents, Hosts, read_contents, read_hosts
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession

NFS: Final = "nfs"
SMB: Final = "smb"
SR_TYPES: Final = {Protocol.NFS: NFS, Protocol.SMB: SMB}
CONTENT_TYPE: Final = "user"
PASSWORD_KEY: Final = "password_secret"  # noqa: S105 - the name of a key that leads to one
DEFAULT_NAMES: Final = {NFS: "NFS virtual disk storage", SMB: "SMB virtual disk storage"}

_WRONG_VERSION: Final = 72
_NFS_4: Final = ("4.1", "4", "4.0")
"""What may be asked for where a server doesn't speak NFS 3, which is asked for by itself (SM: nfs.py)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan stands on: the pool as it was read, who uses which SR, and what is on the share."""

    hosts: Hosts
    contents: Contents
    used: Used
    config: Config
    found: tuple[str, ...]


def inspect_files(step: Step) -> None:
    """Look what is on the share, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    share = share_of(step)
    credential = usable_credential(step, share)
    step.progress("looking at what is on the share")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_unsupported(session, step.request.pool, SR_TYPES[share.protocol])
        hosts, contents = read_hosts(session, step.workplace.master_of(session)), read_contents(session)
        with prober(step, session, hosts.master.ref, share) as probing:
            on_share, version = looked(probing, share)
    others = ask_others(step.workplace, step.request.pool)
    config = config_of(replace(share, version=version), credential)
    used = used_in(step.request.pool, contents, others)
    _conclude(step, Ground(hosts, contents, used, config, srs_on(on_share)))


@contextlib.contextmanager
def prober(step: Step, session: PoolSession, host: str, share: Share) -> Iterator[FileProber]:
    """Make ready to probe: the password becomes a XenAPI secret that lasts as long as the block."""
    credential = usable_credential(step, share)
    sr_type, config = SR_TYPES[share.protocol], dict(config_of(share, credential))
    with contextlib.ExitStack() as stack:
        if credential is not None:
            password = step.workplace.chap_password(credential.name)
            config[PASSWORD_KEY] = stack.enter_context(stored_secret(session, password))
        yield FileProber(session, step.workplace.waiting, host, sr_type, config)


def config_of(share: Share, credential: Credential | None) -> Config:
    """Give the device_config without the password, down to what is known."""
    if share.protocol is Protocol.SMB:
        server = {"server": str(share).replace("/", "\\")}
        return tuple(sorted((server | ({"username": credential.user} if credential else {})).items()))
    named = {"server": share.server, "serverpath": share.path, "nfsversion": share.version}
    return tuple(sorted((key, value) for key, value in named.items() if value))


def looked(probing: FileProber, share: Share) -> tuple[OnShare, str]:
    """Look what is on a share; gives the version of NFS too that the server wants. Raises XenError.

    The storage manager asks for NFS 3 where nothing is said, which a server of NFS 4 alone refuses.
    """
    try:
        return probing.look(), share.version
    except RefusedError as error:
        if share.version or share.protocol is Protocol.SMB or read_failure(error.details).root != _WRONG_VERSION:
            raise
        on_share = probing.look(versions=True)
        version = next((one for one in _NFS_4 if one in on_share.versions), None)
        if version is None:
            raise
        return on_share, version


def srs_on(on_share: OnShare) -> tuple[str, ...]:
    """Give the UUIDs of the SRs on a share; raises CannotDoError where the answer can't be read."""
    if not on_share.srs.complete:
        raise CannotDoError("share_unreadable")
    return tuple(sorted({found.uuid for found in on_share.srs.items}))


def beside(used: Used, uuids: Sequence[str]) -> tuple[Usage, ...]:
    """Say of SRs on a share who has them; one that no pool knows stands there without a pool."""
    return tuple(next(iter(used.sr(uuid)), Usage("", uuid, "", attached=False)) for uuid in uuids)


def _conclude(step: Step, ground: Ground) -> None:
    request = step.request
    free = [uuid for uuid in ground.found if attachable(ground.used, uuid, request.pool)]
    wanted = _wanted(step, ground, free)
    plan = _attaching(step, ground, wanted) if wanted else _plan(step, ground, ground.found)
    # Others at the same storage are known once the plan says which that is.
    rivals = step.workplace.ledger.rivals(replace(request, plan=plan))
    if free and not wanted:
        held = tuple(held_of(ground.used, uuid) for uuid in free)
        step.commit([e.SrsFound(at=step.now, step=step.number, plan=plan, held=held, rivals=rivals)])
    else:
        step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])


def _wanted(step: Step, ground: Ground, free: Sequence[str]) -> str:
    """Give the SR that is to be attached, if it is clear which. Raises CannotDoError where that can't be done."""
    wanted = step.request.wanted
    if wanted:
        if wanted not in ground.found:
            raise CannotDoError("sr_not_on_share", sr_uuid=wanted)
        refuse_used(ground.used, wanted, step.request.pool)
        return wanted
    if step.request.purpose is not Purpose.ATTACH:
        return ""
    if not ground.found:
        raise CannotDoError("no_sr_on_share")
    if not free:
        raise in_use(ground.used.sr(ground.found[0])[0])
    return free[0] if len(free) == 1 else ""


def _attaching(step: Step, ground: Ground, uuid: str) -> Plan:
    """Raises CannotDoError where some pool could not be asked and nobody may take that on, or its record leads away."""
    refuse_silent(step, ground.used)
    plan = _plan(step, ground, [one for one in ground.found if one != uuid])
    refuse_elsewhere((ground.hosts, ground.contents), uuid, plan.sr_type, dict(ground.config))
    record = record_of(ground.contents, uuid)
    return replace(
        plan,
        purpose=Purpose.ATTACH,
        held=held_of(ground.used, uuid),
        known=record is not None,
        name=plan.name if record is None else record.name,
        not_asked=ground.used.not_asked,
    )


def _plan(step: Step, ground: Ground, others: Sequence[str]) -> Plan:
    """Write down exactly what will be done, for a new SR."""
    request, sr_type = step.request, SR_TYPES[share_of(step).protocol]
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=ground.hosts.master.name,
        hosts=(),
        name=unique_name(request.name or DEFAULT_NAMES[sr_type], {sr.name for sr in ground.contents.srs}),
        description="",
        sr_type=sr_type,
        content_type=CONTENT_TYPE,
        shared=True,
        credential=request.credential,
        config=ground.config,
        beside=beside(ground.used, others),
    )
