"""Whether a Redis or Valkey server can be trusted with the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from redis import Redis

NOT_APPEND_ONLY = (
    "Redis keeps no append-only file: whatever came after its last snapshot is lost when it stops. "
    "Set `appendonly yes`."
)
NOT_ALWAYS = (
    "Redis has appendfsync `{value}`: a power cut can lose the last seconds of what srbot has acknowledged. "
    "Set `appendfsync always`."
)
NOT_READABLE = "srbot may not ask Redis for appendfsync (CONFIG GET is denied): check that it is `always`."
EVICTING = (
    "Redis has maxmemory-policy `{value}`: when its memory is full it drops requests and records. "
    "Set `maxmemory-policy noeviction`."
)
NOT_ASKED = "srbot may not ask Redis for INFO: check there that appendonly is `yes` and maxmemory-policy `noeviction`."


def ledger_warnings(client: Redis) -> list[str]:
    """Give a sentence for the operator for each setting of the server that can lose acknowledged work."""
    try:
        persistence: dict[str, Any] = client.info("persistence")
        memory: dict[str, Any] = client.info("memory")
    except ResponseError:  # NoPermissionError is one; so is a command that a provider has renamed
        return [NOT_ASKED, *_about_fsync(client)]
    return [*_about_file(client, persistence), *_about_memory(memory)]


def _about_file(client: Redis, persistence: dict[str, Any]) -> list[str]:
    return _about_fsync(client) if persistence.get("aof_enabled") else [NOT_APPEND_ONLY]


def _about_fsync(client: Redis) -> list[str]:
    try:
        value = client.config_get("appendfsync").get("appendfsync", "unknown")
    except ResponseError:
        return [NOT_READABLE]
    return [] if value == "always" else [NOT_ALWAYS.format(value=value)]


def _about_memory(memory: dict[str, Any]) -> list[str]:
    value = memory.get("maxmemory_policy", "unknown")
    return [] if value == "noeviction" else [EVICTING.format(value=value)]
