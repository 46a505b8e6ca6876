"""The virtual disks of the pool xenct, and the VMs that use some of them."""

from __future__ import annotations

from deploy.sandbox.pool.scenario.shape import VbdSpec, VmSpec
from deploy.sandbox.pool.storage.vdis import StoredVdi

_GIB = 1024**3
_WEB = "1d7f3a52-8e04-4c1b-9a66-3b5c70d2e101"
_WEB_BEFORE = "2e804b63-9f15-4d2c-8b77-4c6d81e3f202"
_WEB_BASE = "3f915c74-a026-4e3d-9c88-5d7e92f40303"
_BATCH = "40a26d85-b137-4f4e-8d99-6e8fa3051404"
_SPARE = "51b37e96-c248-405f-9eaa-7f90b4162505"
_DESKTOP = "62c48fa7-d359-4160-8fbb-80a1c5273606"

GOLD = (
    StoredVdi(_WEB_BASE, "base copy", 10 * _GIB, 6 * _GIB, managed=False),
    StoredVdi(_WEB, "web-1 system", 10 * _GIB, 4 * _GIB, "Disk of web-1"),
    StoredVdi(_WEB_BEFORE, "web-1 system", 10 * _GIB, description="Before the upgrade", snapshot_of=_WEB),
    StoredVdi(_BATCH, "batch-1 system", 8 * _GIB, 8 * _GIB),
    StoredVdi(_SPARE, "spare", 2 * _GIB, 2 * _GIB),
)
"""One is open in a VM that runs, one belongs to a VM that is halted."""
SILVER = (
    StoredVdi("73d590b8-e46a-4271-90cc-91b2d6384707", "archive-2023", 20 * _GIB, 20 * _GIB),
    StoredVdi("84e6a1c9-f57b-4382-81dd-a2c3e7495808", "archive-2024", 15 * _GIB, 15 * _GIB),
)
"""No VM has any of them."""
DESKTOPS = (
    StoredVdi(_DESKTOP, "desktop-1 system", 25 * _GIB, 25 * _GIB),
    StoredVdi("95f7b2da-068c-4493-92ee-b3d4f85a6909", "desktop template", 25 * _GIB, 25 * _GIB),
)
PROJECTS = (
    StoredVdi("a608c3eb-179d-45a4-83ff-c4e5096b7a0a", "projects-2023", 60 * _GIB, 60 * _GIB),
    StoredVdi("b719d4fc-28ae-46b5-94a0-d5f61a7c8b0b", "projects-2024", 80 * _GIB, 80 * _GIB),
)
"""On the LUN of an SR that the pool doesn't know."""


def vms(running_on: str) -> tuple[VmSpec, ...]:
    system = VbdSpec(_WEB, attached=True)
    return (
        VmSpec("web-1", (system, VbdSpec(type="CD")), host=running_on),
        VmSpec("batch-1", (VbdSpec(_BATCH),)),
        VmSpec("desktop-1", (VbdSpec(_DESKTOP),)),
    )
