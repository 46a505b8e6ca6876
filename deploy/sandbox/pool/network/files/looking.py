"""nfs, smb and iso against real servers: what is exported, which SRs lie in a folder, which images in a library.

The same documents and errors as those of the simulated servers. Only version 3 of NFS can be listed: that a server
without it answers 73 then is a guess. Source: sm: NFSSR.py, nfs.py, SMBSR.py, ISOSR.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.pool.network.dialling import Endpoint, addresses_of, dial, in_time
from deploy.sandbox.pool.network.files import mounting, nfs3, smb
from deploy.sandbox.pool.network.files.entries import Entry, srs_among
from deploy.sandbox.pool.network.files.smb import Place
from deploy.sandbox.pool.network.troubles import NetworkError, UnreachableError
from deploy.sandbox.pool.storage import documents, errors
from deploy.sandbox.pool.storage.documents import ExportRow, Layout
from deploy.sandbox.pool.storage.errors import StorageError
from deploy.sandbox.pool.storage.files import iso, nfs, shares
from deploy.sandbox.pool.storage.vdis import StoredVdi

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model
    from deploy.sandbox.pool.network.settings import Network

ONLY_NFS_3 = "this pool lists NFS 3 only"
_VERSIONS = (3, 4)
_PROBE_VERSION = "probeversion"


async def probe_nfs(network: Network, model: Model, config: dict[str, str]) -> str:
    """The SRs on the path; without one 101 with the server's exports."""
    if "server" not in config:
        raise StorageError(errors.SERVER_MISSING)
    asked = nfs.version_of(config)
    address = await _serving(network, config["server"])
    layout = Layout(model.flavour.padded_xml)
    if "serverpath" not in config:
        raise StorageError(
            errors.SERVER_PATH_MISSING, printed=await _exports(network, layout, config["server"], address)
        )
    spoken = await _spoken(network, address)
    probing = _PROBE_VERSION in config
    if not probing and asked[:1] not in spoken:
        raise StorageError(errors.NFS_VERSION, f"Unsupported NFS version: {asked}")
    try:
        entries = await _in_export(network, address, config["serverpath"], spoken)
    except NetworkError as error:
        raise StorageError(errors.NFS_MOUNT, str(error)) from error
    return documents.srs_in_folders(layout, srs_among(entries), spoken if probing else None)


async def probe_smb(network: Network, model: Model, config: dict[str, str]) -> str:
    """The SRs in the share."""
    if "server" not in config:
        raise StorageError(errors.SERVER_MISSING)
    login = shares.login_in(model, config, "password")
    try:
        entries = await _in_share(network, config["server"], login, "")
    except NetworkError as error:
        raise StorageError(errors.SMB_MOUNT, str(error)) from error
    return documents.srs_in_folders(Layout(model.flavour.padded_xml), srs_among(entries))


async def images(network: Network, model: Model, config: dict[str, str]) -> tuple[StoredVdi, ...]:
    """The disk images in a library with their true sizes; 40 where it can't be read. Folders of a host have none."""
    if "legacy_mode" in config:
        return ()
    try:
        entries = await _in_library(network, model, config)
    except NetworkError as error:
        raise StorageError(errors.SCAN, str(error)) from error
    files = (one for one in entries if not one.folder and iso.is_image(one.name))
    return tuple(StoredVdi("", one.name, one.size, one.size, read_only=True) for one in files)


async def _in_library(network: Network, model: Model, config: dict[str, str]) -> list[Entry]:
    location, within = config.get("location", ""), config.get("iso_path", "").strip("/")
    if iso.protocol(config) == iso.CIFS:
        login = shares.login_in(model, iso.credentials(config), "cifspassword")
        return await _in_share(network, location, login, within.replace("/", "\\"))
    server, _, path = location.partition(":")
    address = await _serving(network, server)
    return await _in_export(network, address, f"{path}/{within}" if within else path, await _spoken(network, address))


async def _in_share(network: Network, location: str, login: shares.Login, folder: str) -> list[Entry]:
    server, share = shares.server_of(location), shares.share_in(location)
    address = await _resolved(network, server)
    if address is None or not share:
        message = "the location leads to no share"
        raise UnreachableError(message)
    return await smb.listed(Place(Endpoint(address, network.smb_port), share, folder), login, network.times)


async def _in_export(network: Network, address: str, path: str, spoken: tuple[str, ...]) -> list[Entry]:
    if "3" not in spoken:
        raise NetworkError(ONLY_NFS_3)
    async with in_time(network.times.files, f"listing {path}"), mounting.mounted(network, address, path) as handle:
        return await nfs3.listed(Endpoint(address, network.nfs_port), handle, network.times.connect)


async def _exports(network: Network, layout: Layout, typed: str, address: str) -> str:
    """Nothing at all where the server doesn't tell."""
    try:
        async with in_time(network.times.files, "the list of exports"):
            found = await mounting.exports(network, address)
    except NetworkError:
        return ""
    return documents.exports(layout, [ExportRow(typed, one.path, one.access) for one in found])


async def _serving(network: Network, name: str) -> str:
    """The server's address, if something listens on NFS's port; 140 or 108."""
    address = await _resolved(network, name)
    if address is None:
        raise StorageError(errors.DNS)
    try:
        wire = await dial(Endpoint(address, network.nfs_port), network.times.connect)
    except UnreachableError:
        raise StorageError(errors.NFS_TARGET) from None
    await wire.close()
    return address


async def _resolved(network: Network, name: str) -> str | None:
    return (await addresses_of([name], network.times.connect)).get(name.lower())


async def _spoken(network: Network, address: str) -> tuple[str, ...]:
    """The versions of NFS that the server answers to."""
    at, times = Endpoint(address, network.nfs_port), network.times
    try:
        async with in_time(times.files, "asking for the versions of NFS"):
            return tuple([str(one) for one in _VERSIONS if await nfs3.speaks(at, one, times.connect)])
    except NetworkError:
        return ()
