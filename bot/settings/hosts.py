"""Which hosts may be spoken to, and which credential belongs to a host."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from bot.request.grammar.host import canonical_host
from bot.settings.model import Credential, Refusal

if TYPE_CHECKING:
    from bot.settings.model import Settings, Targets


def allowed(targets: Targets, host: str) -> bool:
    """Addresses are looked up in the networks, names in the names; what is neither is not allowed."""
    canonical = canonical_host(host.removeprefix("[").removesuffix("]"))
    if canonical is None:
        return False
    try:
        address = ipaddress.ip_address(canonical)
    except ValueError:
        return canonical in targets.names
    return any(address in network for network in targets.networks)


def credential_for(
    settings: Settings, host: str, wanted: str | None, option: str = "chap"
) -> Credential | Refusal | None:
    """Find the credential for a host, or the wanted one if it may be sent there; None: without one.

    `option` is how it is named in a command.
    """
    fitting = {
        name: credential for name, credential in settings.credentials.items() if allowed(credential.addresses, host)
    }
    if wanted is not None:
        return fitting.get(wanted) or _not_for_host(host, fitting, option)
    if len(fitting) > 1:
        known = ", ".join(sorted(fitting))
        return Refusal(
            "credential_ambiguous",
            f"Several credentials are configured for {host}: choose one with {option}=, of {known}.",
        )
    return next(iter(fitting.values()), None)


def _not_for_host(host: str, fitting: dict[str, Credential], option: str) -> Refusal:
    """Never repeats the name that was typed: it could be a password in the wrong place."""
    known = f"There is {', '.join(sorted(fitting))}." if fitting else "There is none for this host."
    return Refusal("credential_not_for_host", f"{option}= names no credential that may be sent to {host}. {known}")
