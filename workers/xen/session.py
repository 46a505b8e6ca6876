"""A login on a pool, around the XenAPI package as it is.

What the package lacks is added here: our error tree, `HOST_IS_SLAVE` followed, logout always, and no password left
in the session object (the package keeps it to log in again by itself; XenAPI.py, `_login`).
"""

from __future__ import annotations

import contextlib
import ipaddress
import xmlrpc.client
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit, urlunsplit

import XenAPI

from bot.storage import MASK
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
    """A session on the pool's master. Not for use by several threads at once.

    `attempt` names who is at work. `note` is told the reference of each session that is opened, which is as good as
    the password while the session lasts. `leaves_behind` is set by whoever could not tidy up, `lost_an_answer` where
    a call may have begun a task whose reference never came. `outlives` ends what those left who were here before and
    are dead, and says whether nothing of theirs can come any more.
    """

    def __init__(
        self, login: Login, password: Password, attempt: str = "", note: Callable[[str], None] = lambda _: None
    ) -> None:
        self.attempt = attempt
        self.leaves_behind = False
        self.lost_an_answer = False
        self.outlives: Callable[[], bool] = lambda: False
        self._note = note
        self._login = login
        self._password = password
        self._known = [password]
        self._url = login.url
        self._session: Any = None
        self._transport: OneTry | None = None

    @property
    def pool(self) -> str:
        """The name of the pool in the settings."""
        return self._login.pool

    @property
    def host(self) -> str:
        """The address that we talk to now."""
        return urlsplit(self._url).hostname or ""

    @property
    def address(self) -> str:
        """The IP address that answers us."""
        return self._transport.peer if self._transport is not None else ""

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

    def keep_to_itself(self, password: Password) -> None:
        """Mask a password from now on in whatever the pool refuses: a driver may repeat what it was given."""
        self._known.append(password)

    def masked(self, details: Iterable[object]) -> tuple[str, ...]:
        """Give what the pool wrote about a failure, without the passwords that this session has sent."""
        texts = tuple(str(part) for part in details)
        for password in filter(None, (known.reveal() for known in self._known)):
            texts = tuple(text.replace(password, MASK) for text in texts)
        return texts

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
        try:
            _asked(self.host, lambda: session.xenapi_request("session.logout", ()))
        except XenError:  # not for a session that is gone: that is no error to the package
            self.leaves_behind = True
        session("close")()

    def end_other(self, reference: str) -> None:
        """Log another session out; one that is gone is fine. Raises XenError."""
        with contextlib.suppress(SessionLostError):
            _asked(self.host, lambda: _ended(self._session, reference))

    def _call(self, method: str, args: tuple[object, ...]) -> Any:  # noqa: ANN401 - as above
        if self._session is None or self._transport is None:
            raise SessionLostError(self.host, (SESSION_GONE,))
        try:
            answer = _asked(self.host, lambda: self._session.xenapi_request(method, args))
        except XenError as error:
            if isinstance(error, RefusedError):
                error.details = self.masked(error.details)
            self.lost_an_answer |= error.may_have_happened
            if isinstance(error, TimedOutError):
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
        self._noted(str(session.handle))

    def _noted(self, reference: str) -> None:
        """Nothing is done in a session that nobody could end after us."""
        try:
            self._note(reference)
        except Exception:
            self.close()
            raise

    def _follow(self, error: RefusedError) -> None:
        self.close()
        self._url = _moved(self._url, error)
        self.open()


@contextlib.contextmanager
def open_pool(
    login: Login, password: Password, attempt: str = "", note: Callable[[str], None] = lambda _: None
) -> Iterator[PoolSession]:
    """Log in on a pool, and log out at the end. Raises XenError."""
    session = PoolSession(login, password, attempt, note)
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
        kind = SessionLostError if failure.details[:1] == [SESSION_GONE] else RefusedError
        raise kind(host, failure.details) from None
    except xmlrpc.client.Fault as fault:
        if fault.faultCode == _MUST_LOG_IN:
            raise SessionLostError(host, (SESSION_GONE,)) from None
        raise BadAnswerError(host, f"fault {fault.faultCode}") from None
    except (TypeError, LookupError, AttributeError) as error:  # the package's own, over an answer without a status
        raise BadAnswerError(host, type(error).__name__) from None


def _ended(session: Any, reference: str) -> None:  # noqa: ANN401 - the package's own, which has no types
    answer = session.session.logout(reference)
    if answer["Status"] != "Success":
        raise XenAPI.Failure(answer["ErrorDescription"])


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
