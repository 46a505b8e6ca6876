"""A share that is to become an SR: whether it may, and the plan that follows.

The storage manager can't probe ISO libraries (SM: ISOSR.py has no SR_PROBE): the share is tried when the SR is made.
"""

from __future__ import annotations

from typing import Any, Final

from bot.request import events as e
from bot.request.found import Protocol, Share
from bot.request.plan import Plan
from bot.settings import Credential, Refusal, allowed, credential_for
from workers.inspection.planning import unique_name
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.records import Contents, Hosts, Sr, read_contents, read_hosts
from workers.xen.session import PoolSession

SR_TYPE: Final = "iso"
CONTENT_TYPE: Final = "iso"
LIBRARY: Final = "Remote ISO Library on: {share}"
"""What xe-mount-iso-sr calls it."""

TYPE_OF: Final = {Protocol.NFS: "nfs_iso", Protocol.SMB: "cifs"}
"""The key `type` of device_config (SM: ISOSR.py)."""

VERSION_OF: Final = {Protocol.NFS: "nfsversion", Protocol.SMB: "vers"}


def inspect_share(step: Step) -> None:
    """Look at the pool, and make the plan. Raises XenError, CannotDoError, SupersededError."""
    share = share_of(step)
    credential = usable_credential(step, share)
    step.progress("looking at the pool")
    with step.workplace.log_in(step.request.pool) as session:
        refuse_unsupported(session, step.request.pool)
        hosts, contents = read_hosts(session, step.workplace.master_of(session)), read_contents(session)
    config = config_of(share, credential)
    known = already_known(contents, config)
    if known is not None:
        raise CannotDoError("share_in_use", sr_name=known.name, sr_uuid=known.uuid)
    plan = make_plan(step, (hosts, contents), share, config)
    step.commit([e.PlanMade(at=step.now, step=step.number, plan=plan)])


def share_of(step: Step) -> Share:
    """Give the share that a request is about; raises CannotDoError for a request about something else."""
    if step.request.share is None:
        raise CannotDoError("not_approved")
    return step.request.share


def usable_credential(step: Step, share: Share) -> Credential | None:
    """Check that we may go to the server, and give the credential that goes along; raises CannotDoError."""
    settings, wanted = step.workplace.settings, step.request.credential
    if not allowed(settings.targets, share.server):
        raise CannotDoError("address_not_allowed", address=share.server)
    if wanted is None:
        return None
    found = credential_for(settings, share.server, wanted)
    if found is None or isinstance(found, Refusal):
        raise CannotDoError("credential_not_for_address", address=share.server)
    return found


def refuse_unsupported(session: PoolSession, pool: str) -> None:
    """Raise CannotDoError where the pool has no driver for ISO libraries."""
    types: list[Any] = session.call("SR.get_supported_types")
    if SR_TYPE not in types:
        raise CannotDoError("type_not_supported", type=SR_TYPE, pool=pool)


def config_of(share: Share, credential: Credential | None) -> tuple[tuple[str, str], ...]:
    """Give the device_config without the password."""
    user = [("username", credential.user)] if credential else []
    version = [(VERSION_OF[share.protocol], share.version)] if share.version else []
    return tuple(sorted([("location", str(share)), ("type", TYPE_OF[share.protocol]), *user, *version]))


def already_known(contents: Contents, config: tuple[tuple[str, str], ...]) -> Sr | None:
    """Give the SR of the pool that is at the same location already."""
    location = _plain(dict(config)["location"])
    for sr in contents.srs:
        if any(_plain(pbd.device_config.get("location", "")) == location for pbd in contents.pbds_of(sr)):
            return sr
    return None


def _plain(location: str) -> str:
    r"""Write //server/share and \\server\share the same; SMB doesn't tell small letters from capitals."""
    plain = location.replace("\\", "/").rstrip("/")
    return plain.casefold() if plain.startswith("//") else plain


def make_plan(step: Step, pool: tuple[Hosts, Contents], share: Share, config: tuple[tuple[str, str], ...]) -> Plan:
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
