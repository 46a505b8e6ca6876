"""Every reason that the code can give has its words: the reasons are read from the sources themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.request import acting, policy
from bot.slack.cards.sentences import REFUSALS
from bot.slack.cards.troubles import _UNKNOWN, _texts
from workers.troubles import _RENAMED, _WAYS

ROOT = Path(__file__).parents[3]
RAISED = frozenset({"CannotDoError", "Trouble", "UncertainError"})


def called(path: Path, names: frozenset[str]) -> Iterator[str]:
    """Give the first argument of each call of these names, where it is a text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value


OF_ERRORS = {*_RENAMED.values(), *(reason for _, reason in _WAYS), "unreadable_answer", "internal"}
TROUBLES = sorted(OF_ERRORS.union(*(called(path, RAISED) for path in (ROOT / "workers").rglob("*.py"))))
PLACES = (Path(str(acting.__file__)), Path(str(policy.__file__)))
REFUSED = sorted({reason for path in PLACES for reason in called(path, frozenset({"Refused", "_deny"}))})


@pytest.mark.parametrize("reason", TROUBLES)
def test_every_reason_that_a_worker_gives_has_a_sentence_of_its_own(reason: str) -> None:
    assert _texts(reason) != _UNKNOWN


@pytest.mark.parametrize("reason", REFUSED)
def test_every_reason_of_a_refusal_has_a_sentence_of_its_own(reason: str) -> None:
    assert reason in REFUSALS


def test_the_reasons_were_found() -> None:
    assert {"lun_in_use", "host_iqn_missing", "left_behind", "pbd_missing"} <= set(TROUBLES)
    assert {"typed_differs", "hosts_not_accepted", "not_the_requester"} <= set(REFUSED)
