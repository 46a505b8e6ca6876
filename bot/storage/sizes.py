from __future__ import annotations

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
_STEP = 1024


def human_size(size: int | None) -> str:
    """Bytes as people read them: "100.0 GiB".

    Units of 1024, the largest in which the rounded number is at least 1, one decimal, half rounded up; below 1 KiB
    whole bytes. None and negative numbers (xapi's -1) are "unknown size".
    """
    if size is None or size < 0:
        return "unknown size"
    if size < _STEP:
        return f"{size} B"
    power = next((n for n in range(1, len(_UNITS)) if _tenths(size, n) < _STEP * 10), len(_UNITS) - 1)
    tenths = _tenths(size, power)
    return f"{tenths // 10}.{tenths % 10} {_UNITS[power]}"


def _tenths(size: int, power: int) -> int:
    unit = 1 << (10 * power)
    return (size * 20 + unit) // (2 * unit)
