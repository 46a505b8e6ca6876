from __future__ import annotations

from pathlib import Path

import pytest

from tests.sizes import FUTURE, look, main

LONG = "\n".join(["def long() -> None:", *["    pass"] * 60])


@pytest.mark.parametrize(
    ("name", "text", "finding"),
    [
        ("bot/a.py", f"{FUTURE}\n" * 401, "401 lines, 400 at most"),
        ("deploy/sandbox/page/a.js", "\n" * 401, "401 lines, 400 at most"),
        ("bot/a.py", f"{FUTURE}\n{LONG}\n", "bot/a.py:2: long has 61 lines, 60 at most"),
        ("bot/utils.py", "", "`utils` doesn't say"),
        ("bot/common/a.py", "", "`common` doesn't say"),
        ("bot/a.py", "x = 1\n", f"lacks `{FUTURE}`"),
    ],
)
def test_what_is_wrong_with_a_file_is_named(tmp_path: Path, name: str, text: str, finding: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (found,) = look(tmp_path, Path(name))
    assert finding in found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bot/__init__.py", b""),
        ("bot/a.py", f"{FUTURE}\n{LONG.removesuffix('    pass')}".encode()),
        ("picture.png", b"\x89PNG\xff"),
        ("deploy/a.css", b"\n" * 401),
        ("README.md", b"not code\n" * 401),
    ],
)
def test_a_file_in_order_has_no_findings(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert list(look(tmp_path, Path(name))) == []


def test_findings_make_it_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "misc.py").write_text("")
    monkeypatch.setattr("tests.sizes.ROOT", tmp_path)
    monkeypatch.setattr("tests.sizes._files", lambda: [Path("misc.py")])
    assert main() == 1
    assert capsys.readouterr().out == "misc.py: `misc` doesn't say what it is about\n"
