from __future__ import annotations

import re
import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from bot.settings import sections
from bot.settings.mistakes import Mistakes, SettingsError
from bot.settings.model import Settings
from bot.settings.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

CONFIG_PATH: Final = "SRBOT_CONFIG"
_WHERE: Final = re.compile(r"\(at [^()]*\)\Z")


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the configuration file; without a path, the one that SRBOT_CONFIG names.

    Raises SettingsError with all mistakes at once. Opens no password. Relative paths in the file start at its folder.
    """
    if path is None and not environ.get(CONFIG_PATH):
        raise SettingsError((f"{CONFIG_PATH}: is not set, and no configuration file was named",))
    return _load(path or Path(environ[CONFIG_PATH]))


def _load(path: Path) -> Settings:
    mistakes = Mistakes()
    data = _parsed(_text(path), path)
    settings = _settings(Table("", data, mistakes), path.parent.absolute())
    if mistakes.found or settings is None:
        raise SettingsError(tuple(mistakes.found))
    return settings


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        sentence = f"{path}: can't be read: {error.strerror}"
    except ValueError:
        sentence = f"{path}: is not UTF-8 text"
    raise SettingsError((sentence,))


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        # The rest of its message can repeat a part of the file.
        where = _WHERE.search(str(error))
    raise SettingsError((f"{path}: is not TOML {where[0] if where else ''}".rstrip(),))


def _settings(root: Table, folder: Path) -> Settings | None:
    slack = sections.slack(root.table("slack", required=True))
    pool_tables = root.table("pools", required=True)
    pools = _each(pool_tables, lambda name, table: sections.pool(name, table, folder))
    names = frozenset(pool_tables.data)
    channels = _each(root.table("channels", required=True), lambda n, t: sections.channel(n, t, names))
    targets = sections.targets(root.table("targets"))
    credentials = _each(root.table("credentials"), lambda n, t: sections.credential(n, t, folder))
    times = sections.times(root.table("times"))
    local_paths = sections.local_paths(root.table("local"))
    policy_file = sections.policy_file(root.table("policy"), folder)
    codes_folder = sections.own_folder(root.table("codes"), folder)
    audit_folder = sections.own_folder(root.table("audit"), folder)
    accounts = sections.accounts(root.table("accounts"))
    root.close()
    if slack is None:
        return None
    return Settings(
        slack,
        pools,
        channels,
        targets,
        credentials,
        times,
        local_paths,
        policy_file=policy_file,
        codes_folder=codes_folder,
        audit_folder=audit_folder,
        accounts=accounts,
    )


def _each(tables: Table, read: Callable[[str, Table], T | None]) -> Mapping[str, T]:
    """Read the tables under a heading; those that are wrong are left out, their mistakes noted."""
    results = ((name, read(name, table)) for name, table in tables.named())
    return MappingProxyType({name: result for name, result in results if result is not None})
