"""Logging in: security first, where CHAP is asked for, then what the session is to be like.

Source: RFC 7143, sections 6.3, 11.12 and 11.13.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from deploy.sandbox.pool.network.dialling import Endpoint
from deploy.sandbox.pool.network.iscsi import chap, negotiating, pdu, texts
from deploy.sandbox.pool.network.iscsi.addresses import endpoint_in
from deploy.sandbox.pool.network.iscsi.chap import Credentials
from deploy.sandbox.pool.network.iscsi.connection import Connection
from deploy.sandbox.pool.network.iscsi.pdu import Numbers, Opcode, Pdu
from deploy.sandbox.pool.network.troubles import DeniedError, NetworkError, ProtocolError

_SECURITY, _OPERATIONAL, _FULL_FEATURE = 0, 1, 3
_LONGEST_ANSWER = 65536
_MOST_ROUNDS = 32
_MOVED, _REFUSED = 1, 2
# ISIDs whose qualifier is random. Source: RFC 7143, 11.12.5, T=10b.
_RANDOM = 0x80
# Source: RFC 7143, 11.13.5.
_WORDS = {
    (2, 1): "the target did not accept the CHAP user or password",
    (2, 2): "the target does not let this initiator in",
    (2, 3): "the target is not there",
    (2, 4): "the target was removed",
    (3, 1): "the target is not available",
}


class MovedError(NetworkError):
    """The target is to be asked at another portal."""

    def __init__(self, to: Endpoint) -> None:
        super().__init__(f"the target has moved to {to}")
        self.to = to


@dataclass(frozen=True, slots=True)
class Purpose:
    """Who logs in, and to what; without a target the session is for discovery only."""

    initiator: str
    credentials: Credentials
    target: str = ""

    @property
    def names(self) -> dict[str, str]:
        kind = {"SessionType": "Normal", "TargetName": self.target} if self.target else {"SessionType": "Discovery"}
        return {"InitiatorName": self.initiator, **kind}


@dataclass(frozen=True, slots=True)
class Told:
    """What a target told in one round, however many PDUs it took."""

    last: Pdu
    keys: dict[str, str] = field(repr=False)

    def moves_on(self, stage: int) -> bool:
        return bool(self.last.flags & pdu.FINAL) and self.last.flags & 0x03 == stage


async def log_in(connection: Connection, purpose: Purpose) -> Numbers:
    """The numbers with which the session goes on; MovedError, DeniedError or ProtocolError."""
    exchange = _Exchange(connection)
    await _agree_on_security(exchange, purpose)
    await _agree_on_the_rest(exchange, discovery=not purpose.target)
    return exchange.numbers


class _Exchange:
    """Login requests and their answers on one connection; nothing else may come in between."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._isid = bytes((_RANDOM,)) + secrets.token_bytes(5)
        self._rounds = 0
        self.numbers = Numbers(1, 0, 0)

    async def tell(self, stage: int, following: int | None, pairs: Mapping[str, str]) -> Told:
        """Send the pairs, ask for the stage that follows if one is named, and hear the target out."""
        flags = (stage << 2) | (0 if following is None else pdu.FINAL | following)
        heard = await self._round(flags, texts.packed(pairs))
        data = heard.data
        while heard.flags & pdu.CONTINUE:
            heard = await self._round(stage << 2, b"")
            data += heard.data
            if len(data) > _LONGEST_ANSWER:
                message = "the target's login has no end"
                raise ProtocolError(message)
        return Told(heard, texts.by_key(texts.unpacked(data)))

    async def _round(self, flags: int, data: bytes) -> Pdu:
        self._rounds += 1
        if self._rounds > _MOST_ROUNDS:
            message = "the target's login has no end"
            raise ProtocolError(message)
        await self._connection.send(pdu.login(flags, (self._isid, 0), 1, self.numbers, data))
        heard = await self._connection.receive()
        _check(heard)
        self.numbers = Numbers(self.numbers.command, heard.stat_sn + 1 & 0xFFFFFFFF, heard.max_cmd_sn)
        return heard


def _check(heard: Pdu) -> None:
    """The status of a login response."""
    if heard.opcode != Opcode.LOGIN_RESPONSE or heard.tag != 1:
        message = "the target answered a login with something else"
        raise ProtocolError(message)
    kind, detail = heard.header[36], heard.header[37]
    if kind == _MOVED:
        raise MovedError(endpoint_in(dict(texts.unpacked(heard.data)).get("TargetAddress", "")).endpoint)
    if kind:
        words = _WORDS.get((kind, detail), f"the target refused the login with status {kind:02x}{detail:02x}")
        raise (DeniedError if kind == _REFUSED else ProtocolError)(words)


async def _agree_on_security(exchange: _Exchange, purpose: Purpose) -> None:
    if purpose.credentials.outgoing is None:
        told = await exchange.tell(_SECURITY, _OPERATIONAL, {**purpose.names, "AuthMethod": "None"})
        if told.keys.get("AuthMethod", "None") != "None":
            message = "the target asks for CHAP, and there is no user and password for it"
            raise DeniedError(message)
    else:
        told = await _authenticate(exchange, purpose, purpose.credentials.outgoing)
    while not told.moves_on(_OPERATIONAL):
        told = await exchange.tell(_SECURITY, _OPERATIONAL, {})


async def _authenticate(exchange: _Exchange, purpose: Purpose, own: tuple[str, str]) -> Told:
    """CHAP, or nothing where the target asks for nothing and need not prove itself, as in a mere discovery."""
    incoming = purpose.credentials.incoming
    methods = "CHAP" if incoming and purpose.target else "CHAP,None"
    told = await exchange.tell(_SECURITY, None, {**purpose.names, "AuthMethod": methods})
    chosen = told.keys.get("AuthMethod", "")
    if chosen not in methods.split(","):
        message = "the target does not take CHAP"
        raise DeniedError(message)
    if chosen == "None":
        return told
    return await _chap(exchange, own, incoming)


async def _chap(exchange: _Exchange, own: tuple[str, str], incoming: tuple[str, str] | None) -> Told:
    """One password for both ways would let a target prove itself with our own answers: it is refused."""
    user, password = own
    if incoming and incoming[1] == password:
        message = "the incoming CHAP password must be another than the outgoing one"
        raise DeniedError(message)
    asked = chap.challenge_in((await exchange.tell(_SECURITY, None, {"CHAP_A": chap.MD5})).keys)
    reply = chap.reply(user, chap.answer(asked, password))
    if incoming is None:
        return await exchange.tell(_SECURITY, _OPERATIONAL, reply)
    ours = chap.own_challenge()
    told = await exchange.tell(_SECURITY, _OPERATIONAL, {**reply, **chap.asking(ours)})
    chap.check_target(told.keys, ours, incoming)
    return told


async def _agree_on_the_rest(exchange: _Exchange, *, discovery: bool) -> None:
    offered = negotiating.offer(discovery=discovery)
    told = await exchange.tell(_OPERATIONAL, _FULL_FEATURE, offered)
    answers = negotiating.replies(told.keys, offered)
    while answers or not told.moves_on(_FULL_FEATURE):
        if told.moves_on(_FULL_FEATURE):
            message = "the target ended the login with a question"
            raise ProtocolError(message)
        told = await exchange.tell(_OPERATIONAL, _FULL_FEATURE, answers)
        answers = negotiating.replies(told.keys, {**offered, **answers})
