"""CHAP passwords as XenAPI secrets: in no call's arguments but the one that makes them, gone afterwards.

Each carries its attempt in other_config. xapi copies a secret for each PBD, what stands in its other_config too, and
leaves the copies behind when a create fails (xapi: xapi_secret.ml, duplicate_passwds; xapi_sr.ml, create).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import structlog

from workers.xen.errors import XenError
from workers.xen.records import read_contents
from workers.xen.session import Password, PoolSession

LOG = structlog.get_logger(__name__)

TAG = "srbot"
"""The key of other_config by which what is ours is known."""


@contextlib.contextmanager
def stored_secret(session: PoolSession, password: Password) -> Iterator[str]:
    """Give the UUID of a secret that lasts as long as the block; the session's attempt stands in its other_config."""
    session.keep_to_itself(password)
    record = {"value": password.reveal(), "other_config": {TAG: session.attempt}}
    reference = str(session.call("secret.create", record))
    try:
        yield str(session.call("secret.get_uuid", reference))
    finally:
        _destroy(session, reference)


def destroy_leaked(session: PoolSession, attempt: str) -> None:
    """Destroy what is left of an attempt's secrets: those with its tag that nothing in the pool names.

    Values are never read: a secret's record holds it, so each is asked for its other_config alone. Raises XenError.
    """
    tagged = [ref for ref in session.call("secret.get_all") if _attempt_of(session, ref) == attempt]
    if not tagged:
        return
    named = _named(session)
    for reference in tagged:
        if session.call("secret.get_uuid", reference) not in named:
            session.call("secret.destroy", reference)


def _attempt_of(session: PoolSession, reference: str) -> str | None:
    config: dict[str, str] = session.call("secret.get_other_config", reference)
    return config.get(TAG)


def _named(session: PoolSession) -> set[str]:
    contents = read_contents(session)
    configs = [*(pbd.device_config for pbd in contents.pbds), *(sr.sm_config for sr in contents.srs)]
    return {value for config in configs for value in config.values()}


def _destroy(session: PoolSession, reference: str) -> None:
    """Destroy a secret; where that fails the attempt's note stays, so that the next one on the pool does it."""
    try:
        session.call("secret.destroy", reference)
    except XenError as error:
        session.leaves_behind = True
        LOG.warning("secret_left_behind", pool_host=session.host, attempt=session.attempt, error=str(error))
