"""HTTP and HTTPS below the XenAPI package: with time-outs, with a verified certificate, and sent once.

The standard transport has no time-out, and sends a request again when the connection breaks: a creation could
run twice (Python: Lib/xmlrpc/client.py, Transport.request). Here a broken connection is an error.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import select
import socket
import ssl
import xmlrpc.client
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from xml.parsers.expat import ExpatError

from workers.xen.errors import (
    BadAnswerError,
    CutOffError,
    TimedOutError,
    TlsMismatchError,
    UnreachableError,
    XenError,
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a connection, TLS included, and for each piece of an answer."""

    connect: float
    read: float


@dataclass(frozen=True, slots=True)
class Trust:
    """Which certificate is expected: one signed by the CAs of `ca_file`, else by the system's; or just this one.

    `fingerprint` is the SHA-256 of the certificate in lower-case hex.
    """

    ca_file: Path | None = None
    fingerprint: str | None = None


def transport_for(url: str, patience: Patience, trust: Trust) -> OneTry:
    """Make the transport for a pool's URL, https or http."""
    if url.startswith("http://"):
        return OneTry(lambda host: _Plain(host, timeout=patience.connect), patience)
    context = tls_context(trust)
    return OneTry(lambda host: _Secure(host, timeout=patience.connect, context=context, trust=trust), patience)


def tls_context(trust: Trust) -> ssl.SSLContext:
    """Verify against the CA file or the system's CAs; a pinned certificate is compared after the handshake instead.

    Raises TlsMismatchError for a CA file that can't be read.
    """
    if trust.fingerprint is None:
        try:
            return ssl.create_default_context(cafile=trust.ca_file)
        except OSError as error:
            raise TlsMismatchError("ca_file", type(error).__name__) from None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fingerprint_of(certificate: bytes) -> str:
    """Give the SHA-256 of a certificate in DER, in lower-case hex."""
    return hashlib.sha256(certificate).hexdigest()


class _Plain(http.client.HTTPConnection):
    """HTTP; only for the loopback, as the settings see to."""


class _Secure(http.client.HTTPSConnection):
    """HTTPS with the certificate that is expected."""

    def __init__(self, host: str, *, timeout: float, context: ssl.SSLContext, trust: Trust) -> None:
        super().__init__(host, timeout=timeout, context=context)
        self._trust = trust

    def connect(self) -> None:
        """Shake hands; raises ssl's errors, and TlsMismatchError for another certificate than the pinned one."""
        super().connect()
        if self._trust.fingerprint is not None:
            self._compare(self._trust.fingerprint)

    def _compare(self, pinned: str) -> None:
        certificate = cast("ssl.SSLSocket", self.sock).getpeercert(binary_form=True) or b""
        if not hmac.compare_digest(fingerprint_of(certificate), pinned):
            self.close()
            raise TlsMismatchError(self.host, "has another certificate than the pinned one")


class OneTry(xmlrpc.client.Transport):
    """Sends each request once, and turns every accident of the way into our errors."""

    user_agent = "srbot"

    def __init__(self, connect: Callable[[str], http.client.HTTPConnection], patience: Patience) -> None:
        super().__init__()
        self._open = connect
        self._patience = patience
        self._read = patience.read
        self.peer = ""
        """The IP address at the other end."""

    def hurry(self, *, hurried: bool) -> None:
        """Wait for answers no longer than for a connection: a hung pool would hold up all of the tidying up."""
        self._read = min(self._patience.connect, self._patience.read) if hurried else self._patience.read

    def request(self, host: Any, handler: str, request_body: Any, verbose: bool = False) -> Any:  # noqa: ANN401, FBT001, FBT002 - the signature of xmlrpc.client
        """Send a request and read its answer; raises XenError. `request_body` may hold a password: never shown."""
        try:
            return self.single_request(host, handler, request_body, verbose)
        except XenError:
            raise
        except TimeoutError:
            raise TimedOutError(str(host)) from None
        except xmlrpc.client.ProtocolError as error:
            raise BadAnswerError(str(host), f"HTTP {error.errcode}") from None
        except http.client.BadStatusLine as error:
            kind = CutOffError if isinstance(error, http.client.RemoteDisconnected) else BadAnswerError
            raise kind(str(host), type(error).__name__) from None
        except (OSError, http.client.IncompleteRead) as error:
            raise CutOffError(str(host), type(error).__name__) from None
        except (http.client.HTTPException, ExpatError, xmlrpc.client.Error, ValueError) as error:
            raise BadAnswerError(str(host), type(error).__name__) from None

    def make_connection(self, host: Any) -> http.client.HTTPConnection:  # noqa: ANN401 - the signature of xmlrpc.client
        """Give a live connection: the one there is, or a new one where the other side has closed it meanwhile."""
        connection = self._connection[1]
        if connection is None or self._connection[0] != host or _was_closed(connection.sock):
            self.close()
            connection = self._open(host)
            _connect(connection, host)
            self.peer = str(connection.sock.getpeername()[0])
            self._connection = host, connection
        connection.sock.settimeout(self._read)
        return connection


def _connect(connection: http.client.HTTPConnection, host: str) -> None:
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        raise TlsMismatchError(host, error.verify_message) from None
    except OSError as error:
        raise UnreachableError(host, type(error).__name__) from None


def _was_closed(sock: socket.socket | None) -> bool:
    """Say whether a connection that waits has something to read: that can only be its end."""
    if sock is None or sock.fileno() < 0:
        return True
    readable, _, _ = select.select([sock], [], [], 0)
    return bool(readable)
