"""Attaching an SR that is there: introduced, a PBD for every host, the master's plugged first.

Of storage that only one host has, that host is the only one to get a PBD. Where the first can't be plugged all of it is
taken back, and only what this request made: the SR's record carries
the request's tag in its name-description until the end, each PBD in its other_config.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from workers.provisioning import ownership
from workers.provisioning.attempt import Attempt, BegunError, ChangedError, Ready, UncertainError
from workers.provisioning.verifying import told_by
from workers.troubles import CannotDoError
from workers.xen.errors import RefusedError, StillRunsError, XenError
from workers.xen.records import Contents, Host, Pbd, read_contents
from workers.xen.secrets import TAG
from workers.xen.tasks import LOST_TASK, PLUG, UNPLUG, run_task

LOG = structlog.get_logger(__name__)


def attached(attempt: Attempt[Any]) -> str:
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


def _attached(attempt: Attempt[Any]) -> str:
    plugged = attempt.step.changed_before and _is_plugged(attempt)
    with attempt.ready() as ready:
        attaching = _Attaching(attempt, attempt.config(ready))
        if plugged:
            attempt.recheck_records()
            return attaching.go_on()
        try:
            _make_sure(attempt, ready)
        except (XenError, CannotDoError, ChangedError):
            attaching.withdraw()
            raise
        return attaching.carry_out()


def _make_sure(attempt: Attempt[Ready], ready: Ready) -> None:
    """Look at everything again right before the first call."""
    attempt.approve()
    attempt.recheck(ready)
    attempt.begin("attaching the SR")


def _is_plugged(attempt: Attempt[Any]) -> bool:
    """Say whether an earlier attempt got as far as the first plug: its LUN is open there, and not looked at again."""
    sr = attempt.known() if attempt.plan.known else ownership.begun(attempt.before, attempt.step.request.id)
    pbds = attempt.before.pbds_of(sr) if sr else ()
    first = _first(attempt)
    return any(pbd.attached and first is not None and pbd.host == first.ref for pbd in pbds)


def _first(attempt: Attempt[Any]) -> Host | None:
    """Give the host whose PBD is plugged first; None where the only one that has the storage is gone from the pool.

    One that is in maintenance by now may have it plugged already.
    """
    if not attempt.plan.host:
        return attempt.hosts.master
    return next(iter(attempt.hosts.only(attempt.plan.host).all), None)


class _Attaching:
    """The calls that attach an SR; each looks first whether it was made already."""

    def __init__(self, attempt: Attempt[Any], config: dict[str, str]) -> None:
        self._attempt = attempt
        self._config = config
        self._session = attempt.session
        self._waiting = attempt.step.workplace.waiting
        self._request = attempt.step.request.id
        self._introduced = ""
        self._first_pbd = ""
        self._plugging = ""

    def carry_out(self) -> str:
        """Attach the SR, or take all of it back."""
        try:
            reference = self._introduce()
            self._make_pbds(reference)
            self._plug_first()
        except XenError as error:
            self._take_back(error)
            raise
        return reference

    def go_on(self) -> str:
        """Go on where it is plugged already: that is not taken back for what comes after."""
        reference = self._introduce()
        self._make_pbds(reference)
        return reference

    def _introduce(self) -> str:
        known, plan = self._attempt.known(), self._attempt.plan
        if known is not None:
            return known.ref
        held = plan.held.uuid if plan.held else ""
        labels = (plan.name, ownership.tag_of(self._request), plan.sr_type, plan.content_type)
        self._introduced = str(self._session.call("SR.introduce", held, *labels, plan.shared, {}))
        return self._introduced

    def _make_pbds(self, sr: str) -> None:
        """Make what is missing. What one host is refused is that host's own trouble, but for the first."""
        there = {pbd.host: pbd for pbd in self._attempt.before.pbds if pbd.sr == sr}
        first = _first(self._attempt) or self._attempt.maker
        self._first_pbd = there[first.ref].ref if first.ref in there else self._make_pbd(sr, first)
        for host in self._attempt.hosts.only(self._attempt.plan.host).all:
            if host.ref not in there and host != first:
                with told_by(host, self._attempt.refused):
                    self._make_pbd(sr, host)

    def _make_pbd(self, sr: str, host: Host) -> str:
        record = {"host": host.ref, "SR": sr, "device_config": self._config}
        return str(self._session.call("PBD.create", {**record, "other_config": {TAG: self._request}}))

    def _plug_first(self) -> None:
        self._plugging = self._first_pbd
        try:
            run_task(self._session, self._waiting, PLUG, self._first_pbd)
        except RefusedError as error:
            if error.details[:2] != LOST_TASK:
                self._plugging = ""  # it was not begun, or has ended, and not in success
            raise

    def withdraw(self) -> None:
        """Remove what an earlier attempt made and nothing uses: xapi would plug it when a host starts.

        Where that fails it stays: the request ends in doubt anyway.
        """
        if not self._attempt.step.changed_before:
            return
        try:
            self._attempt.read_again()
            before = self._attempt.before
            mine = ownership.begun(before, self._request)
            pbds = [pbd for pbd in before.pbds if pbd.other_config.get(TAG) == self._request and not pbd.attached]
            for pbd in pbds:
                self._session.call("PBD.destroy", pbd.ref)
            if mine is not None and len(pbds) == len(before.pbds_of(mine)):
                self._session.call("SR.forget", mine.ref)
        except XenError as error:
            LOG.warning("not_withdrawn", error=str(error), reference=self._attempt.step.reference)

    def _wait_for_plug(self, cause: XenError) -> None:
        """Nothing is taken back below a plug that may still run: it could end after that. Raises XenError."""
        if self._plugging:
            patience = 0.0 if isinstance(cause, StillRunsError) else self._waiting.patience
            ownership.wait_for_others(self._session, replace(self._waiting, patience=patience), PLUG)

    def _take_back(self, cause: XenError) -> None:
        """Leave the pool as it was before; raises UncertainError where that can't be made sure of."""
        held = self._attempt.plan.held
        uuid = held.uuid if held else ""
        try:
            self._attempt.recover(cause)
            self._wait_for_plug(cause)
            contents = read_contents(self._session)
            for pbd in _pbds_of(contents, uuid):
                self._put_back(pbd)
            mine = next((sr for sr in contents.srs if sr.ref == self._introduced), None)
            mine = mine or ownership.begun(contents, self._request)
            if mine is not None:
                self._session.call("SR.forget", mine.ref)
        except StillRunsError as error:
            raise UncertainError(error, uuid) from None
        except XenError:
            raise UncertainError(CannotDoError("left_behind", sr_uuid=uuid), uuid) from cause
        if cause.may_have_happened:
            # A slow xapi may have the call still before it.
            raise UncertainError(cause, uuid) from None

    def _put_back(self, pbd: Pbd) -> None:
        """A PBD that was there before is unplugged only where it can have been us who plugged it."""
        own = pbd.other_config.get(TAG) == self._request
        if pbd.attached and (own or pbd.ref == self._plugging):
            run_task(self._session, self._waiting, UNPLUG, pbd.ref)
        if own:
            self._session.call("PBD.destroy", pbd.ref)


def _pbds_of(contents: Contents, sr_uuid: str) -> list[Pbd]:
    srs = {sr.ref for sr in contents.srs if sr.uuid == sr_uuid}
    return [pbd for pbd in contents.pbds if pbd.sr in srs]
