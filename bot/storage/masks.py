"""Keeps secrets out of raw texts: what they may name, they may not show."""

from __future__ import annotations

import re

_MASK = "***"
# A session's reference is as good as a login, and looks like every other reference.
_REFERENCE = re.compile(r"OpaqueRef:[0-9A-Za-z-]++")
# A key of device_config that ends in "password" or "password_secret", or a setting of iscsiadm, as Python, JSON, OCaml,
# XML-RPC and a shell write it. An unquoted value ends at white space only: better too much masked than too little.
_SECRET = re.compile(
    r"""
    (passw(?:or)?d(?:_in|_secret)?['"]?
     (?:\s{0,8}(?:=>|[:=,]|</name>\s{0,8}<value>)|\s{1,8}(?:-v|--value)[ =])\s{0,8})
    ("(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|\S++)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def masked(text: str) -> str:
    """The text with references and the values of password keys replaced by `***`."""
    return _SECRET.sub(rf"\1{_MASK}", _REFERENCE.sub(f"OpaqueRef:{_MASK}", text))
