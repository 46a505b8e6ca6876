from __future__ import annotations

from dataclasses import replace

import pytest

from bot.request.found import Trouble
from bot.request.model import Outcome, Request, State
from bot.request.plan import Plan
from bot.slack.cards.card import request_card
from bot.slack.cards.plans import AWAY, SHOW_IT, host_lines
from bot.slack.cards.troubles import details, told
from tests import stories
from tests.unit.slack.reading import words

BLIND = replace(stories.plan(), hosts=stories.ONE_SEES)
IN_MAINTENANCE = replace(BLIND, hosts=(BLIND.hosts[0], replace(BLIND.hosts[1], why=Trouble("host_disabled"))))
ACCEPTED = replace(BLIND, accepted=("xenct-xen2",))
RENAMED = replace(stories.attach_plan(), known=True, name="Its own")


def partial(plan: Plan, outcome: Outcome) -> Request:
    return replace(stories.queued().request, state=State.PARTIAL, expires_at=None, plan=plan, outcome=outcome)


def test_what_the_array_cannot_mend_is_not_asked_of_it() -> None:
    story = stories.choosing_lun().lun_is_picked()
    assert SHOW_IT not in words(request_card(story.plan_is_made(IN_MAINTENANCE).request))
    both = replace(IN_MAINTENANCE, hosts=(*IN_MAINTENANCE.hosts, replace(BLIND.hosts[1], host="xenct-xen3")))
    card = words(request_card(stories.choosing_lun().lun_is_picked().plan_is_made(both).request))
    assert SHOW_IT in card
    assert "Have `xenct-xen2` take part again" in card


@pytest.mark.parametrize("reason", ["host_disabled", "host_unreachable", "host_emergency", "host_starting"])
def test_each_way_of_being_away_has_its_own_sentence_and_step(reason: str) -> None:
    why = Trouble(reason, facts=(("host", "xenct-xen2"),))
    (_, line) = host_lines((BLIND.hosts[0], replace(BLIND.hosts[1], why=why)))[::-1]
    assert told(why).sentence in line
    assert told(why).next_step in line
    assert told(why).sentence not in {told(Trouble(other)).sentence for other in AWAY - {reason}}


def test_of_two_hosts_of_one_name_only_the_blind_one_was_accepted() -> None:
    twin = replace(stories.outcome(second_host=False).hosts[1], iqn="iqn.2026-01.com.example:xen3")
    outcome = stories.outcome(second_host=False)
    request = partial(ACCEPTED, replace(outcome, hosts=(*outcome.hosts, twin)))
    card = words(request_card(request))
    assert card.count("It was left out on purpose") == 1
    assert "Put the hosts below right" in card
    silent = partial(ACCEPTED, replace(outcome, hosts=(replace(twin, trouble=None),)))
    assert f'initiator `{twin.iqn}`"' in words(request_card(silent))


def test_a_name_that_is_the_records_own_is_not_called_unused() -> None:
    request = stories.choosing_lun().lun_is_picked().plan_is_made(RENAMED).request
    for name in (None, "Its own"):
        assert "is not used" not in words(request_card(replace(request, name=name)))


def test_a_code_that_is_its_own_name_is_shown_once() -> None:
    assert details(Trouble("object_gone", "HANDLE_INVALID", (("detail", "HANDLE_INVALID"),))) == "`HANDLE_INVALID`"
    both = details(Trouble("login_refused", "SR_BACKEND_FAILURE_68", (("detail", "ISCSILogin"),)))
    assert both == "`SR_BACKEND_FAILURE_68` · `ISCSILogin`"
