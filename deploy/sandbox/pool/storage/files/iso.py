"""iso: a library of images on an NFS export, on an SMB share or in a folder of the host.

It can't be probed; creating one mounts it on the master, and writes nothing. Source: sm: ISOSR.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deploy.sandbox.pool.storage import errors
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import folders, nfs, shares
from deploy.sandbox.pool.storage.files.folders import NOT_MOUNTED
from deploy.sandbox.pool.storage.files.shares import NEWEST, OLDEST, MountError
from deploy.sandbox.pool.storage.names import address_of, caller
from deploy.sandbox.pool.storage.srs import Created
from deploy.sandbox.pool.storage.vdis import StoredVdi

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.storage.files.folders import Mounted
    from deploy.sandbox.pool.storage.files.servers import Folder
    from deploy.sandbox.pool.storage.srs import NewSr

NFS, CIFS = "nfs_iso", "cifs"
_VERS = "vers"
_EXTENSIONS = (".iso", ".img")
IMAGE_SIZE = 658505728
"""In bytes; all images of the simulated servers are as large."""
# What the scripts that mount a library without a type put before mount's options.
_OPTIONS = "-o"


@dataclass(frozen=True, slots=True)
class _Dialect:
    version: str
    specified: bool
    """Whether the config says it, so that no other is tried."""


async def create(model: Model, host: str, config: dict[str, str], sr: NewSr) -> Created:
    made = await attach(model, host, config, sr)
    return replace(made, sm_config={"iso_type": config["type"]} if "type" in config else {})


async def attach(model: Model, host: str, config: dict[str, str], _: NewSr) -> Created:
    _check_location(model, config)
    nfs.version_of(config)
    if "legacy_mode" in config:
        return _in_folder_of_the_host(model, config)
    if protocol(config) == NFS:
        made = await _over_nfs(model, host, config)
    else:
        made = await _over_smb(model, host, config)
    return made


def images(model: Model, host: str, config: dict[str, str]) -> tuple[StoredVdi, ...]:
    """The files in the library that are disk images; 40 where it can't be read any more."""
    if "legacy_mode" in config:
        names: tuple[str, ...] = model.iso_folders.get(_local(config), ())
    else:
        names = _files(model, host, config)
    images = (name for name in names if is_image(name))
    return tuple(StoredVdi("", name, IMAGE_SIZE, IMAGE_SIZE, read_only=True) for name in images)


def _local(config: dict[str, str]) -> str:
    return config.get("location", "").rstrip("/")


def _files(model: Model, host: str, config: dict[str, str]) -> tuple[str, ...]:
    folder = _folder(model, host, config)
    if folder is None:
        raise StorageError(errors.SCAN)
    return folder.files


def _folder(model: Model, host: str, config: dict[str, str]) -> Folder | None:
    """What the location leads to, as long as the server can be reached."""
    location, who = config.get("location", ""), caller(model, host)
    if protocol(config) == NFS:
        name, path = location.split(":")[:2]
        server = nfs.server_at(model, name)
        export = server.export_at(path) if server and server.reached_by(who) else None
        return export.folder if export else None
    smb = shares.smb_server_at(model, location)
    share = shares.share_at(model, location) if smb and smb.reached_by(who) else None
    return share.folder if share else None


async def destroy(model: Model, host: str, config: dict[str, str], sr: NewSr) -> None:
    """The images stay."""


def is_there(model: Model, host: str, config: dict[str, str]) -> bool:  # noqa: ARG001 - as every driver takes them
    location = config.get("location", "")
    if "legacy_mode" in config:
        return _local(config) in model.iso_folders
    if protocol(config) == CIFS:
        return shares.share_at(model, location) is not None
    name, _, path = location.partition(":")
    server = nfs.server_at(model, name)
    return server is not None and server.export_at(path) is not None


def _check_location(model: Model, config: dict[str, str]) -> None:
    """94; where a type is given also 225 for a location of another form, 140 for a server that doesn't resolve."""
    if "location" not in config:
        raise StorageError(errors.LOCATION_MISSING)
    if "legacy_mode" in config or "type" not in config:
        return
    server = _server_in(config["location"], config["type"])
    if not server:
        raise StorageError(errors.ISO_LOCATION)
    if address_of(model, server) is None:
        raise StorageError(errors.DNS)


def _server_in(location: str, protocol: str) -> str:
    if protocol == CIFS:
        return shares.server_of(location) if location.startswith(("//", "\\")) else ""
    return location.split(":", maxsplit=1)[0] if ":" in location else ""


def protocol(config: dict[str, str]) -> str:
    return config.get("type") or (NFS if ":/" in config.get("location", "") else CIFS)


def is_image(name: str) -> bool:
    return name.lower().endswith(_EXTENSIONS)


def _in_folder_of_the_host(model: Model, config: dict[str, str]) -> Created:
    if _local(config) not in model.iso_folders:
        raise StorageError(errors.ISO_LOCAL_PATH)
    return Created(0, 0, config)


async def _over_nfs(model: Model, host: str, config: dict[str, str]) -> Created:
    """A location is cut at every colon, so that nothing behind a second one counts."""
    name, path = config["location"].split(":")[:2]
    server = await nfs.serving(model, host, name)
    nfs.check_version(server, nfs.version_of(config))
    mounted = nfs.mounted_at(model, host, server, path)
    if mounted is None:
        raise StorageError(errors.ISO_MOUNT, NOT_MOUNTED)
    return _described(mounted, config)


async def _over_smb(model: Model, host: str, config: dict[str, str]) -> Created:
    """The dialect that worked is put into the config, unless it says one."""
    dialect = _dialect(config)
    login = shares.login_in(model, credentials(config), "cifspassword")
    await model.delays.spend(model.delays.mount)
    tried = (dialect.version,) if dialect.specified else (NEWEST, OLDEST)
    for version in tried:
        try:
            mounted = shares.mount(model, host, config["location"], login, version)
        except MountError:
            continue
        return _described(mounted, config if dialect.specified else {**config, _VERS: version})
    raise _no_share(model)


def _dialect(config: dict[str, str]) -> _Dialect:
    """228 where options without a type don't begin with -o, 227 for a dialect that there isn't."""
    version = (config if "type" in config else _in_options(config)).get(_VERS)
    if version not in {None, NEWEST, OLDEST}:
        raise StorageError(errors.ISO_SMB_VERSION)
    return _Dialect(version or NEWEST, specified=version is not None)


def credentials(config: dict[str, str]) -> dict[str, str]:
    """Without a type they stand among mount's options."""
    if "type" in config:
        return config
    given = _in_options(config)
    user = given.get("username", "")
    domain = f"{given['domain']}\\" if "domain" in given else ""
    return {"username": domain + user if user else "", "cifspassword": given.get("password", "")}


def _in_options(config: dict[str, str]) -> dict[str, str]:
    words = config.get("options", "").split()
    if not words or words[0] != _OPTIONS:
        raise StorageError(errors.ISO_MOUNT_OPTIONS)
    given = (option.partition("=") for option in "".join(words[1:2]).split(","))
    return {name: value for name, _, value in given}


def _no_share(model: Model) -> StorageError:
    """Old releases let the exception through, and it says nothing."""
    if model.flavour.smb_iso_failure == errors.GENERIC:
        return StorageError(errors.GENERIC, message="")
    return StorageError(errors.ISO_MOUNT, NOT_MOUNTED)


def _described(mounted: Mounted, config: dict[str, str]) -> Created:
    if mounted.folder.unmounts:
        raise StorageError(errors.ISO_SHARE_NAME)
    return folders.described(mounted, config)
