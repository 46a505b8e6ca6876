"""The local paths that SRs may be on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import path_allowed
from bot.settings.values import local_path
from tests.unit.settings.test_file import GOOD, loaded, mistakes

PATHS = ("/dev/disk/by-id", "/srv/isos")


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [
        ("/srv/isos", True),
        ("/srv/isos/", True),
        ("/srv/isos/linux", True),
        ("/dev/disk/by-id/a,/dev/disk/by-id/b", True),
        ("/dev/disk/by-id/a,/dev/sdb", False),
        ("/srv/isosandmore", False),
        ("/srv", False),
        ("/", False),
        ("", False),
        ("srv/isos", False),
        ("/srv/isos/../../etc", False),
        ("/srv/isos/./a", False),
        ("/srv//isos", False),
        ("//srv/isos", False),
        (",", False),
    ],
)
def test_a_path_is_allowed_in_a_folder_of_the_list(path: str, *, is_allowed: bool) -> None:
    assert path_allowed(PATHS, path) is is_allowed


def test_nothing_is_allowed_by_an_empty_list() -> None:
    assert not path_allowed((), "/srv/isos")


@pytest.mark.parametrize(
    ("text", "path"),
    [("/srv/isos/", "/srv/isos"), ("/", None), ("srv", None), ("/a/../b", None), ("/a//b", None), ("", None)],
)
def test_the_file_names_whole_paths(text: str, path: str | None) -> None:
    assert local_path(text) == path


def test_the_file_is_read_with_its_mistakes(tmp_path: Path) -> None:
    assert loaded(tmp_path, GOOD).local_paths == ()
    assert loaded(tmp_path, f'{GOOD}[local]\npaths = ["/srv/isos/", "/tank"]\n').local_paths == ("/srv/isos", "/tank")
    wrong = mistakes(tmp_path, f'{GOOD}[local]\npaths = ["/", "/a/../b"]\nprefixes = []\n')
    assert [mistake.partition(":")[0] for mistake in wrong] == ["local.paths[0]", "local.paths[1]", "local.prefixes"]
