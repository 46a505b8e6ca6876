"""XML-RPC as xapi speaks it: a struct of Status and Value or ErrorDescription, never a fault.

Source: xapi-project.github.io/xen-api: "XML-RPC notes" (64-bit integers are strings, void is "").
"""

from __future__ import annotations

import xmlrpc.client
from typing import TypeAlias, cast
from xml.parsers.expat import ExpatError

Wire: TypeAlias = "str | int | float | bool | xmlrpc.client.DateTime | list[Wire] | dict[str, Wire]"
NULL = "OpaqueRef:NULL"


class ApiFailureError(Exception):
    """What a caller gets as ErrorDescription: a code and its parameters, all strings."""

    def __init__(self, *details: str) -> None:
        super().__init__(*details)
        self.details = details


class UnreadableRequestError(Exception):
    """The body is no XML-RPC call; xapi answers such with an HTTP 500 and a page."""


def read_call(body: bytes) -> tuple[str, list[Wire]]:
    """The method's name and its arguments."""
    try:
        arguments, method = xmlrpc.client.loads(body)
    except (ExpatError, xmlrpc.client.Error, ValueError, TypeError, KeyError, IndexError) as error:
        raise UnreadableRequestError from error
    if method is None:
        raise UnreadableRequestError
    return method, cast("list[Wire]", list(arguments))


def success(value: Wire) -> bytes:
    return bare({"Status": "Success", "Value": value})


def failure(details: tuple[str, ...]) -> bytes:
    return bare({"Status": "Failure", "ErrorDescription": list(details)})


def bare(value: Wire) -> bytes:
    """An answer that is the value, with no struct around it."""
    return xmlrpc.client.dumps((value,), methodresponse=True).encode("utf-8")


def date(text: str) -> xmlrpc.client.DateTime:
    """`20260102T03:04:05Z`, the form that is stored, as dateTime.iso8601."""
    return xmlrpc.client.DateTime(text)
