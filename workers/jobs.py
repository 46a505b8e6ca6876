"""The RQ entry points: ids in, nothing out. Whatever happens, the request or the question gets an answer.

Only the ledger's own failures leave a job: RQ then runs it again, and each may run as often as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import structlog

from bot.deciding import NotNow
from bot.ledger.questions import Questions
from bot.ledger.store import LedgerUnavailable, UnknownRequest
from bot.request import events as e
from bot.request.found import Trouble
from bot.request.model import Kind, Outcome, State
from bot.request.plan import MANAGING, Purpose
from bot.request.question import Question
from workers import inventory
from workers.discovery import adapters, arrays, places
from workers.inspection.files import inspect_files
from workers.inspection.libraries import inspect_library
from workers.inspection.local import inspect_local
from workers.inspection.looking import inspect_lun
from workers.inspection.others import inspect_other
from workers.managing.carrying_out import manage
from workers.managing.looking import inspect_sr
from workers.provisioning.attempt import ChangedError, UncertainError
from workers.provisioning.repairing import repair as repair_hosts
from workers.provisioning.running import run_plan as run
from workers.steps import Step, SupersededError, take_up
from workers.troubles import CannotDoError, facts_of, internal_trouble, trouble_of
from workers.workplace import Workplace, from_environment
from workers.xen.errors import XenError

LOG = structlog.get_logger(__name__)

Work = Callable[[Step], None]

FINDING_TARGETS: Final = frozenset({State.DISCOVERING_TARGETS})
FINDING_LUNS: Final = frozenset({State.DISCOVERING_LUNS})
FINDING_PLACES: Final = frozenset({State.DISCOVERING_PLACES})
INSPECTING: Final = frozenset({State.INSPECTING})
RUNNING: Final = frozenset({State.QUEUED, State.RUNNING})
REPAIRING: Final = frozenset({State.REPAIRING})


def discover_targets(request_id: str, step: int) -> None:
    """Find the targets at the address asked for."""
    looking(from_environment(), request_id, step, FINDING_TARGETS, arrays.discover_targets)


def discover_luns(request_id: str, step: int) -> None:
    """Find the LUNs of the picked target."""
    looking(from_environment(), request_id, step, FINDING_LUNS, found_luns)


def discover_places(request_id: str, step: int) -> None:
    """Find the places where an SR can be: exports, hosts, devices."""
    looking(from_environment(), request_id, step, FINDING_PLACES, places.discover_places)


def inspect(request_id: str, step: int) -> None:
    """Look at what a request is about, and make the plan."""
    looking(from_environment(), request_id, step, INSPECTING, inspected)


def run_plan(request_id: str, step: int) -> None:
    """Carry the approved plan out."""
    running(from_environment(), request_id, step)


def repair(request_id: str, step: int) -> None:
    """Try the hosts again that don't see the SR."""
    repairing(from_environment(), request_id, step)


def answer_question(question_id: str, step: int) -> None:
    """Answer `/sr list`."""
    del step  # a question has one
    answering(from_environment(), question_id)


def found_luns(step: Step) -> None:
    """Find the LUNs that the hosts' adapters see, or those of the picked target."""
    return adapters.discover_luns(step) if step.request.kind is Kind.HBA else arrays.discover_luns(step)


def inspected(step: Step) -> None:
    """Look at what the request is about: an SR that was named, or storage of its kind."""
    if step.request.purpose in MANAGING:
        return inspect_sr(step)
    return _INSPECTIONS[step.request.kind](step)


def inspect_iso(step: Step) -> None:
    """Look at a share, or at a folder of one host."""
    return inspect_local(step) if step.request.share is None else inspect_library(step)


_INSPECTIONS: Final[Mapping[Kind, Work]] = {
    Kind.ISCSI: inspect_lun,
    Kind.HBA: inspect_lun,
    Kind.NFS: inspect_files,
    Kind.SMB: inspect_files,
    Kind.ISO: inspect_iso,
    Kind.LOCAL: inspect_local,
    Kind.OTHER: inspect_other,
}


def looking(workplace: Workplace, request_id: str, number: int, states: AbstractSet[State], work: Work) -> None:
    """Do a step that changes nothing on the pool; what goes wrong pauses the request."""
    step = _taken_up(workplace, request_id, number, states)
    if step is None:
        return
    try:
        trouble = _tried(step, work)
        if trouble is not None:
            step.commit([e.StepFailed(at=step.now, step=number, trouble=trouble)])
        LOG.info("step_ended", reference=step.reference, state=step.request.state)
    except SupersededError:
        LOG.info("superseded", reference=step.reference)


def running(workplace: Workplace, request_id: str, number: int) -> None:
    """Do the step that changes the pool, and say what stands there afterwards."""
    step = _taken_up(workplace, request_id, number, RUNNING)
    if step is None:
        return
    try:
        step.commit([_run(step)])
        LOG.info("step_ended", reference=step.reference, state=step.request.state)
    except SupersededError:
        LOG.info("superseded", reference=step.reference)


