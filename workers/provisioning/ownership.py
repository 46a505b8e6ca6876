"""Which SR is ours: found by its tag, and taken over only when it is certain that its creation succeeded.

While a create runs, the tag stands in the SR's name-description: xapi writes that record before the storage manager
touches the LUN, and removes it when that fails (xapi: xapi_sr.ml, create). So a tag alone proves nothing.
"""

from __future__ import annotations

from typing import Final

from workers.xen.errors import RefusedError, StillRunsError
from workers.xen.records import Contents, Sr
from workers.xen.secrets import TAG
from workers.xen.session import PoolSession
from workers.xen.tasks import LONGEST_PAUSE, Waiting, pending

DUPLICATE_KEY: Final = "MAP_DUPLICATE_KEY"


def tag_of(request_id: str) -> str:
    """Give what stands in the name-description of an SR that is being created."""
    return f"{TAG}:{request_id}"


def finished(contents: Contents, request_id: str) -> Sr | None:
    """Give the SR that a request has made and claimed."""
    return next((sr for sr in contents.srs if sr.other_config.get(TAG) == request_id), None)


def begun(contents: Contents, request_id: str) -> Sr | None:
    """Give the SR that a request was about to make."""
    return next((sr for sr in contents.srs if sr.description == tag_of(request_id)), None)


def of_others(contents: Contents, request_id: str) -> Contents:
    """Leave out the SR that an earlier attempt of a request has put there, with its PBDs."""
    mine = begun(contents, request_id)
    if mine is None:
        return contents
    pbds = tuple(pbd for pbd in contents.pbds if pbd.sr != mine.ref)
    return Contents(tuple(sr for sr in contents.srs if sr != mine), pbds)


def claim(session: PoolSession, reference: str, request_id: str, description: str) -> None:
    """Move the tag of an SR that is there into its other_config; one that was moved halfway too. Raises XenError."""
    try:
        session.call("SR.add_to_other_config", reference, TAG, request_id)
    except RefusedError as error:
        if error.code != DUPLICATE_KEY:
            raise
    session.call("SR.set_name_description", reference, description)


def wait_for_others(session: PoolSession, waiting: Waiting, method: str) -> None:
    """Wait until no such call is pending on the pool; one of them may be ours. Raises XenError, StillRunsError."""
    deadline = waiting.clock() + waiting.patience
    while pending(session, method):
        if waiting.clock() >= deadline:
            raise StillRunsError(session.host, "task")
        waiting.pause(LONGEST_PAUSE)
