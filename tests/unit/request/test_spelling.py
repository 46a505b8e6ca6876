from __future__ import annotations

import pytest

from bot.request.spelling import one_spelling


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("location", "nas.example:/export/iso", "NAS.example:/export/./iso/"),
        ("location", "nas.example:/", "nas.example:/."),
        ("location", "[fd00::5]:/iso", "[FD00::5]://iso"),
        ("location", "//files.example/iso", "\\\\files.example\\ISO"),
        ("location", "//files.example/iso", "//files.example//ISO/."),
        ("location", "/srv/isos", "/srv/./isos//"),
        ("location", "/", "/./"),
        ("server", "\\\\files\\vms", "//FILES/vms/"),
        ("server", "nas.example", "NAS.example"),
        ("server", "gluster1:/gv0", "gluster1:/gv0/"),
        ("serverpath", "/export/x", "/export//./x"),
    ],
)
def test_a_place_is_the_same_by_whatever_spelling(key: str, one: str, other: str) -> None:
    assert one_spelling(key, one) == one_spelling(key, other)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        ("location", "nas:/export/iso", "nas:/export/ISO"),
        ("location", "/srv/isos", "/srv/ISOs"),
        ("location", "/srv/isos", "/srv/.isos"),
        ("location", "/srv/isos", "/srv/isos/../isos"),
        ("location", "/srv/a\\b", "/srv/a/b"),
        ("location", "nas:/iso", "/iso"),
        ("group-name", "VG", "vg"),
    ],
)
def test_places_that_may_be_two_are_kept_apart(key: str, one: str, other: str) -> None:
    assert one_spelling(key, one) != one_spelling(key, other)
