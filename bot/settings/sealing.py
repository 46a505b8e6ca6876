from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.settings.sealed import Secret

if TYPE_CHECKING:
    from pathlib import Path

# A longer file is no password: somebody named the wrong one.
MAX_SECRET_BYTES: Final = 4096


class SecretError(Exception):
    """A secret can't be had; the message names the place, never the value."""


def read_secret_file(path: Path) -> Secret:
    """Read a secret from a file; the line end that editors leave is dropped."""
    place = f"the file {path}"
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SECRET_BYTES + 1)
    except OSError as error:
        message = f"{place} can't be read: {error.strerror}"
        raise SecretError(message) from None
    except ValueError:
        # A path with a NUL in it.
        message = f"{path!r} is no path"
        raise SecretError(message) from None
    if len(data) > MAX_SECRET_BYTES:
        message = f"{place} has more than {MAX_SECRET_BYTES} bytes"
        raise SecretError(message)
    return sealed(data.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r"), place)


def sealed(value: str, place: str) -> Secret:
    """Refuse what can't be a password; the decoder's own error would hold the bytes, so it is not used."""
    if not value:
        message = f"{place} is empty"
        raise SecretError(message)
    if "\ufffd" in value or any(ord(character) < ord(" ") for character in value):
        message = f"{place} must hold one line of UTF-8 text"
        raise SecretError(message)
    return Secret(value)
