"""Finds in the sources which reasons they can give: by their syntax trees, with names and conditions followed."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
PASSED_ON = frozenset({"reason", "reason_code", "refusal", "reply"})
"""Attributes that hand on the reason of somebody else, who is found too."""

COMPUTED = frozenset({"_reason", "next"})
"""What looks a reason up: the tables of workers.troubles, and those of bot.storage, which have a sentence for each."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Given:
    """One place that gives a reason: `unclear` is what could not be followed."""

    where: str
    function: str
    reasons: frozenset[str]
    unclear: str = ""


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


@functools.cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def given(paths: Sequence[Path], names: frozenset[str]) -> list[Given]:
    """Give each call of these names, with the reasons that its first argument can be."""
    return [found for path in paths for found in _of_file(path, names)]


def _of_file(path: Path, names: frozenset[str]) -> Iterator[Given]:
    tree = parsed(path)
    for function, node in _calls(tree, ""):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = _first(node)
        if called in names and first is not None:
            yield _read(path, tree, function, first)


def _calls(node: ast.AST, function: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = child.name if isinstance(child, Function) else function
        if isinstance(child, ast.Call):
            yield inside, child
        yield from _calls(child, inside)


def _first(node: ast.Call) -> ast.expr | None:
    named = next((each.value for each in node.keywords if each.arg in PASSED_ON), None)
    return node.args[0] if node.args else named


def _read(path: Path, tree: ast.Module, function: str, first: ast.expr) -> Given:
    where = f"{path.relative_to(ROOT)}:{first.lineno}"
    texts: set[str] = set()
    unclear: list[str] = []
    _follow(first, _names(tree, function), (texts, unclear), depth=0)
    return Given(where, function, frozenset(texts), ", ".join(unclear))


def _names(tree: ast.Module, function: str) -> Mapping[str, list[ast.expr]]:
    """Give what is assigned to each name in a module, and in one of its functions."""
    found: dict[str, list[ast.expr]] = {}
    bodies: list[ast.AST] = [*tree.body]
    bodies += [
        inner
        for each in ast.walk(tree)
        if isinstance(each, Function) and each.name == function
        for inner in ast.walk(each)
    ]
    for node in bodies:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found.setdefault(node.targets[0].id, []).append(node.value)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found.setdefault(node.target.id, []).append(node.value)
    return found | _imported(tree)


def _imported(tree: ast.Module) -> dict[str, list[ast.expr]]:
    """Give the constants that come from other modules of ours."""
    found: dict[str, list[ast.expr]] = {}
    for node in tree.body:
        if not isinstance(node, ast.ImportFrom) or node.module is None:
            continue
        path = ROOT.joinpath(*node.module.split(".")).with_suffix(".py")
        if not path.exists():
            continue
        there = parsed(path)
        wanted = {alias.name: alias.asname or alias.name for alias in node.names}
        for each in there.body:
            if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value is not None:
                name = wanted.get(each.target.id)
                found.update({name: [each.value]} if name else {})
    return found


def _follow(node: ast.expr, names: Mapping[str, list[ast.expr]], into: tuple[set[str], list[str]], depth: int) -> None:
    texts, unclear = into
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        texts.add(node.value)
    elif isinstance(node, ast.IfExp):
        _follow(node.body, names, into, depth)
        _follow(node.orelse, names, into, depth)
    elif isinstance(node, ast.Name) and node.id in names and depth < 4:
        for value in names[node.id]:
            _follow(value, names, into, depth + 1)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in COMPUTED:
        for argument in node.args[1:]:
            _follow(argument, names, into, depth)
    elif not (isinstance(node, ast.Attribute) and node.attr in PASSED_ON):
        unclear.append(ast.unparse(node))
