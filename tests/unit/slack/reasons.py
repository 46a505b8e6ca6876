"""The reason codes that the sources give, read from the sources themselves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]


class Unread(NamedTuple):
    """An expression whose values can't be read off the source."""

    path: str
    expression: str


Reason = str | Unread


@dataclass(frozen=True, slots=True)
class Source:
    """A module: `constants` are what its names stand for, `imported` the module and name that one comes from."""

    path: str
    tree: ast.Module
    constants: dict[str, ast.expr]
    imported: dict[str, tuple[str, str]]
    functions: dict[str, ast.FunctionDef]


@cache
def source(path: str) -> Source:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return Source(path, tree, dict(_assigned(tree.body)), imported, functions)


def sources(folder: str) -> Iterator[Source]:
    yield from (source(str(path.relative_to(ROOT))) for path in sorted((ROOT / folder).rglob("*.py")))


def _assigned(nodes: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        value = getattr(node, "value", None)
        if isinstance(node, ast.Assign | ast.AnnAssign) and value is not None:
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))


FIRST = slice(0, 1)


def given(read: Source, calls: frozenset[str], within: str = "", at: slice = FIRST) -> Iterator[Reason]:
    """The reasons in the arguments at those places, or named `reason` or `reason_code`, of each call of these names."""
    for function, call in _calls(read, within):
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        named = [word.value for word in call.keywords if word.arg in {"reason", "reason_code"}]
        places = [] if name == "replace" else call.args[at]
        for value in [*named, *places] if name in calls else []:
            yield from _values(read, function, value)


def _calls(read: Source, within: str) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Each call with the innermost function around it."""
    around: dict[ast.Call, ast.AST] = {}
    for function in (read.tree, *(node for node in ast.walk(read.tree) if isinstance(node, ast.FunctionDef))):
        around |= {node: function for node in ast.walk(function) if isinstance(node, ast.Call)}
    yield from (
        (function, call) for call, function in around.items() if within in {"", getattr(function, "name", "module")}
    )


def returned(read: Source, function: str) -> Iterator[Reason]:
    """The reasons that a function returns, or lets a lambda return."""
    found = read.functions[function]
    for node in ast.walk(found):
        value = node.body if isinstance(node, ast.Lambda) else getattr(node, "value", None)
        if isinstance(node, ast.Return | ast.Lambda) and isinstance(value, ast.expr):
            yield from _values(read, found, value)


def _values(read: Source, function: ast.AST, value: ast.expr) -> Iterator[Reason]:
    """What an expression can stand for, as far as names, choices and functions of the same module lead."""
    if isinstance(value, ast.Constant):
        yield from [value.value] if isinstance(value.value, str) else []
    elif isinstance(value, ast.Lambda):
        return
    elif isinstance(value, ast.IfExp | ast.BoolOp):
        for choice in [value.body, value.orelse] if isinstance(value, ast.IfExp) else value.values:
            yield from _values(read, function, choice)
    elif isinstance(value, ast.Name):
        yield from _named(read, function, value)
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in read.functions:
        yield from returned(read, value.func.id)
    else:
        yield Unread(read.path, ast.unparse(value))


def _named(read: Source, function: ast.AST, name: ast.Name) -> Iterator[Reason]:
    inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
    local = [value for known, value in _assigned(inside) if known == name.id and function is not read.tree]
    if local:
        for value in local:
            yield from _values(read, function, value)
    elif name.id in read.constants:
        yield from _values(read, read.tree, read.constants[name.id])
    elif name.id in read.imported:
        module, known = read.imported[name.id]
        other = source(f"{module.replace('.', '/')}.py")
        yield from _named(other, other.tree, ast.Name(known))
    else:
        yield Unread(read.path, name.id)
