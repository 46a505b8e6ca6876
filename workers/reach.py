"""Where a request may go: the addresses that are allowed, and the credential that may be sent there.

The bot has checked both when they were typed; the worker, who holds the passwords, checks again.
"""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator
from dataclasses import replace

from bot.request.found import Portal, Target
from bot.request.model import Address, Request
from bot.request.plan import Way
from bot.settings import Credential, Refusal, Settings, allowed, credential_for
from workers.steps import Step
from workers.troubles import CannotDoError
from workers.xen.probes.adapters import AdapterProber
from workers.xen.probes.iscsi import Chap, IscsiProber
from workers.xen.probes.probing import LunProber
from workers.xen.secrets import stored_secret
from workers.xen.session import PoolSession


def typed_portal(settings: Settings, request: Request) -> Portal:
    """Give the address that was typed; raises CannotDoError where it is not allowed, or its credential isn't there."""
    if request.address is None:
        raise CannotDoError("address_not_allowed")
    portal = Portal(request.address.host, request.address.port)
    check(settings, request, portal)
    return portal


def check(settings: Settings, request: Request, portal: Portal) -> Credential | None:
    """Check that we may go to a portal, and give the credential that goes along; raises CannotDoError."""
    if not allowed(settings.targets, portal.address):
        raise CannotDoError("address_not_allowed", address=str(Address(portal.address, portal.port)))
    return _credential(settings, request, portal)


def allowed_portals(settings: Settings, target: Target) -> Target:
    """Leave out the portals that are not allowed, and count them."""
    portals = tuple(portal for portal in target.portals if allowed(settings.targets, portal.address))
    return replace(target, portals=portals, hidden=target.hidden + len(target.portals) - len(portals))


def out_of_bounds(settings: Settings, request: Request, target: Target) -> int:
    """Count the portals of a target that nobody may log in at, or not with the credential of this request."""
    narrowed = allowed_portals(settings, target)
    return narrowed.hidden + sum(not _may_go(settings, request, portal) for portal in narrowed.portals)


def portal_for(settings: Settings, request: Request, target: Target) -> Portal:
    """Choose the portal to log in at: the one typed if the target offers it, else the first that is allowed.

    A credential narrows the choice to the portals that it may be sent to. Raises CannotDoError.
    """
    offered = allowed_portals(settings, target).portals
    if not offered:
        raise CannotDoError("address_not_allowed", address=_addresses(target))
    usable = [portal for portal in offered if _may_go(settings, request, portal)]
    if not usable:
        raise CannotDoError("credential_not_for_address", address=_addresses(target))
    return next((portal for portal in usable if _is_typed(portal, request)), usable[0])


def _credential(settings: Settings, request: Request, portal: Portal) -> Credential | None:
    if request.credential is None:
        return None
    if request.credential not in settings.credentials:
        raise CannotDoError("credential_missing")
    found = credential_for(settings, portal.address, request.credential)
    if found is None or isinstance(found, Refusal):
        raise CannotDoError("credential_not_for_address", address=portal.address)
    return found


def is_mutual(settings: Settings, request: Request) -> bool:
    """Say whether the array has to show itself too: mutual CHAP."""
    found = settings.credentials.get(request.credential or "")
    return found is not None and found.incoming is not None


@contextlib.contextmanager
def lun_prober(step: Step, session: PoolSession, host: str, way: Way) -> Iterator[LunProber]:
    """Make ready to probe for the LUN at the end of a way, as `prober` where that leads to an array's portal."""
    if way.portal is None:
        yield AdapterProber(session, step.workplace.waiting, host)
        return
    with prober(step, session, host, way.portal, way.iqn) as probing:
        yield replace(probing, multihomed=way.multihomed)


@contextlib.contextmanager
def prober(step: Step, session: PoolSession, host: str, portal: Portal, iqn: str = "") -> Iterator[IscsiProber]:
    """Make ready to probe: the CHAP passwords become XenAPI secrets that last as long as the block."""
    workplace = step.workplace
    found = check(workplace.settings, step.request, portal)
    with contextlib.ExitStack() as stack:
        chap = None
        if found is not None:
            password, incoming = workplace.chap_password(found.name), workplace.incoming_password(found.name)
            chap = Chap(found.user, stack.enter_context(stored_secret(session, password)))
            if incoming is not None:
                theirs = Chap(incoming[0], stack.enter_context(stored_secret(session, incoming[1])))
                chap = replace(chap, incoming=theirs)
        yield IscsiProber(session, workplace.waiting, host, portal, chap, iqn)


def _may_go(settings: Settings, request: Request, portal: Portal) -> bool:
    if request.credential is None:
        return True
    return isinstance(credential_for(settings, portal.address, request.credential), Credential)


def _is_typed(portal: Portal, request: Request) -> bool:
    typed = request.address
    return typed is not None and portal.port == typed.port and _same_host(portal.address, typed.host)


def _same_host(one: str, other: str) -> bool:
    try:
        return ipaddress.ip_address(one) == ipaddress.ip_address(other)
    except ValueError:
        return one.casefold() == other.casefold()


def _addresses(target: Target) -> str:
    return ", ".join(portal.address for portal in target.portals)
