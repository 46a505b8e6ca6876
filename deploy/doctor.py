"""`srbot doctor`: looks at everything an installation needs, and says of each thing what to mend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.codes import SecretsFolder
from bot.copying import CopyFolder
from bot.ledger.policies import Policies, fallback_of
from bot.settings import RedisUrl, Settings, SettingsError, redis_url, slack_tokens
from bot.settings.model import PasswordSource
from bot.settings.secrets import SecretError, loose_permissions, open_password
from deploy.codes.command import NO_FOLDER
from deploy.ledger import NoAnswerError, looked_at, opened
from deploy.policies.checking import read
from deploy.policies.refused import PolicyRefusedError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; bad: it must be mended, otherwise srbot can't do its work."""

    subject: str
    sentence: str
    bad: bool = False

    @property
    def line(self) -> str:
        return f"{'MEND' if self.bad else 'ok  '}  {self.subject}: {self.sentence}"


def examine(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Look at the tokens, the passwords and the ledger's server; nothing is changed and no secret is shown."""
    return [
        Finding("configuration", f"read; pools: {', '.join(settings.pools)}"),
        *_tokens(environ),
        *(
            finding
            for pool in settings.pools.values()
            for finding in _password(f"pool {pool.name}", pool.password, environ)
        ),
        *(
            finding
            for credential in settings.credentials.values()
            for password in credential.passwords
            for finding in _password(f"credential {credential.name}", password, environ)
        ),
        *_targets(settings),
        *_codes(settings),
        *_audit(settings),
        *_ledger(settings, environ),
    ]


def _tokens(environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        slack_tokens(environ)
    except SettingsError as error:
        yield Finding("Slack tokens", str(error), bad=True)
    else:
        yield Finding("Slack tokens", "both are there and of the right kind")


def _password(subject: str, source: PasswordSource, environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        open_password(source, environ)
    except SecretError as error:
        yield Finding(subject, str(error), bad=True)
    else:
        yield Finding(subject, "its password can be opened")
    for note in loose_permissions(source, environ):
        yield Finding(subject, note, bad=True)


def _targets(settings: Settings) -> Iterator[Finding]:
    if not settings.targets.networks and not settings.targets.names:
        yield Finding("targets", "none are allowed, so every request is refused: list them under [targets]", bad=True)


def _codes(settings: Settings) -> Iterator[Finding]:
    """Say who has one-time codes, and who works at the command line without any."""
    if settings.codes_folder is None:
        if settings.accounts:
            yield Finding("one-time codes", f"{NO_FOLDER}: the command line takes nothing without them", bad=True)
        return
    folder = SecretsFolder(settings.codes_folder)
    try:
        people, loose = folder.people(), list(folder.loose_permissions())
    except OSError as error:
        yield Finding("one-time codes", f"{folder.path}: can't be read: {error.strerror}", bad=True)
        return
    yield Finding("one-time codes", f"had by {', '.join(people) or 'nobody yet: `srbot code enrol U…`'}")
    yield from (Finding("one-time codes", sentence, bad=True) for sentence in loose)
    for account, person in settings.accounts.items():
        if person not in people:
            yield Finding("one-time codes", f"account {account}: {person} has none: `srbot code enrol`", bad=True)


def _audit(settings: Settings) -> Iterator[Finding]:
    """Say whether there is a second copy of the audit trail, and how far it has come."""
    if settings.audit_folder is None:
        yield Finding("audit trail", "it has no second copy, outside of Redis: audit.folder says where to write it")
        return
    folder = CopyFolder(settings.audit_folder)
    try:
        last = folder.last()
    except OSError as error:
        yield Finding("audit trail", f"{folder.path}: can't be read: {error.strerror}", bad=True)
    else:
        reached = f"its second copy ends with entry {last}" if last != "0" else "nothing was copied yet"
        yield Finding("audit trail", f"{reached} ({folder.path})")


def _ledger(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        url = redis_url(environ)
    except SettingsError as error:
        yield Finding("ledger", str(error), bad=True)
        return
    if url is None:
        yield Finding("ledger", "SRBOT_REDIS_URL is not set: `srbot run` brings a server of its own")
        return
    try:
        warnings = looked_at(url)
    except NoAnswerError as error:
        yield Finding("ledger", str(error), bad=True)
        return
    yield Finding("ledger", f"{url.shown} answers")
    yield from (Finding("ledger", warning, bad=True) for warning in warnings)
    yield from _policy(settings, url)


def _policy(settings: Settings, url: RedisUrl) -> Iterator[Finding]:
    """Say which policy is in force, and whether the file says something else."""
    with opened(url) as redis:
        policies = Policies(redis, fallback_of(settings))
        applied, in_force = policies.applied(), policies.in_force().policy
    told = "none was applied: what the channels say stands in" if applied is None else f"{applied.number} is in force"
    yield Finding("policy", told)
    if settings.codes_folder is None and any(rule.step_up_over is not None for rule in in_force.rules):
        yield Finding("policy", f"it wants one-time codes, which nobody can have: {NO_FOLDER}", bad=True)
    if settings.policy_file is None:
        return
    try:
        written = read(settings.policy_file)
    except PolicyRefusedError as refused:
        yield Finding("policy", str(refused), bad=True)
        return
    if written.digest != in_force.digest:
        yield Finding("policy", f"{settings.policy_file} is not the one in force: `srbot policy apply`", bad=True)