def repairing(workplace: Workplace, request_id: str, number: int) -> None:
    """Do the step that plugs what was left unplugged; what goes wrong leaves the request partial."""
    looking(workplace, request_id, number, REPAIRING, _repaired)


def _repaired(step: Step) -> None:
    step.commit([_outcome(step, repair_hosts(step))])


def answering(workplace: Workplace, question_id: str) -> None:
    """Answer a question, or say why not."""
    question = workplace.questions.load(question_id)
    if question is None or question.answered:
        LOG.info("superseded", reference=question_id)
        return
    questions, now = workplace.questions, workplace.clock
    facts = {"pool": question.pool}
    try:
        answer = inventory.show_sr(workplace, question) if question.sr else inventory.list_srs(workplace, question)
    except (XenError, CannotDoError) as error:
        _refuse(questions, question, now(), trouble_of(error, facts, question_id))
    except Exception:  # whoever asked gets an answer; the log has the rest
        LOG.exception("internal", reference=question_id)
        _refuse(questions, question, now(), internal_trouble(facts, question_id))
    else:
        questions.answer(question_id, now(), answer)


def _refuse(questions: Questions, question: Question, now: float, trouble: Trouble) -> None:
    questions.answer(question.id, now, trouble)


def _taken_up(workplace: Workplace, request_id: str, number: int, states: AbstractSet[State]) -> Step | None:
    try:
        return take_up(workplace, request_id, number, states)
    except SupersededError:
        # Whoever had begun this step may have been killed, and its request has moved on since.
        LOG.info("superseded", reference=f"{request_id}-{number}")
        request = workplace.ledger.load(request_id)
        if request is not None:
            workplace.tidy(request.pool)
    except UnknownRequest:
        LOG.info("superseded", reference=f"{request_id}-{number}")
    return None


def _tried(step: Step, work: Work) -> Trouble | None:
    try:
        work(step)
    except (SupersededError, LedgerUnavailable):
        raise
    except (XenError, CannotDoError) as error:
        step.workplace.pools.forget_master(step.request.pool)
        return trouble_of(error, facts_of(step.request), step.reference)
    except Exception:  # the request must not hang; the log has the rest
        LOG.exception("internal", reference=step.reference)
        return internal_trouble(facts_of(step.request), step.reference)
    return None


def _run(step: Step) -> e.Event:
    """Run the plan, and say as an event how it ended."""
    try:
        return _managed(step) if step.request.purpose in MANAGING else _outcome(step, run(step))
    except (SupersededError, LedgerUnavailable):
        raise
    except NotNow as later:
        return later.event
    except ChangedError as error:
        return _changed(step, error)
    except UncertainError as error:
        facts = {**facts_of(step.request), "sr_uuid": error.sr_uuid}
        trouble = trouble_of(error.cause, facts, step.reference)
        return e.LostTrack(at=step.now, step=step.number, trouble=trouble)
    except (XenError, CannotDoError) as error:
        step.workplace.pools.forget_master(step.request.pool)
        trouble = trouble_of(error, facts_of(step.request), step.reference)
        return _stopped(step, trouble)
    except Exception:  # the request must not hang; the log has the rest
        LOG.exception("internal", reference=step.reference)
        return _failed_ourselves(step)


def _managed(step: Step) -> e.Event:
    """Only a repair is about every host's PBD."""
    outcome = manage(step)
    if step.request.purpose is Purpose.REPAIR and not all(host.attached for host in outcome.hosts):
        return e.CreatedPartly(at=step.now, step=step.number, outcome=outcome)
    return e.Done(at=step.now, step=step.number, outcome=outcome)


def _outcome(step: Step, outcome: Outcome) -> e.Event:
    complete = all(host.attached for host in outcome.hosts)
    kind = e.Created if complete else e.CreatedPartly
    return kind(at=step.now, step=step.number, outcome=outcome)


def _changed(step: Step, error: ChangedError) -> e.Event:
    if not step.changed_before:
        return e.WentStale(at=step.now, step=step.number, changes=error.changes)
    # An earlier attempt may have caused the change itself: nothing was left of it but what is on the LUN.
    cause = CannotDoError("outcome_unknown", detail="; ".join(error.changes))
    held = step.request.plan.held if step.request.plan else None
    facts = {**facts_of(step.request), "sr_uuid": held.uuid if held else ""}
    return e.LostTrack(at=step.now, step=step.number, trouble=trouble_of(cause, facts, step.reference))


def _failed_ourselves(step: Step) -> e.Event:
    trouble = internal_trouble(facts_of(step.request), step.reference)
    if step.request.work.changing:
        return e.LostTrack(at=step.now, step=step.number, trouble=trouble)
    return _stopped(step, trouble)


def _stopped(step: Step, trouble: Trouble) -> e.Event:
    """A run that stopped before it changed anything can go on from there; with a new plan and a new approval."""
    kind = e.RunFailed if step.request.work.changing else e.StepFailed
    return kind(at=step.now, step=step.number, trouble=trouble)
