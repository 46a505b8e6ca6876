"""Who may ask and who decides: a policy read from text, and evaluated without Slack, a store or a clock."""

from __future__ import annotations

from bot.policy.asking import Refusal, refusal_of_asking
from bot.policy.checking.cases import Case, parse_cases
from bot.policy.checking.satisfying import unknown_places, unsatisfiable
from bot.policy.checking.trying import Past, Simulated, Tried, simulate, try_cases
from bot.policy.decision import Decision, Differs, Missing, Outcome, Reason, Ruling, Terms
from bot.policy.evaluating import evaluate, groups_needed, may_start
from bot.policy.explaining import explain
from bot.policy.language.document import parse
from bot.policy.language.fallback import ChannelApprovers, fallback_policy, fallback_text
from bot.policy.language.tables import PolicyError
from bot.policy.mentioning import Mention, Why, mentions
from bot.policy.model import Policy, Right, digest
from bot.policy.people import Members, has_right, slack_groups
from bot.policy.subject import Action, Approval, Danger, Spent, Subject, subject_of
from bot.policy.verdicts import Reply, Verdict, may_approve, may_reject

__all__ = [
    "Action",
    "Approval",
    "Case",
    "ChannelApprovers",
    "Danger",
    "Decision",
    "Differs",
    "Members",
    "Mention",
    "Missing",
    "Outcome",
    "Past",
    "Policy",
    "PolicyError",
    "Reason",
    "Refusal",
    "Reply",
    "Right",
    "Ruling",
    "Simulated",
    "Spent",
    "Subject",
    "Terms",
    "Tried",
    "Verdict",
    "Why",
    "digest",
    "evaluate",
    "explain",
    "fallback_policy",
    "fallback_text",
    "groups_needed",
    "has_right",
    "may_approve",
    "may_reject",
    "may_start",
    "mentions",
    "parse",
    "parse_cases",
    "refusal_of_asking",
    "simulate",
    "slack_groups",
    "subject_of",
    "try_cases",
    "unknown_places",
    "unsatisfiable",
]
