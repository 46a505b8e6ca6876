"""Captures of XML-RPC: what xapi's answers hold, without the envelope around it.

An answer is a struct of Status and Value or ErrorDescription, its strings escaped once (xapi: "XML-RPC notes"); a
task's record has its failure as error_info. A call says nothing of what XenServer found, and may hold a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.storage.documents.scanning import unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# White space, as other languages write it too.
_SPACE: Final = r"(?:\s|\\{1,7}[nrt]){0,64}"
_OPENING: Final = re.compile(rf"(?:<\?xml[^<>]{{0,128}}\?>{_SPACE})?<(methodResponse|methodCall)\s{{0,8}}>")
_ANSWER: Final = "methodResponse"
_DETAILS: Final = re.compile(
    rf"<name>(?:ErrorDescription|error_info)</name>{_SPACE}<value>{_SPACE}<array>{_SPACE}<data>"
)
_END_OF_DETAILS: Final = "</data>"
_VALUE: Final = re.compile(r"<value\s{0,8}/>|<value>\s{0,64}(?:<string\s{0,8}/>|(?:<[A-Za-z0-9.]{1,32}>)?([^<]*+))")


def opened(text: str) -> str:
    """The text with what is in each whole answer in place of it, a failure as xe prints it, and without the calls.

    From the first envelope on that isn't closed it stays as it is.
    """
    is_escaped = f"<{_ANSWER}>" not in text and f"&lt;{_ANSWER}&gt;" in text
    return _opened(unescaped(text) if is_escaped else text)


def _opened(text: str) -> str:
    parts, at = [], 0
    for opening in _OPENING.finditer(text):
        closing = f"</{opening[1]}>"
        end = text.find(closing, opening.end())
        if end < 0:
            break
        if opening.start() >= at:
            inside = text[opening.end() : end] if opening[1] == _ANSWER else ""
            parts += [text[at : opening.start()], _held(inside)]
            at = end + len(closing)
    return "".join([*parts, text[at:]])


def _held(inside: str) -> str:
    details = next(filter(None, _failures(inside)), None)
    return "\n".join(_strings(inside)) if details is None else _as_xe(details)


def _failures(inside: str) -> Iterator[Sequence[str]]:
    for opening in _DETAILS.finditer(inside):
        end = inside.find(_END_OF_DETAILS, opening.end())
        if end < 0:
            return
        yield _strings(inside[opening.end() : end])


def _strings(inside: str) -> Sequence[str]:
    return [unescaped(value[1] or "").strip() for value in _VALUE.finditer(inside)]


def _as_xe(details: Sequence[str]) -> str:
    return f"Error code: {details[0]}\nError parameters: {', '.join(details[1:])}\n"
