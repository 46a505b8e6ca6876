"""CHAP passwords as XenAPI secrets: in no call's arguments but the one that makes them, gone afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import structlog

from workers.xen.errors import XenError
from workers.xen.session import Password, PoolSession

LOG = structlog.get_logger(__name__)

TAG = "srbot"
"""The key of other_config by which what is ours is known."""


@contextlib.contextmanager
def stored_secret(session: PoolSession, password: Password, owner: str) -> Iterator[str]:
    """Give the UUID of a secret that lasts as long as the block. `owner` stands in its other_config.

    xapi copies what a PBD needs into a secret of the PBD's own, so ours can go (xapi: xapi_secret.ml,
    duplicate_passwds).
    """
    reference = str(session.call("secret.create", {"value": password.reveal(), "other_config": {TAG: owner}}))
    try:
        yield str(session.call("secret.get_uuid", reference))
    finally:
        _destroy(session, reference, owner)


def _destroy(session: PoolSession, reference: str, owner: str) -> None:
    """Destroy a secret; one that can't be is left on the pool, where its `owner` tells it from others."""
    try:
        session.call("secret.destroy", reference)
    except XenError as error:
        LOG.warning("secret_left_behind", pool_host=session.host, owner=owner, error=str(error))
