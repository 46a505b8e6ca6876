"""Keeps secrets out of raw texts: what they may name, they may not show."""

from __future__ import annotations

import re

_MASK = "***"
# A session's reference is as good as a login, and looks like every other reference.
_REFERENCE = re.compile(r"OpaqueRef:[0-9A-Za-z-]++")
# A key of device_config that ends in "password" or "secret", or a setting of iscsiadm, as XML, Python, JSON, OCaml,
# XML-RPC and a shell write it, in smart quotes and with escaped quotes too. An unquoted value ends where its line has a
# semicolon and a blank, as xe prints maps, or else at white space; one whose quote isn't closed ends with the text:
# better too much masked than too little. What begins to match also ends, so that the time stays linear.
_SECRET = re.compile(
    r"""
    ((?:passw(?:or)?d|passphrase|secret)(?:_in|_secret)?)
    (?:
      (\s{0,8}>\s{0,64})[^<]++
    | (\s{0,8}&gt;\s{0,64})(?:[^&<]|&(?!lt;))++
    | (</name>\s{0,64}<value>\s{0,64}(?:<string>)?)[^<]++
    | (&lt;/name&gt;\s{0,64}&lt;value&gt;\s{0,64}(?:&lt;string&gt;)?)(?:[^&<]|&(?!lt;))++
    | ((?:\\{0,3}['"\u201c-\u201f\u2018-\u201b]|&quot;|&apos;)?
       (?:\s{0,8}(?:=>|[:=,;])|\s{1,8}(?:-v|--value)[ =])\s{0,8})
      (?:
        \\"(?:[^"\\]|\\\\++"?|\\(?!")|\\\Z)*+(?:\\"|\Z)
      | "(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)
      | '(?:[^'\\]|\\.|\\\Z)*+(?:'|\Z)
      | [\u201c-\u201f][^\u201c-\u201f]*+(?:[\u201c-\u201f]|\Z)
      | [\u2018-\u201b][^\u2018-\u201b]*+(?:[\u2018-\u201b]|\Z)
      | &quot;(?:[^&]|&(?!quot;))*+(?:&quot;|\Z)
      | &apos;(?:[^&]|&(?!apos;))*+(?:&apos;|\Z)
      | (?:[^;&\r\n]|&[\#\w]{1,8};|&|;(?!\s|\Z)){1,128}+(?=;)
      | \S++
      )
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def masked(text: str) -> str:
    """The text with references and the values of password keys replaced by `***`."""
    return _SECRET.sub(_hidden, _REFERENCE.sub(f"OpaqueRef:{_MASK}", text))


def _hidden(match: re.Match[str]) -> str:
    return "".join(filter(None, match.groups())) + _MASK
