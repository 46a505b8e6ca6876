from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import Settings, SettingsError, load
from bot.settings.mistakes import Mistakes
from bot.settings.model import Incoming, PasswordEnv, PasswordFile, Slack, Times
from bot.settings.reading import CONFIG_PATH, _settings
from bot.settings.tables import Table

EXAMPLE = Path(__file__).parents[3] / "deploy" / "srbot.example.toml"

GOOD = """
[slack]
team = "T1"
app = "A1"
[pools.xenct]
url = "https://xen1"
user = "root"
password_env = "XENCT_PASSWORD"
[channels.C1]
pools = ["xenct"]
approvers = ["U1"]
"""
FULL = """
[slack]
team = "T1"
app = "A1"
api_url = "http://127.0.0.1:8080/api"
[pools.a]
url = "http://[::1]:8081/"
user = "root"
password_file = "secrets/a"
[pools.b]
url = "https://xen2:443"
user = "root"
password_env = "B"
fingerprint = "sha256:FINGERPRINT"
connect_seconds = 2
read_seconds = 2.5
[pools.c]
url = "https://xen3"
user = "root"
password_env = "C"
ca_file = "ca.pem"
[channels.C1]
pools = ["b", "a"]
approvers = ["U1", "W2"]
may_override = ["U1"]
[targets]
networks = ["10.0.0.0/16", "fd00::5"]
names = ["SAN.example."]
[credentials.tecmint]
user = "tecmint"
addresses = ["10.0.0.5", "san.example", "10.1.0.0/24"]
password_file = "/run/tecmint"
[times]
approval_hours = 1
choice_hours = 2
answer_minutes = 3
waiting_notice_seconds = 0.5
heartbeat_seconds = 5
""".replace("FINGERPRINT", ":".join(["AB"] * 32))


def written(folder: Path, text: str) -> Path:
    path = folder / "srbot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as error:
        load(written(folder, text), {})
    return error.value.mistakes


def loaded(folder: Path, text: str) -> Settings:
    return load(written(folder, text), {})


def test_the_example_file_is_right() -> None:
    settings = load(EXAMPLE, {})
    assert list(settings.pools) == ["xenct"]
    assert settings.pools["xenct"].password == PasswordFile(EXAMPLE.parent / "secrets" / "xenct")


