"""Keeps secrets out of raw texts: what they may name, they may not show."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***"
# A session's reference is as good as a login, and looks like every other reference.
_REFERENCE: Final = re.compile(r"OpaqueRef:[0-9A-Za-z-]++")
# What the last word of a key is, whatever stands before it: chappassword, userpass, session_token. The UUID of one of
# XenServer's secrets opens nothing by itself: the key of that is left alone, as secret_uuid.
_KEY: Final = r"(?:pass(?:w(?:or)?d|phrase|code)?|pwd|secret|token)(?:_in|_secret|[_-]?key|s|_?[0-9]{1,2})?"
# One whose quote isn't closed ends with the text: better too much masked than too little.
_QUOTED: Final = r"""
        (?:br?|u)?(?:
        \\"(?:[^"\\]|\\\\++"?|\\(?!")|\\\Z)*+(?:\\"|\Z)
      | \\'(?:[^'\\]|\\\\++'?|\\(?!')|\\\Z)*+(?:\\'|\Z)
      | "(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z)
      | '(?:[^'\\]|\\.|\\\Z)*+(?:'|\Z)
      | [\u201c-\u201f][^\u201c-\u201f]*+(?:[\u201c-\u201f]|\Z)
      | [\u2018-\u201b][^\u2018-\u201b]*+(?:[\u2018-\u201b]|\Z)
      | &quot;(?:[^&]|&(?!quot;))*+(?:&quot;|\Z)
      | &apos;(?:[^&]|&(?!apos;))*+(?:&apos;|\Z)
        )
"""
# An unquoted value ends where its line has a semicolon and a blank, as xe prints maps, or else at white space. The
# semicolon may be the end of a reference, unless no other one comes.
_IN_A_MAP: Final = r"""
        (?:[^;&\r\n]|&[\#\w]{1,8};|&|;(?!\s|\Z)){1,128}+(?=;)
      | (?:[^;\r\n]|;(?!\s|\Z)){1,128}+(?=;)
"""
_BARE: Final = r"\S++"
# An IQN may hold such a word, with a colon behind it (RFC 3720, section 3.2.6.3.1); behind its own end stands none.
_IQN: Final = r"\b(iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.:-]{1,222}+(?<![.:-])(?!\s{0,8}[:=>]))"
# The first pass, or a token: so people write, and what follows may be an IQN; a list has its words in quotes.
_LISTED: Final = r"(?<!pass)(?<!token)(?<!tokens)\s{0,8}[,;]"
# A key, or a setting of iscsiadm, and its value, as XML, Python, JSON, OCaml, XML-RPC and a shell write them, in smart
# quotes and with escaped quotes too; or a call that logs in, and all that it is given. What begins to match also ends,
# so that the time stays linear.
_SECRET: Final = re.compile(
    rf"""
    {_IQN} | ({_KEY})
    (?:
      (\s{{0,8}}>\s{{0,64}})[^<]++
    | (\s{{0,8}}&gt;\s{{0,64}})(?:[^&<]|&(?!lt;))++
    | (</name>\s{{0,64}}<value>\s{{0,64}}(?:<string>)?)[^<]++
    | (</methodName>)(?:[^<]|<(?!/methodCall))++
    | (["']\s{{0,8}},\s{{0,8}}["']params["']\s{{0,8}}:\s{{0,8}}\[)(?:[^\]"]|"(?:[^"\\]|\\.)*+(?:"|\Z))++
    | (&lt;/name&gt;\s{{0,64}}&lt;value&gt;\s{{0,64}}(?:&lt;string&gt;)?)(?:[^&<]|&(?!lt;))++
    | ((?:\\{{0,3}}['"\u201c-\u201f\u2018-\u201b]|&quot;|&apos;)?
       (?:\s{{0,8}}(?:=>|[:=])|{_LISTED}|\s{{1,8}}(?:-v|--value)[ =])\s{{0,8}})
      (?:{_QUOTED} | {_IN_A_MAP} | {_BARE})
    )
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
# A program's option and its value: --password x, -pw x (xe's own), --chap-secret x. Keyboards make one dash of two.
_DASH: Final = r"[-\u2010-\u2015\u2212]"
_NAMED: Final = rf"{_DASH}{{1,2}}(?:[A-Za-z]{{1,16}}[-_]?){{0,3}}?{_KEY}"
_OPTION: Final = re.compile(
    rf"((?<![\w-])(?:{_NAMED}|{_DASH}pw)\s{{1,8}})(?:{_QUOTED} | {_BARE})",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


def masked(text: str) -> str:
    """The text with references and the values of password keys replaced by `***`."""
    hidden = _REFERENCE.sub(f"OpaqueRef:{MASK}", text)
    return _OPTION.sub(rf"\1{MASK}", _SECRET.sub(_hidden, hidden))


def _hidden(match: re.Match[str]) -> str:
    return match[1] or "".join(filter(None, match.groups())) + MASK
