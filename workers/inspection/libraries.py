"""A share that is to become an ISO library, or is one: whether it may, and the plan that follows.

The storage manager can't probe ISO libraries (SM: ISOSR.py has no SR_PROBE): the share is tried when the SR is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.request import events as e
from bot.request.found import Protocol, Share
from bot.request.plan import Plan, Purpose
from bot.settings import Credential
from workers.inspection.planning import unique_name
from workers.inspection.shares import (
    Config,
    at_place,
    held_of,
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
from workers.usage import ask_others, used_in
from workers.xen.records import Contents, Hosts, Sr, read_contents, read_hosts

SR_TYPE: Final = "iso"
CONTENT_TYPE: Final = "iso"
LIBRARY: Final = "Remote ISO Library on: {share}"
"""What xe-mount-iso-sr calls it."""

TYPE_OF: Final = {Protocol.NFS: "nfs_iso", Protocol.SMB: "cifs"}
"""The key `type` of device_config (SM: ISOSR.py)."""

VERSION_OF: Final = {Protocol.NFS: "nfsversion", Protocol.SMB: "vers"}


def inspect_library(step: Step) -> None:
    """Look at the pool, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    share = share_of(step)
    credential = usable_credential(step, share)
    step.progress("looking at the pool")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_unsupported(session, step.request.pool, SR_TYPE)
        hosts, contents = read_hosts(session, step.workplace.master_of(session)), read_contents(session)
    config = config_of(share, credential)
    known = already_known(contents, config, but=step.request.wanted)
    if known is not None:
        raise CannotDoError("share_in_use", sr_name=known.name, sr_uuid=known.uuid)
    plan = make_plan(step, (hosts, contents), share, config)
    if step.request.purpose is Purpose.ATTACH:
        plan = _attaching(step, (hosts, contents), plan)
    rivals = step.workplace.ledger.rivals(replace(step.request, plan=plan))
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan, rivals=rivals)])


def config_of(share: Share, credential: Credential | None) -> Config:
    """Give the device_config without the password."""
    user = [("username", credential.user)] if credential else []
    version = [(VERSION_OF[share.protocol], share.version)] if share.version else []
    return tuple(sorted([("location", str(share)), ("type", TYPE_OF[share.protocol]), *user, *version]))


def already_known(contents: Contents, config: Config, *, but: str = "") -> Sr | None:
    """Give the library of the pool that is at the same location already, leaving out the one that is attached."""
    return next((sr for sr in at_place(contents, SR_TYPE, dict(config)) if sr.uuid != but), None)


def make_plan(step: Step, pool: tuple[Hosts, Contents], share: Share, config: Config) -> Plan:
    """Write down exactly what will be done."""
    request, (hosts, contents) = step.request, pool
    wanted = request.name or LIBRARY.format(share=share)
    return Plan(
        number=request.plan_number + 1,
        pool=request.pool,
        master=hosts.master.name,
        hosts=(),
        name=unique_name(wanted, {sr.name for sr in contents.srs}),
        description="",
        sr_type=SR_TYPE,
        content_type=CONTENT_TYPE,
        shared=True,
        credential=request.credential,
        config=config,
    )


def _attaching(step: Step, pool: tuple[Hosts, Contents], plan: Plan) -> Plan:
    """Nothing on the share tells the UUID: the one that was typed is believed, unless some pool has it elsewhere."""
    uuid, contents = step.request.wanted, pool[1]
    used = used_in(step.request.pool, contents, ask_others(step.workplace, step.request.pool))
    refuse_used(used, uuid, step.request.pool)
    refuse_silent(step, used)
    refuse_elsewhere(pool, uuid, SR_TYPE, dict(plan.config))
    record = record_of(contents, uuid)
    return replace(
        plan,
        purpose=Purpose.ATTACH,
        held=held_of(used, uuid),
        known=record is not None,
        name=plan.name if record is None else record.name,
        not_asked=used.not_asked,
    )