def test_every_commented_default_of_the_example_is_known_and_right(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace("# connect", "connect").replace("# read_s", "read_s")
    assert loaded(tmp_path, text.replace("# api_url", "api_url")).slack == load(EXAMPLE, {}).slack


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    settings = loaded(tmp_path, GOOD)
    assert settings.slack == Slack("T1", "A1", "https://slack.com/api/")
    assert settings.times == Times()
    assert not settings.credentials
    assert settings.targets.networks == ()
    pool = settings.pools["xenct"]
    assert (pool.password, pool.connect_seconds, pool.read_seconds) == (PasswordEnv("XENCT_PASSWORD"), 10, 60)


def test_a_full_file_is_read_whole(tmp_path: Path) -> None:
    settings = loaded(tmp_path, FULL)
    assert settings.slack.api_url == "http://127.0.0.1:8080/api/"
    assert settings.pools["a"].url == "http://[::1]:8081"
    assert settings.pools["a"].password == PasswordFile(tmp_path / "secrets" / "a")
    assert settings.pools["b"].fingerprint == "ab" * 32
    assert settings.pools["b"].read_seconds == 2.5
    assert settings.pools["c"].ca_file == tmp_path / "ca.pem"
    assert settings.channels["C1"].pools == ("b", "a")
    assert settings.channels["C1"].approvers == {"U1", "W2"}
    assert settings.channels["C1"].may_override == {"U1"}
    assert settings.targets.networks == (ip_network("10.0.0.0/16"), ip_network("fd00::5/128"))
    assert settings.targets.names == {"san.example"}
    assert settings.credentials["tecmint"].addresses.names == {"san.example"}
    assert settings.credentials["tecmint"].password == PasswordFile(Path("/run/tecmint"))
    assert settings.times.approval == timedelta(hours=1)
    assert settings.times.waiting_notice == timedelta(seconds=0.5)


def test_a_credential_can_hold_what_the_array_shows_itself_with(tmp_path: Path) -> None:
    text = FULL.replace(TECMINT, TECMINT + 'incoming_user = "array"\nincoming_password_env = "ARRAY"\n')
    found = loaded(tmp_path, text).credentials["tecmint"]
    assert found.incoming == Incoming("array", PasswordEnv("ARRAY"))
    assert found.passwords == (PasswordFile(Path("/run/tecmint")), PasswordEnv("ARRAY"))
    assert loaded(tmp_path, FULL).credentials["tecmint"].passwords == (PasswordFile(Path("/run/tecmint")),)


TECMINT = 'password_file = "/run/tecmint"\n'

# What replaces a line of the full file: the beginning of the one mistake that it makes.
WRONG = {
    ('team = "T1"', ""): "slack.team: is missing",
    ('team = "T1"', "team = 1"): "slack.team: must be a text",
    ('team = "T1"', 'team = ""'): "slack.team: must be a text",
    ('team = "T1"', 'team = "t1"'): "slack.team: must be a team's id",
    ('app = "A1"', 'app = "B1"'): "slack.app: must be an app's id",
    ('app = "A1"', 'app = "A1"\nsecret = "x"'): "slack.secret: is unknown",
    ("http://127.0.0.1:8080/api", "http://slack.example/api"): "slack.api_url: must be an https URL",
    ("http://[::1]:8081/", "http://10.0.0.1"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "https://root:canary@xen1"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "https://xen1/path"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "https://xen1:99999"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "https://xen1?canary"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "https://"): "pools.a.url: must be an https URL",
    ("http://[::1]:8081/", "ftp://xen1"): "pools.a.url: must be an https URL",
    ("[pools.c]", '[pools."c c"]'): "pools.c c: must be named with",
    ('"secrets/a"', '"secrets/a"\nca_file = "x"'): "pools.a.url: is http, where",
    ('ca_file = "ca.pem"', 'ca_file = "ca.pem"\nfingerprint = "sha256:' + "ab" * 32 + '"'): (
        "pools.c.fingerprint: stands beside ca_file"
    ),
    ("sha256:", "sha1:"): "pools.b.fingerprint: must be sha256:",
    ("connect_seconds = 2", "connect_seconds = 0"): "pools.b.connect_seconds: must be a number",
    ("connect_seconds = 2", "connect_seconds = true"): "pools.b.connect_seconds: must be a number",
    ("connect_seconds = 2", "connect_seconds = nan"): "pools.b.connect_seconds: must be a number",
    ("connect_seconds = 2", f"connect_seconds = {10**400}"): "pools.b.connect_seconds: must be a number",
    ('password_env = "B"', ""): "pools.b.password_file: or password_env must be given",
    ('password_env = "B"', 'password_env = "B"\npassword_file = "b"'): "pools.b.password_file: or password_env",
    ('password_env = "B"', 'password_env = "s3cret canary"'): "pools.b.password_env: must be the name",
    ('password_env = "B"', 'password_env = "SRBOT_SLACK_BOT_TOKEN"'): "pools.b.password_env: must not start",
    ('password_env = "B"', 'password_env = "B"\npassword = "canary"'): "pools.b.password: is refused",
    ('password_file = "secrets/a"', "password_file = 1"): "pools.a.password_file: must be a text",
    ("[channels.C1]", "[channels.storage]"): "channels.storage: must be named by a channel's id",
    ('["b", "a"]', '["b", "x"]'): "channels.C1.pools[1]: is no configured pool",
    ('["b", "a"]', '["b", "b"]'): "channels.C1.pools[1]: stands there twice",
    ('["b", "a"]', "[]"): "channels.C1.pools: must be a list of configured pools, not empty",
    ('["U1", "W2"]', '["U1", "alice"]'): "channels.C1.approvers[1]: is no person's id",
    ('["U1", "W2"]', "[1, 'U1']"): "channels.C1.approvers[0]: is no person's id",
    ('approvers = ["U1", "W2"]', ""): "channels.C1.approvers: must be a list",
    ('may_override = ["U1"]', 'may_override = ["bob"]'): "channels.C1.may_override[0]: is no person's id",
    ('may_override = ["U1"]', 'may_override = ["U3"]'): (
        "channels.C1.may_override: names somebody who is no approver of the channel"
    ),
    ('"fd00::5"]', '"10.0.0.5/16"]'): "targets.networks[1]: is no network without host bits",
    ('["SAN.example."]', '["10.0.0.5"]'): "targets.names[0]: is no host name",
    ('["SAN.example."]', '["*.example"]'): "targets.names[0]: is no host name",
    ('["SAN.example."]', '"san"'): "targets.names: must be a list of host name",
    ('user = "tecmint"', ""): "credentials.tecmint.user: is missing",
    (TECMINT, TECMINT + 'incoming_user = "array"\n'): (
        "credentials.tecmint.incoming_password_file: or incoming_password_env must be given, one of them"
    ),
    (TECMINT, TECMINT + 'incoming_password_env = "ARRAY"\n'): "credentials.tecmint.incoming_user: is missing",
    (TECMINT, TECMINT + 'incoming_user = "array"\nincoming_password_env = "SRBOT_SLACK_BOT_TOKEN"\n'): (
        "credentials.tecmint.incoming_password_env: must not start"
    ),
    (TECMINT, TECMINT + 'incoming_user = "a"\nincoming_password_env = "A"\nincoming_password = "canary"\n'): (
        "credentials.tecmint.incoming_password: is refused"
    ),
    ('["10.0.0.5", "san.example", "10.1.0.0/24"]', "[]"): "credentials.tecmint.addresses: must be a list",
    ("heartbeat_seconds = 5", "heartbeat_seconds = 1e9"): "times.heartbeat_seconds: must be a number",
    ("[times]", "[other]\n[times]"): "other: is unknown",
}


@pytest.mark.parametrize(("change", "expected"), WRONG.items())
def test_a_mistake_is_told_with_its_place_and_nothing_secret(
    tmp_path: Path, change: tuple[str, str], expected: str
) -> None:
    assert change[0] in FULL
    found = mistakes(tmp_path, FULL.replace(*change, 1))
    assert len(found) == 1
    assert found[0].startswith(expected)
    assert "canary" not in found[0]


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    found = mistakes(tmp_path, 'channels = 1\n[slack]\nteam = "T1"\nx = 1\n[pools.a]\nuser = "u"\n[oops]\n')
    assert [line.partition(":")[0] for line in found] == [
        "slack.app",
        "slack.x",
        "pools.a.url",
        "pools.a.password_file",
        "channels",
        "oops",
    ]


def test_an_empty_file_names_what_is_missing(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "")
    assert {"slack: is missing", "pools: is missing", "channels: is missing"} <= set(found)


def test_a_pool_that_is_no_table_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, GOOD.replace("[pools.xenct]", "[pools]\nx = 1\n[pools.xenct]"))[0] == (
        "pools.x: must be a table"
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't be read: No such file"):
        load(tmp_path / "none.toml", {})


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "srbot.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        load(path, {})


def test_a_file_that_is_no_toml_is_told_by_line_without_its_text(tmp_path: Path) -> None:
    (found,) = mistakes(tmp_path, '[slack]\npassword = canary"\n')
    assert found.endswith("is not TOML (at line 2, column 12)")


def test_the_environment_names_the_file_where_the_caller_does_not(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert load(None, {CONFIG_PATH: str(path)}) == load(path, {})
    with pytest.raises(SettingsError, match="is not set"):
        load(None, {})


LEAVES = st.none().map(lambda _: "x") | st.booleans() | st.integers() | st.floats() | st.text()
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)
KEYS = st.sampled_from(["slack", "pools", "channels", "targets", "credentials", "times", "team", "url"])


# A busy machine is no failure.
@settings(deadline=None)
@given(st.dictionaries(KEYS, st.dictionaries(KEYS, TREES, max_size=3) | TREES, max_size=6))
def test_no_content_makes_the_reader_fail_in_another_way(data: dict[str, object]) -> None:
    found = Mistakes()
    assert _settings(Table("", data, found), Path("/")) is None or found.found
