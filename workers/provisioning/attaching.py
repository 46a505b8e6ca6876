"""Attaching the SR that is on a LUN: introduced, a PBD for every host, the master's plugged first.

Where the master's can't be plugged all of it is taken back, and only what this request made: the SR's record carries
the request's tag in its name-description until the end, each PBD in its other_config.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, BegunError, UncertainError
from workers.troubles import CannotDoError
from workers.xen.errors import StillRunsError, TaskFailedError, XenError
from workers.xen.records import Contents, Pbd, read_contents
from workers.xen.secrets import TAG
from workers.xen.tasks import run_task

PLUG: Final = "PBD.plug"
UNPLUG: Final = "PBD.unplug"


def attached(attempt: Attempt) -> str:
    """Attach the SR of the plan, or go on where an earlier attempt stopped, and give its reference.

    Raises XenError, CannotDoError and ChangedError where nothing is left of it, UncertainError.
    """
    if attempt.step.changed_before:
        mine = ownership.finished(attempt.before, attempt.step.request.id)
        if mine is not None:
            return mine.ref
        ownership.wait_for_others(attempt.session, attempt.step.workplace.waiting, PLUG)
        attempt.read_again()
    try:
        return _attached(attempt)
    except BegunError:
        raise UncertainError(CannotDoError("outcome_unknown")) from None
    except (XenError, CannotDoError):
        if attempt.step.request.work.changing:
            attempt.tidy_secrets()
        raise


def _attached(attempt: Attempt) -> str:
    with attempt.probing() as probing:
        if not (attempt.step.changed_before and _is_plugged(attempt)):
            attempt.approve()
            attempt.recheck(probing)
            attempt.begin("attaching the SR")
        return _Attaching(attempt, attempt.config(probing)).carry_out()


def _is_plugged(attempt: Attempt) -> bool:
    """Say whether an earlier attempt got as far as the master: its LUN is open there, and not looked at again."""
    sr = attempt.known() if attempt.plan.known else ownership.begun(attempt.before, attempt.step.request.id)
    pbds = attempt.before.pbds_of(sr) if sr else ()
    return any(pbd.attached and pbd.host == attempt.hosts.master.ref for pbd in pbds)


class _Attaching:
    """The calls that attach an SR; each looks first whether it was made already."""

    def __init__(self, attempt: Attempt, config: dict[str, str]) -> None:
        self._attempt = attempt
        self._config = config
        self._session = attempt.session
        self._waiting = attempt.step.workplace.waiting
        self._request = attempt.step.request.id
        self._plugging = ""

    def carry_out(self) -> str:
        try:
            reference = self._introduced()
            self._make_pbds(reference)
            self._plug_master(reference)
        except (XenError, CannotDoError) as error:
            self._take_back(error)
            raise
        return reference

    def _introduced(self) -> str:
        known, plan = self._attempt.known(), self._attempt.plan
        if known is not None:
            return known.ref
        held = plan.held.uuid if plan.held else ""
        labels = (plan.name, ownership.tag_of(self._request), plan.sr_type, plan.content_type)
        return str(self._session.call("SR.introduce", held, *labels, plan.shared, {}))

    def _make_pbds(self, sr: str) -> None:
        there = {pbd.host for pbd in self._attempt.before.pbds if pbd.sr == sr}
        for host in self._attempt.hosts.all:
            if host.ref not in there:
                record = {"host": host.ref, "SR": sr, "device_config": self._config}
                self._session.call("PBD.create", {**record, "other_config": {TAG: self._request}})

    def _plug_master(self, sr: str) -> None:
        master = self._attempt.hosts.master.ref
        pbds = read_contents(self._session).pbds
        pbd = next((pbd for pbd in pbds if pbd.sr == sr and pbd.host == master), None)
        if pbd is None:
            raise CannotDoError("pbd_missing", host=self._attempt.hosts.master.name)
        if not pbd.attached:
            self._plugging = pbd.ref
            run_task(self._session, self._waiting, PLUG, pbd.ref)

    def _wait_for_plug(self, cause: XenError | CannotDoError) -> None:
        """Nothing is taken back below a plug that may still run: it could end after that. Raises XenError."""
        if self._plugging and not isinstance(cause, TaskFailedError):
            patience = 0.0 if isinstance(cause, StillRunsError) else self._waiting.patience
            ownership.wait_for_others(self._session, replace(self._waiting, patience=patience), PLUG)

    def _take_back(self, cause: XenError | CannotDoError) -> None:
        """Leave the pool as it was before; raises UncertainError where that can't be made sure of."""
        held = self._attempt.plan.held
        uuid = held.uuid if held else ""
        try:
            self._attempt.recover(cause)
            self._wait_for_plug(cause)
            contents = read_contents(self._session)
            for pbd in _pbds_of(contents, uuid):
                self._put_back(pbd)
            mine = ownership.begun(contents, self._request)
            if mine is not None:
                self._session.call("SR.forget", mine.ref)
        except StillRunsError as error:
            raise UncertainError(error, uuid) from None
        except XenError:
            raise UncertainError(CannotDoError("left_behind", sr_uuid=uuid), uuid) from cause
        if isinstance(cause, XenError) and cause.may_have_happened:
            # A slow xapi may have the call still before it.
            raise UncertainError(cause, uuid) from None

    def _put_back(self, pbd: Pbd) -> None:
        own = pbd.other_config.get(TAG) == self._request
        if pbd.attached and (own or pbd.ref == self._plugging):
            run_task(self._session, self._waiting, UNPLUG, pbd.ref)
        if own:
            self._session.call("PBD.destroy", pbd.ref)


def _pbds_of(contents: Contents, sr_uuid: str) -> list[Pbd]:
    srs = {sr.ref for sr in contents.srs if sr.uuid == sr_uuid}
    return [pbd for pbd in contents.pbds if pbd.sr in srs]
