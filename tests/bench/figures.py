"""What the bench prints: each figure as a ratio to its baseline of the same run."""

from __future__ import annotations

from dataclasses import dataclass

from tests.bench.load import Timing


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was measured, beside its baseline."""

    what: str
    baseline: Timing
    ours: Timing

    def line(self) -> str:
        """A row of the table: ratios first, milliseconds of this machine behind them."""
        return (
            f"| {self.what} | {self.ours.p50 / self.baseline.p50:.1f} | {self.ours.p99 / self.baseline.p99:.1f} "
            f"| {_ms(self.ours.p50)} / {_ms(self.baseline.p50)} | {_ms(self.ours.p99)} / {_ms(self.baseline.p99)} |"
        )


HEAD = (
    "| what | p50, ratio | p99, ratio | p50, ms (ours / baseline) | p99, ms (ours / baseline) |\n|---|---|---|---|---|"
)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
