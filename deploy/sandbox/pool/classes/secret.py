"""Secrets, and what xapi does with passwords in a device_config.

Source: xapi: xapi_secret.ml (move_passwds_to_secrets, duplicate_passwds, clean_out_passwds).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deploy.sandbox.pool.classes.method import VOID, Call, Method, params
from deploy.sandbox.pool.wire import ApiFailureError, Wire

if TYPE_CHECKING:
    from deploy.sandbox.pool.model import Model

_PASSWORD = "password"  # noqa: S105 - the ending of keys, no password
_SECRET = "_secret"  # noqa: S105 - the ending of keys, no password


def methods() -> list[Method]:
    return [
        Method("secret.create", params("args:record"), _create, asynchronous=True),
        Method("secret.destroy", params("self:ref:secret"), _destroy, asynchronous=True),
    ]


def passwords_to_secrets(model: Model, config: dict[str, str]) -> dict[str, str]:
    """Each `*password` becomes a new secret, named by its uuid in `*password_secret`; old releases leave it."""
    if not model.flavour.passwords_become_secrets:
        return dict(config)
    kept = {key: value for key, value in config.items() if not key.endswith(_PASSWORD)}
    moved = {key: value for key, value in config.items() if key.endswith(_PASSWORD)}
    return {**kept, **{key + _SECRET: _new(model, value, {}) for key, value in moved.items()}}


def duplicated(model: Model, config: dict[str, str]) -> dict[str, str]:
    """The config with copies of the secrets that it names, for one PBD to own; their other_config is copied too."""
    return {key: _copy(model, value) if key.endswith(_SECRET) else value for key, value in config.items()}


def destroy_owned(model: Model, config: dict[str, str]) -> None:
    """The secrets that a PBD owned go with it."""
    for key, uuid in config.items():
        ref = model.objects.find("secret", uuid) if key.endswith(_SECRET) else None
        if ref is not None:
            model.objects.remove("secret", ref)


def _copy(model: Model, uuid: str) -> str:
    ref = model.objects.find("secret", uuid)
    if ref is None:
        code = "UUID_INVALID"
        raise ApiFailureError(code, "secret", uuid)
    record = model.objects.get("secret", ref)
    return _new(model, record["value"], record["other_config"])


def _new(model: Model, value: str, other_config: dict[str, str]) -> str:
    ref = model.objects.add("secret", {"value": value, "other_config": dict(other_config)})
    uuid: str = model.objects.get("secret", ref)["uuid"]
    return uuid


async def _create(call: Call, args: dict[str, Any]) -> Wire:
    value = constructor_field(args, "value")
    other_config = args.get("other_config", {})
    if not isinstance(value, str) or not isinstance(other_config, dict):
        raise call.fail("FIELD_TYPE_ERROR", "args")
    return call.model.objects.add("secret", {"value": value, "other_config": other_config})


async def _destroy(call: Call, ref: str) -> Wire:
    call.model.objects.remove("secret", ref)
    return VOID


def constructor_field(args: dict[str, Any], name: str) -> Any:  # noqa: ANN401 - any field's value
    """A field that a record must have; other unknown ones are not looked at."""
    if name not in args:
        code = "INTERNAL_ERROR"
        raise ApiFailureError(code, f'Failure("Field {name} not present in rpc")')
    return args[name]
