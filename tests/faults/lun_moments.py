"""Letting something happen at an exact moment of a run: right before or after one of its looks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from deploy.sandbox.pool.model import Model
from deploy.sandbox.pool.serving import RunningPool
from tests.faults.lun_cases import Case, Change, Known, When
from tests.faults.lun_changes import Sides, Work
from tests.faults.pool_accidents import Happening

PROBE = "Async.SR.probe"
"""A run sends it twice: for the target's LUNs, then for what is on the one."""

PROBED = "task.destroy"
"""Follows each of these."""


def at_moment(case: Case, own: RunningPool, other: RunningPool, happens: Callable[[Sides], None]) -> None:
    """Let it happen when the run of a case comes to its moment; nothing else is called there meanwhile."""
    if case.when is When.LUNS:
        _at_call(own, other, (PROBE, 1), happens)
    elif case.when is When.CONTENT:
        _at_call(own, other, (PROBE, 2), happens)
    elif case.when is When.OTHERS:
        _at_call(own, other, (PROBED, 2), happens)
    elif Known.OTHER_SILENT is case.known or case.change is Change.OTHER_SILENT:
        # Who gives no answer is not logged out of.
        _at_call(own, other, ("host.get_all_records", 1), happens)
    else:
        _at_call(other, own, ("session.logout", 1), lambda sides: happens(Sides(sides.other, sides.own)))


def _at_call(here: RunningPool, there: RunningPool, call: tuple[str, int], happens: Callable[[Sides], None]) -> None:
    """Let it happen before a pool carries out a call for the nth time. It counts as `own`, the other one as `other`."""
    method, nth = call
    come = count(1)

    def strike(model: Model) -> None:
        def do(work: Work) -> object:
            return work(model)

        happens(Sides(do, there.do))

    def script(model: Model) -> None:
        model.faults.scripted.append(Happening(method, model, strike, lambda _: next(come) == nth))

    here.do(script)
