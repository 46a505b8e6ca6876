"""Where releases differ: layout of XML, texts of errors, what becomes of passwords, fields, drivers.

Signatures of calls are the same from 6.5 on. Source: the histories of xapi-project/xen-api and xapi-project/sm.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# Codenames in the order of their releases; a field brought by a numbered xapi is younger than all of them.
_CODENAMES = (
    "-",
    "creedence",
    "cream",
    "dundee",
    "ely",
    "falcon",
    "inverness",
    "jura",
    "kolkata",
    "lima",
    "naples",
    "quebec",
    "stockholm",
    "stockholm_psr",
)
_OLD_LOGIN_TEXT = "ISCSI login failed, verify CHAP credentials"


@dataclass(frozen=True, slots=True, eq=False)
class Flavour:
    """One of the instances below; compared by identity."""

    name: str
    codename: str
    """The newest release whose fields it has; "" for all of them."""
    product: str
    version: str
    padded_xml: bool
    """Python 2.4's minidom put every text on a line of its own."""
    passwords_become_secrets: bool
    """xapi 1.209 and later turn `*password` into `*password_secret` themselves."""
    parallel_plugs: bool
    texts: dict[int, str] = field(default_factory=dict)
    """Error texts that differ from today's, by the storage manager's code."""
    extra_types: tuple[str, ...] = ()

    def has(self, since: str) -> bool:
        """Whether a field that came with the release `since` exists here."""
        if not self.codename or since == "-":
            return True
        return since in _CODENAMES and _CODENAMES.index(since) <= _CODENAMES.index(self.codename)


XENSERVER_65 = Flavour(
    name="6.5",
    codename="creedence",
    product="XenServer",
    version="6.5.0",
    padded_xml=True,
    passwords_become_secrets=False,
    parallel_plugs=False,
    texts={68: _OLD_LOGIN_TEXT},
)
XENSERVER_8 = Flavour(
    name="8",
    codename="",
    product="XenServer",
    version="8.4.0",
    padded_xml=False,
    passwords_become_secrets=True,
    parallel_plugs=True,
    extra_types=("gfs2", "smb"),
)
FLAVOURS = {flavour.name: flavour for flavour in (XENSERVER_65, XENSERVER_8)}
