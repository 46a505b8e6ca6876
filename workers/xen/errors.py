"""What can go wrong between us and a pool.

    XenError                    nothing more is known than that it went wrong
    ├── RefusedError            xapi answered with a failure: its list of texts says why
    │   ├── LoginRefusedError   ... to our login: the user or the password is wrong
    │   ├── TaskFailedError     ... by the end of the call's task: nothing of it runs any more
    │   └── SessionLostError    ... because the session is gone (xapi restarted, or somebody ended it)
    ├── UnreachableError        no connection came about: nothing was sent
    │   └── TlsMismatchError    ... since the certificate is not the one expected
    ├── TimedOutError           it was sent, and no answer came in time
    │   └── StillRunsError      ... from the call's task: it was begun, and has not ended
    ├── CutOffError             it was sent, and the connection ended before the answer was whole
    └── BadAnswerError          it was sent, and what came back is no answer of xapi's

Texts of ours are names and numbers only. What xapi wrote is in `RefusedError.details`, which may name references
and addresses: it goes through `bot.storage` before anybody sees it, in the log too.
"""

from __future__ import annotations

from collections.abc import Sequence


class XenError(Exception):
    """Something went wrong on the way to a pool or in it. `about` names the host or the call."""

    may_have_happened = False
    """Whether the call may have had its effect all the same."""

    def __init__(self, about: str = "", kind: str = "") -> None:
        super().__init__(" ".join(part for part in (about, kind) if part))
        self.about = about


class RefusedError(XenError):
    """XenServer answered with a failure."""

    def __init__(self, about: str, details: Sequence[str]) -> None:
        self.details = tuple(str(part) for part in details)
        super().__init__(about, self.code)

    @property
    def code(self) -> str:
        """What xapi calls it, such as SR_BACKEND_FAILURE_68."""
        return self.details[0] if self.details else ""


class LoginRefusedError(RefusedError):
    """XenServer refused the login."""


class TaskFailedError(RefusedError):
    """The task of a call has ended, and not in success."""


class SessionLostError(RefusedError):
    """The session is gone."""


class UnreachableError(XenError):
    """No connection to the host came about."""


class TlsMismatchError(UnreachableError):
    """The host's certificate is not the one expected."""


class TimedOutError(XenError):
    """No answer came in time."""

    may_have_happened = True


class StillRunsError(TimedOutError):
    """The task of a call did not end in time."""


class CutOffError(XenError):
    """The connection ended before the answer was whole."""

    may_have_happened = True


class BadAnswerError(XenError):
    """What came back is no answer of xapi's."""

    may_have_happened = True
