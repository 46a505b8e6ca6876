from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings.model import Pool, Refusal

if TYPE_CHECKING:
    from bot.settings.model import Settings


def pool_for(settings: Settings, channel: str, wanted: str | None) -> Pool | Refusal:
    """Find the pool that is meant in a channel (by id): the wanted one if it belongs there, else the first."""
    listed = settings.channels.get(channel)
    if listed is None:
        return Refusal("channel_not_listed", "This channel is not set up for storage requests: ask the operator.")
    name = listed.pools[0] if wanted is None else wanted
    if name not in listed.pools:
        return Refusal("pool_not_in_channel", f"In this channel the pool is one of: {', '.join(listed.pools)}.")
    return settings.pools[name]
