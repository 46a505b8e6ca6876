"""iSCSI PDUs: a basic header segment of 48 bytes and the data behind it.

Source: RFC 7143, section 11. All numbers are big-endian; data is padded to whole words of four bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum

from deploy.sandbox.pool.network.troubles import ProtocolError

HEADER_LENGTH = 48
LONGEST_DATA = 65536
"""What is declared as MaxRecvDataSegmentLength, in bytes; more is refused."""
NO_TAG = 0xFFFFFFFF
FINAL = 0x80
CONTINUE = 0x40
_IMMEDIATE = 0x40
_OPCODE = 0x3F
_WORD = 4
_LUN = slice(8, 16)


class Opcode(IntEnum):
    """Source: RFC 7143, 11.2.1.2."""

    NOP_OUT = 0x00
    SCSI_COMMAND = 0x01
    LOGIN = 0x03
    TEXT = 0x04
    LOGOUT = 0x06
    NOP_IN = 0x20
    SCSI_RESPONSE = 0x21
    LOGIN_RESPONSE = 0x23
    TEXT_RESPONSE = 0x24
    DATA_IN = 0x25
    LOGOUT_RESPONSE = 0x26
    ASYNC_MESSAGE = 0x32
    REJECT = 0x3F


@dataclass(frozen=True, slots=True)
class Pdu:
    """One that came. The offsets are those that most responses share."""

    header: bytes
    data: bytes = b""

    @property
    def opcode(self) -> int:
        return self.header[0] & _OPCODE

    @property
    def flags(self) -> int:
        return self.header[1]

    @property
    def lun(self) -> bytes:
        return self.header[_LUN]

    def number(self, offset: int) -> int:
        """The 32 bits at an offset."""
        return int.from_bytes(self.header[offset : offset + 4], "big")

    @property
    def tag(self) -> int:
        """The initiator task tag."""
        return self.number(16)

    @property
    def target_tag(self) -> int:
        return self.number(20)

    @property
    def stat_sn(self) -> int:
        return self.number(24)

    @property
    def max_cmd_sn(self) -> int:
        return self.number(32)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What orders requests in a session."""

    command: int
    """The number of the next command."""
    status: int
    """The number of the next status, as it is expected."""
    window: int
    """The highest number that a command may have: a target tells it with each answer."""


def lengths(header: bytes) -> tuple[int, int]:
    """Bytes of additional headers, and of data without its padding; ProtocolError for more than was declared."""
    if len(header) != HEADER_LENGTH:
        message = f"an iSCSI header has {HEADER_LENGTH} bytes"
        raise ProtocolError(message)
    data = int.from_bytes(header[5:8], "big")
    if data > LONGEST_DATA:
        message = f"the target sent more than {LONGEST_DATA} bytes at once"
        raise ProtocolError(message)
    return header[4] * _WORD, data


def padded(length: int) -> int:
    return -(-length // _WORD) * _WORD


def login(flags: int, session: tuple[bytes, int], tag: int, numbers: Numbers, data: bytes) -> bytes:
    """A login request; `session` is ISID and TSIH. Source: RFC 7143, 11.12."""
    isid, tsih = session
    fields = struct.pack(">6sHIHHII", isid, tsih, tag, 0, 0, numbers.command, numbers.status)
    return _framed(_IMMEDIATE | Opcode.LOGIN, bytes((flags, 0, 0)), fields, data)


def text(tag: int, target_tag: int, numbers: Numbers, data: bytes) -> bytes:
    """A text request, complete in itself. Source: RFC 7143, 11.10."""
    fields = struct.pack(">8sIIII", b"", tag, target_tag, numbers.command, numbers.status)
    return _framed(Opcode.TEXT, bytes((FINAL, 0, 0)), fields, data)


def scsi_command(lun: bytes, tag: int, numbers: Numbers, cdb: bytes, wanted: int) -> bytes:
    """A command that at most reads `wanted` bytes: there is no way to set the write flag. Source: RFC 7143, 11.3."""
    read, simple = 0x40, 0x01
    flags = FINAL | simple | (read if wanted else 0)
    fields = struct.pack(">8sIIII16s", lun, tag, wanted, numbers.command, numbers.status, cdb)
    return _framed(Opcode.SCSI_COMMAND, bytes((flags, 0, 0)), fields, b"")


def nop_out(asked: Pdu, numbers: Numbers) -> bytes:
    """The answer to a target's NOP-In. Source: RFC 7143, 11.18."""
    fields = struct.pack(">8sIIII", asked.lun, NO_TAG, asked.target_tag, numbers.command, numbers.status)
    return _framed(_IMMEDIATE | Opcode.NOP_OUT, bytes((FINAL, 0, 0)), fields, b"")


def logout(tag: int, numbers: Numbers) -> bytes:
    """Close the session (reason 0). Source: RFC 7143, 11.14."""
    fields = struct.pack(">8sIIII", b"", tag, 0, numbers.command, numbers.status)
    return _framed(_IMMEDIATE | Opcode.LOGOUT, bytes((FINAL, 0, 0)), fields, b"")


def _framed(first: int, specific: bytes, fields: bytes, data: bytes) -> bytes:
    head = bytes((first,)) + specific + bytes(1) + len(data).to_bytes(3, "big") + fields
    return head.ljust(HEADER_LENGTH, b"\0") + data.ljust(padded(len(data)), b"\0")
