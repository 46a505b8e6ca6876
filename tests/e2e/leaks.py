"""The search for passwords: every key and value of a server, and every form in which a password may stand in bytes."""

from __future__ import annotations

import base64
import contextlib
import re
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, quote_plus

from redis import Redis

ZLIB: Final = b"x\x9c"
BASE64_OF_ZLIB: Final = re.compile(rb"eJ[A-Za-z0-9+/]{6,}={0,2}")
"""RQ compresses a job's data, and puts a compressed traceback in base64 (rq: job.py, results.py)."""


def dumped(redis: Redis) -> dict[str, bytes]:
    """Give every key with everything in it."""
    return {repr(key): key + b" " + repr(_whole(redis, key)).encode() + _raw(redis, key) for key in redis.scan_iter()}


def _whole(redis: Redis, key: bytes) -> Any:  # noqa: ANN401 - whatever stands there
    read: Any = {
        b"string": lambda: redis.get(key),
        b"hash": lambda: redis.hgetall(key),
        b"list": lambda: redis.lrange(key, 0, -1),
        b"set": lambda: redis.smembers(key),
        b"zset": lambda: redis.zrange(key, 0, -1, withscores=True),
        b"stream": lambda: redis.xrange(key),
        b"none": lambda: None,
    }
    return read[redis.type(key)]()


def _raw(redis: Redis, key: bytes) -> bytes:
    """The values of strings and hashes as they are, for what is compressed in them."""
    values: list[Any] = []
    if redis.type(key) == b"hash":
        values = list(redis.hgetall(key).values())
    elif redis.type(key) == b"string":
        values = [redis.get(key)]
    return b" ".join(bytes(value) for value in values if value)


def found_in(places: Mapping[str, bytes], passwords: Collection[str]) -> list[str]:
    """Name the places in which a password stands, in clear, encoded or compressed."""
    wanted = [form for password in passwords for form in _forms(password)]
    return [name for name, blob in places.items() if any(form in text for text in readable(blob) for form in wanted)]


def readable(blob: bytes) -> Iterator[bytes]:
    """Give the bytes, and what is compressed in them."""
    yield blob
    yield from _inflated(blob)
    for match in BASE64_OF_ZLIB.finditer(blob):
        text = match[0]
        yield from _inflated(base64.b64decode(text[: len(text) // 4 * 4]))


def _inflated(blob: bytes) -> Iterator[bytes]:
    at = blob.find(ZLIB)
    while at >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj().decompress(blob[at:])
        at = blob.find(ZLIB, at + 1)


def _forms(password: str) -> set[bytes]:
    raw = password.encode()
    plain = {password, quote(password, safe=""), quote(password), quote_plus(password), raw.hex(), raw.hex().upper()}
    encoders = (base64.b64encode, base64.urlsafe_b64encode)
    coded = {_middle(encode, raw, shift) for encode in encoders for shift in range(3)}
    return {text.encode() for text in plain} | coded


def _middle(encode: Callable[[bytes], bytes], raw: bytes, shift: int) -> bytes:
    """What base64 makes of the bytes wherever they begin: without the digits that its neighbours have a part in."""
    whole = encode(bytes(shift) + raw)
    first = -(-shift * 8 // 6)
    return whole[first : (shift + len(raw)) * 8 // 6]
