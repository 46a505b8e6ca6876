from __future__ import annotations

from pathlib import Path

from bot.policy import Members, parse, unknown_places, unsatisfiable

EXAMPLE = Path(__file__).parents[4] / "deploy" / "policy.example.toml"


def test_the_example_is_a_policy_that_can_be_met() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    policy = parse(text)
    admins = Members({"S0EXAMPLE1": frozenset({"UA", "UB", "UC"})})
    assert unsatisfiable(policy, admins) == ()
    assert unknown_places(policy, ["prod"], []) == ()
    assert unsatisfiable(policy, Members()) != ()


def test_what_stands_there_commented_out_can_be_used_as_it_is() -> None:
    before, denial = EXAMPLE.read_text(encoding="utf-8").split("# [deny.", 1)
    policy = parse(before + "[deny." + denial.replace("\n# ", "\n"))
    assert [each.name for each in policy.denials] == ["destroy-in-prod"]
