"""`/sr add hba`, `/sr attach hba`: the LUNs of Fibre Channel and SAS adapters have no address to be typed."""

from __future__ import annotations

from typing import Final

from bot.request.grammar.commands import MAX_NAME, MAX_POOL, MAX_REASON, AddHba
from bot.request.grammar.options import Options, misplaced, option_slip, values
from bot.request.grammar.slip import Slip, quoted
from bot.request.grammar.words import Word

OPTIONS: Final = Options(
    limits={"pool": MAX_POOL, "name": MAX_NAME, "reason": MAX_REASON},
    aliases={"name-label": "name", "name_label": "name"},
    free_text=frozenset({"name", "reason"}),
)


def read(words: tuple[Word, ...]) -> AddHba | Slip:
    """Read what stands behind `add hba`."""
    slip = option_slip(words, OPTIONS) or _bare_slip(words)
    if slip is not None:
        return slip
    given = values(words, OPTIONS)
    return AddHba(given.get("pool"), given.get("name"), given.get("reason"))


def read_attach(words: tuple[Word, ...]) -> AddHba | Slip:
    """Read what stands behind `attach hba`: the same."""
    command = read(words)
    return command if isinstance(command, Slip) else AddHba(command.pool, command.name, command.reason, attach=True)


def _bare_slip(words: tuple[Word, ...]) -> Slip | None:
    at = next((at for at, word in enumerate(words) if word.key is None), None)
    if at is None:
        return None
    slip = misplaced(words, [at], OPTIONS)
    if slip is not None:
        return slip
    sentence = f"{quoted(words[at].value)} belongs to nothing: the LUN is picked from those that are found."
    return Slip("word_unexpected", sentence, words[:at] + words[at + 1 :])
