"""What all SRs on shares have in common: the server that is asked, the place that a record names, who has an SR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.request.found import HeldSr, Share, Usage
from bot.request.plan import Plan, Purpose
from bot.request.spelling import one_spelling
from bot.settings import Credential, Refusal, allowed, credential_for
from workers.inspection.planning import may_be_attached
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.usage import Used, refuse_not_asked
from workers.xen.records import Contents, Hosts, Sr

Config = tuple[tuple[str, str], ...]
"""A device_config without its password."""

PLACE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "nfs": ("server", "serverpath"),
    "smb": ("server",),
    "iso": ("location",),
}
"""The keys of device_config that say where an SR is, by its type."""


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


def place_of(sr_type: str, config: Mapping[str, str]) -> tuple[str, ...]:
    """Give what says where an SR is, so that the same place is the same."""
    return tuple(one_spelling(key, config.get(key, "")) for key in PLACE_KEYS[sr_type])


def at_place(contents: Contents, sr_type: str, config: Mapping[str, str]) -> Sequence[Sr]:
    """Give the SRs of a pool that are at the same place, as their PBDs say."""
    place = place_of(sr_type, config)
    return [
        sr
        for sr in contents.srs
        if sr.type == sr_type and any(place_of(sr_type, pbd.device_config) == place for pbd in contents.pbds_of(sr))
    ]


def refuse_elsewhere(pool: tuple[Hosts, Contents], uuid: str, sr_type: str, config: Mapping[str, str]) -> None:
    """Raise CannotDoError where the pool's record of an SR leads to another share than this one: it may be a copy."""
    elsewhere = leading_elsewhere(pool, uuid, sr_type, config)
    if elsewhere:
        raise CannotDoError("share_leads_elsewhere", sr_uuid=uuid, what=", ".join(elsewhere))


def leading_elsewhere(pool: tuple[Hosts, Contents], uuid: str, sr_type: str, config: Mapping[str, str]) -> list[str]:
    """Name what of the pool's records of an SR leads to another share."""
    hosts, contents = pool
    record = record_of(contents, uuid)
    if record is None:
        return []
    if record.type != sr_type:
        return ["the SR's own record"]
    place = place_of(sr_type, config)
    wrong = [pbd for pbd in contents.pbds_of(record) if place_of(sr_type, pbd.device_config) != place]
    return [f"the PBD of {hosts.name_of(pbd.host)}" for pbd in wrong]


def record_of(contents: Contents, uuid: str) -> Sr | None:
    """Give a pool's own record of an SR."""
    return next((sr for sr in contents.srs if sr.uuid == uuid), None)


def attachable(used: Used, uuid: str, pool: str) -> bool:
    """Say whether an SR may be attached: no pool knows it, or only its own, where no host has it attached."""
    return all(may_be_attached(Purpose.ATTACH, usage, pool) for usage in used.sr(uuid))


def refuse_used(used: Used, uuid: str, pool: str) -> None:
    """Raise CannotDoError for an SR that may not be attached."""
    if not attachable(used, uuid, pool):
        raise in_use(used.sr(uuid)[0])


def in_use(usage: Usage) -> CannotDoError:
    """Say which pool has an SR."""
    return CannotDoError("sr_in_use", sr_name=usage.sr_name, sr_uuid=usage.sr_uuid, pool=usage.pool)


def held_of(used: Used, uuid: str) -> HeldSr:
    """Give an SR on a share, with the name that a pool knows it by."""
    known = next(iter(used.sr(uuid)), None)
    return HeldSr(uuid, known.sr_name if known else "")


def refuse_silent(step: Step, used: Used) -> None:
    """Raise CannotDoError where some pool could not be asked whether it has the SR, and nobody may take that on."""
    refuse_not_asked(used, used.not_asked if step.workplace.may_be_overridden(step.request) else ())


def sr_changed(plan: Plan, used: Used) -> list[str]:
    """Say who has the SR now that is to be attached, or that the pool's record of it is gone."""
    uuid = plan.held.uuid if plan.held else ""
    usages = used.sr(uuid)
    taken = [usage for usage in usages if not plan.known or not may_be_attached(plan.purpose, usage, plan.pool)]
    if taken:
        return [f'the SR {uuid} is now the SR "{taken[0].sr_name}" of {taken[0].pool}']
    if plan.known and not usages:
        return [f"{plan.pool} no longer has a record of the SR {uuid}"]
    return []
