"""A login on a pool, around the XenAPI package as it is.

What the package lacks is added here: our error tree, `HOST_IS_SLAVE` followed, logout always, and no password left
in the session object (the package keeps it to log in again by itself; XenAPI.py, `_login`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import xmlrpc.client
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit, urlunsplit

import XenAPI

from workers.xen.errors import (
    BadAnswerError,
    LoginRefusedError,
    RefusedError,
    SessionLostError,
    TimedOutError,
    XenError,
)
from workers.xen.transport import OneTry, Patience, Trust, transport_for

ORIGINATOR: Final = "srbot"
"""xapi keeps 500 sessions per originator: a leak of ours evicts nobody else's (xapi: xapi_session.ml)."""

API_VERSION: Final = "1.0"
MOST_HOPS: Final = 2
"""A slave names its master; more than two in a row is a pool that doesn't know itself."""

SLAVE: Final = "HOST_IS_SLAVE"
WRONG_LOGIN: Final = "SESSION_AUTHENTICATION_FAILED"
SESSION_GONE: Final = "SESSION_INVALID"
_MUST_LOG_IN: Final = 401
"""The package's own fault when a session is gone and it can't log in again by itself."""


class Password(Protocol):
    """Something that gives a password on demand and shows it nowhere."""

    def reveal(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Login:
    """Where and how to log in on a pool."""

    pool: str
    url: str
    user: str
    patience: Patience
    trust: Trust


class PoolSession:
    """A session on the pool's master. Not for use by several threads at once."""

    def __init__(self, login: Login, password: Password) -> None:
        self._login = login
        self._password = password
        self._url = login.url
        self._session: Any = None
        self._transport: OneTry | None = None

    @property
    def host(self) -> str:
        """The address that we talk to now."""
        return urlsplit(self._url).hostname or ""

    def call(self, method: str, *args: object) -> Any:  # noqa: ANN401 - xapi answers with what the method gives
        """Call a method such as "SR.get_all_records"; follows the master when it has moved. Raises XenError."""
        for _ in range(MOST_HOPS):
            try:
                return self._call(method, args)
            except RefusedError as error:
                if error.code != SLAVE:
                    raise
                self._follow(error)
        return self._call(method, args)

    def renew(self) -> None:
        """Log in again, after the session or the connection was lost."""
        self.close()
        self.open()

    def open(self) -> None:
        """Log in on the pool's master, wherever it is. Raises XenError."""
        for _ in range(MOST_HOPS):
            try:
                return self._enter()
            except RefusedError as error:
                if error.code != SLAVE:
                    raise
                self._url = _moved(self._url, error)
        return self._enter()

    def close(self) -> None:
        """Log out, whatever state it is in."""
        session, self._session = self._session, None
        if session is None:
            return
        session.last_login_method = "login_with_password"  # the package's logout asks for it
        with contextlib.suppress(XenError):
            _asked(self.host, lambda: session.xenapi_request("session.logout", ()))
        session("close")()

    def _call(self, method: str, args: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        if self._session is None or self._transport is None:
            raise SessionLostError(self.host, (SESSION_GONE,))
        try:
            answer = _asked(self.host, lambda: self._session.xenapi_request(method, args))
        except TimedOutError:
            self._transport.hurry(hurried=True)
            raise
        self._transport.hurry(hurried=False)
        return answer

    def _enter(self) -> None:
        transport = transport_for(self._url, self._login.patience, self._login.trust)
        session = XenAPI.Session(self._url, transport=transport)
        parameters = (self._login.user, self._password.reveal(), API_VERSION, ORIGINATOR)
        try:
            _asked(self.host, lambda: session.xenapi_request("login_with_password", parameters))
        except RefusedError as error:
            session("close")()
            if error.code != WRONG_LOGIN:
                raise
            raise LoginRefusedError(self.host, error.details) from None
        except XenError:
            session("close")()
            raise
        session.last_login_params = None
        session.last_login_method = None
        self._session, self._transport = session, transport

    def _follow(self, error: RefusedError) -> None:
        self.close()
        self._url = _moved(self._url, error)
        self.open()


@contextlib.contextmanager
def open_pool(login: Login, password: Password) -> Iterator[PoolSession]:
    """Log in on a pool, and log out at the end. Raises XenError."""
    session = PoolSession(login, password)
    session.open()
    try:
        yield session
    finally:
        session.close()


def _asked(host: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the call gives
    """Do a call of the package, and turn each exception that it knows into our tree. No text of theirs is kept."""
    try:
        return call()
    except XenAPI.Failure as failure:
        raise RefusedError(host, failure.details) from None
    except xmlrpc.client.Fault as fault:
        if fault.faultCode == _MUST_LOG_IN:
            raise SessionLostError(host, (SESSION_GONE,)) from None
        raise BadAnswerError(host, f"fault {fault.faultCode}") from None
    except (TypeError, LookupError, AttributeError) as error:  # the package's own, over an answer without a status
        raise BadAnswerError(host, type(error).__name__) from None


def _moved(url: str, error: RefusedError) -> str:
    """Give the URL of the master that a slave named: another host, the same scheme and port."""
    if len(error.details) < 2 or not error.details[1]:  # noqa: PLR2004 - the code, then the address
        raise BadAnswerError(urlsplit(url).hostname or "", "names no master")
    parts = urlsplit(url)
    address = error.details[1].strip("[]")
    if parts.scheme == "http" and not _is_loopback(address):
        raise BadAnswerError(address, "would get the password unencrypted")
    host = f"[{address}]" if ":" in address else address
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    return urlunsplit((parts.scheme, netloc, parts.path, "", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
