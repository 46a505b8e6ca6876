"""What `srbot sandbox` says and does: keep everything open until Ctrl-C, or play the tour."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from deploy.sandbox.opening import Options, Sandbox, opened
from deploy.sandbox.tour.person import Baffled
from deploy.sandbox.tour.playing import ARRAYS, Stage, play

GREETING = """
The sandbox is open:  {page}

  In #storage, as the requester, type   /sr add iscsi 10.0.0.5
  Pick a LUN and request approval; then switch to an approver (bottom left) and approve.
  Other arrays: 10.0.1.11 (NetApp, 60 LUNs; LUN 7 holds an SR that can be attached), 10.0.2.5 (10,000 targets).
  /sr help shows what there is.

  Everything is kept in {folder}. Ctrl-C ends all of it.
"""

OWN_GREETING = """
The sandbox is open:  {page}

  The pool is that of {scenario}; in #storage, as the requester, ask for what its [targets] allow.
  /sr help shows what there is.

  Everything is kept in {folder}. Ctrl-C ends all of it.
"""

Say = Callable[[str], None]


def show(options: Options, environ: Mapping[str, str], say: Say) -> int:
    """Keep the sandbox open until Ctrl-C; gives the exit code."""
    say("Opening the sandbox: a ledger, a local Slack, a simulated pool, a worker and the bot ...")
    with opened(options, environ, say) as sandbox:
        greeting = OWN_GREETING if options.scenario else GREETING
        say(greeting.format(page=sandbox.page_url, folder=sandbox.house.folder, scenario=options.scenario))
        end = sandbox.supervisor.wait()
    say(end.reason)
    return end.code


def tour_through(options: Options, array: str, environ: Mapping[str, str], say: Say) -> int:
    """Play the main job; 0 only when the SR exists in the pool, attached everywhere, and the channel has its UUID."""
    say("Opening the sandbox for the tour ...")
    # The sandbox closes first: a tour that is cut off ends by finding nobody there.
    with ThreadPoolExecutor(1, "tour") as pool, opened(options, environ, say) as sandbox:
        playing = pool.submit(play, _stage(sandbox), ARRAYS[array], say)
        end = sandbox.supervisor.wait(playing.done)
        return _verdict(playing, say) if playing.done() else _given_up(end.reason, say)


def _stage(sandbox: Sandbox) -> Stage:
    return Stage(sandbox.page_url, sandbox.people, sandbox.pool_url, sandbox.root_password)


def _verdict(playing: Future[str], say: Say) -> int:
    try:
        uuid = playing.result()
    except Baffled as why:
        return _given_up(str(why), say)
    say(f"The tour is over: SR {uuid} was asked for, approved, is in the pool, and was told of in the channel.")
    return 0


def _given_up(why: str, say: Say) -> int:
    say(f"The tour did not come to its end: {why}")
    return 1
