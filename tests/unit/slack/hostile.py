"""Requests full of texts that would like to be markup, as hypothesis makes them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from bot.request.approving import Approval
from bot.request.found import (
    Disk,
    Finding,
    HeldSr,
    HostSight,
    Losses,
    Lun,
    OfferedLun,
    Place,
    Portal,
    Protocol,
    Share,
    Target,
    Trouble,
    Usage,
)
from bot.request.model import HostPbd, Kind, Outcome, Request, Rival, SrEntry, State
from bot.request.plan import Plan, Purpose, Service, Way
from bot.request.question import Question, ShownSr, SrRow
from tests import stories
from tests.stories import APPROVER, OUTSIDER, REQUESTER

NASTY = (
    "<!channel>",
    "<!here|x>",
    "<@UVICTIM99>",
    "<https://evil.example|good>",
    "`*_~:smile:` &amp; <!everyone>",
    "```\n<!channel>\n```",
    "{pool} {sr_name}",
    "\u202egnp.exe",
    "",
    " ",
    "x" * 5000,
    "&" * 700,
    "`" * 300,
)
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=400))
sizes = st.one_of(st.none(), st.integers(-1, 2**63))
times = st.floats(0, 4e9)
portals = st.builds(Portal, texts, st.integers(1, 65535))
single_targets = st.builds(Target, texts, st.lists(portals, max_size=6).map(tuple))
several_targets = st.lists(single_targets, max_size=8).map(tuple)
targets = st.builds(Target, texts, st.lists(portals, max_size=6).map(tuple), st.just(0), several_targets)
luns = st.builds(Lun, st.one_of(st.none(), st.integers(0, 70000)), *(st.one_of(st.none(), texts),) * 2, sizes, texts)
offered = st.builds(OfferedLun, luns, st.one_of(st.none(), st.builds(Usage, texts, texts, texts, st.booleans())))
REASONS = (
    "target_unreachable",
    "chap_wrong",
    "lun_in_use",
    "several_srs",
    "host_iqn_duplicate",
    "lun_taken",
    "host_unreachable",
    "host_disabled",
    "unknown",
    "backend_failed",
    "host_disabled",
    "sr_ambiguous",
    "sr_in_use_by_vms",
    "type_not_supported",
    "never heard of",
)
FACTS = (
    "address",
    "host",
    "iqn",
    "sr_name",
    "sr_uuid",
    "pool",
    "credential",
    "detail",
    "typed",
    "hosts",
    "request",
    "count",
    "sr",
    "vms",
    "type",
)
facts = st.lists(st.tuples(st.sampled_from(FACTS), texts), max_size=8).map(tuple)
troubles = st.builds(Trouble, st.sampled_from(REASONS), texts, facts, texts, texts)
findings = st.builds(Finding, st.just("f1nd1ng"), st.integers(0, 20_000), st.integers(0, 9), st.booleans())
hosts = st.builds(HostPbd, texts, st.booleans(), texts, st.one_of(st.none(), troubles))
entries = st.builds(SrEntry, *(texts,) * 6)
names = st.lists(texts, max_size=64).map(tuple)
outcomes = st.builds(Outcome, entries, st.lists(hosts, max_size=64).map(tuple), names)
disks = st.builds(Disk, texts, texts, sizes.map(lambda size: size or 0), names, st.booleans(), names)
losses = st.builds(Losses, st.integers(0, 5000), st.integers(0, 2**63), st.lists(disks, max_size=30).map(tuple), texts)
places = st.builds(Place, texts, texts, texts, st.none() | st.builds(Usage, texts, texts, texts, st.booleans()))
besides = st.lists(st.builds(Usage, texts, texts, texts, st.booleans()), max_size=30).map(tuple)
configs = st.lists(st.tuples(texts, texts), max_size=30).map(tuple)
shares = st.builds(Share, st.sampled_from(list(Protocol)), texts, texts, texts)
approvals = st.builds(Approval, st.sampled_from([APPROVER, OUTSIDER]), times, st.just("d"), texts)
held = st.builds(HeldSr, texts, texts, sizes)
sights = st.builds(HostSight, texts, texts, st.booleans(), st.booleans(), st.one_of(st.none(), troubles))
rivals = st.builds(Rival, texts, st.just(OUTSIDER), st.sampled_from(list(State)))
plans = st.builds(
    Plan,
    st.integers(1, 99),
    texts,
    texts,
    st.lists(sights, max_size=64).map(tuple),
    texts,
    texts,
    texts,
    texts,
    st.booleans(),
    st.one_of(st.none(), texts),
    st.none() | st.builds(Way, luns, st.none() | portals, texts, targets=several_targets),
    st.sampled_from(list(Purpose)),
    st.one_of(st.none(), held),
    st.booleans(),
    names,
    names,
    configs,
    names,
    st.none() | losses,
    texts,
    besides,
    serves=st.just(tuple(Service)),
    listed=st.booleans(),
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Any request in any state, with hostile data wherever data can be."""
    base = stories.succeeded().request
    notice = st.sampled_from(["no_worker", "worker_busy", "pool_slow", "pool_slow:<!channel>`"])
    work = replace(base.work, doing=draw(texts), noticed_at=draw(st.none() | times), notice=draw(notice))
    fields: dict[str, Any] = {
        "state": draw(st.sampled_from(list(State))),
        "pool": draw(texts),
        "address": draw(st.none() | texts.map(lambda host: replace(stories.ADDRESS, host=host))),
        "share": draw(st.none() | shares),
        "sr": draw(texts),
        "name": draw(st.none() | texts),
        "reason": draw(st.none() | texts),
        "credential": draw(st.none() | texts),
        "targets": draw(st.none() | findings),
        "target": draw(st.none() | targets),
        "target_was_only_one": draw(st.booleans()),
        "luns": draw(st.none() | findings),
        "lun": draw(st.none() | luns),
        "plan": draw(st.none() | plans),
        "approvals": tuple(draw(st.lists(approvals, max_size=3))),
        "expires_at": draw(st.none() | times),
        "trouble": draw(st.none() | troubles),
        "outcome": draw(st.none() | outcomes),
        "ended_by": draw(st.sampled_from([None, REQUESTER, "<!channel>"])),
        "ended_because": draw(texts),
        "purpose": draw(st.sampled_from(list(Purpose))),
        "dies": draw(st.none() | held),
        "typed": draw(texts),
        "follows": draw(texts),
        "followed_by": draw(texts),
        "rivals": tuple(draw(st.lists(rivals, max_size=3))),
        "kind": draw(st.sampled_from(list(Kind))),
        "places": draw(st.none() | findings),
        "held": tuple(draw(st.lists(held, max_size=130))),
        "host": draw(texts),
        "device": draw(texts),
        "sr_type": draw(texts),
        "wanted": draw(texts),
        "changes": tuple(draw(st.lists(texts, max_size=20))),
    }
    return replace(base, work=work, **fields)


rows = st.builds(SrRow, *(texts,) * 4, sizes, sizes, texts, st.integers(0, 64), st.integers(0, 64))


shown = st.builds(
    ShownSr,
    rows,
    texts,
    st.booleans(),
    st.booleans(),
    sizes,
    st.integers(0, 5000),
    st.lists(hosts, max_size=64).map(tuple),
    configs,
    texts,
)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Any question, answered or not."""
    return Question(
        id="quest1on2",
        team="T1",
        channel="C1",
        actor=REQUESTER,
        pool=draw(texts),
        asked_at=1.0,
        keep_seconds=1800.0,
        name_label=draw(st.none() | texts),
        sr=draw(texts),
        shown=draw(st.none() | shown),
        answered_at=draw(st.none() | times),
        rows=tuple(draw(st.lists(rows, max_size=35))),
        trouble=draw(st.none() | troubles),
    )
