"""`python tests/sizes.py`: files, functions and names stay small and say what they are."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
VAGUE = {"util", "utils", "helper", "helpers", "misc", "common", "manager", "core", "base"}
FUTURE = "from __future__ import annotations"


def main() -> int:
    findings = [finding for path in _files() for finding in look(ROOT, path)]
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return 1 if findings else 0


def look(root: Path, path: Path) -> Iterator[str]:
    """Give a line for each thing that is wrong with a file of the repository; path is relative to root."""
    try:
        text = (root / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:  # a picture
        return
    if path.suffix == ".py":
        yield from _vague_names(path)
        yield from _length(path, text)
        yield from _python(path, text)
    elif path.suffix in {".js", ".mjs"} and path.parts[0] == "deploy":
        yield from _length(path, text)


def _files() -> list[Path]:
    git = shutil.which("git") or "git"
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed
    paths = map(Path, filter(None, names.split("\0")))
    return sorted({path for path in paths if (ROOT / path).is_file()})


def _vague_names(path: Path) -> Iterator[str]:
    for name in (*path.parent.parts, path.stem):
        if name.strip("_").lower() in VAGUE:
            yield f"{path}: `{name}` doesn't say what it is about"


def _length(path: Path, text: str) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > LONGEST_FILE:
        yield f"{path}: {lines} lines, {LONGEST_FILE} at most"


def _python(path: Path, text: str) -> Iterator[str]:
    if text.strip() and FUTURE not in text.splitlines():
        yield f"{path}: lacks `{FUTURE}`"
    for node in ast.walk(ast.parse(text, str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines, {LONGEST_FUNCTION} at most"


if __name__ == "__main__":
    sys.exit(main())
