"""Several processes as one: started in order, looked after, ended in reverse order, none left behind."""

from __future__ import annotations

from deploy.supervision.child import Child
from deploy.supervision.pauses import Pauses
from deploy.supervision.supervisor import AskedToStopError, End, NotReadyError, Supervisor, run

__all__ = ["AskedToStopError", "Child", "End", "NotReadyError", "Pauses", "Supervisor", "run"]
