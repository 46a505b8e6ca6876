from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TypeVar

from deploy.sandbox.slack.answers import ApiError, Json
from deploy.sandbox.slack.clock import Clock
from deploy.sandbox.slack.workspace import seed
from deploy.sandbox.slack.workspace.model import BOT_USER, Channel, Message, User, Usergroup
from deploy.sandbox.slack.workspace.storing import Store

Record = TypeVar("Record", User, Channel, Usergroup)


@dataclass(slots=True)
class Workspace:
    """Who and what there is. Ephemeral messages live in `private`, and only as long as the process."""

    store: Store
    clock: Clock
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, Usergroup] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    threads: dict[str, dict[str, Message]] = field(default_factory=dict)
    private: dict[str, dict[str, Message]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    last_ts: int = 0

    @classmethod
    def load(cls, store: Store, clock: Clock) -> Workspace:
        users = _records(store, "user", seed.USERS, User)
        channels = _records(store, "channel", seed.CHANNELS, Channel)
        usergroups = _records(store, "usergroup", seed.USERGROUPS, Usergroup)
        workspace = cls(store, clock, users, channels, usergroups)
        for body in store.all("message"):
            workspace.keep(Message(**{**body, "pings": tuple(body["pings"])}))
        workspace.homes = {view["user"]: view["view"] for view in store.all("home")}
        return workspace

    def keep(self, message: Message) -> None:
        self.messages.setdefault(message.channel, {})[message.ts] = message
        if message.is_reply:
            self.threads.setdefault(f"{message.channel}/{message.thread_ts}", {})[message.ts] = message
        self.last_ts = max(self.last_ts, int(message.ts.replace(".", "")))

    def put(self, record: User | Channel | Usergroup) -> None:
        kind, place = self._place(record)
        place[record.id] = record
        self.store.put(kind, record.id, asdict(record))

    def _place(self, record: User | Channel | Usergroup) -> tuple[str, dict[str, object]]:
        places: dict[type, tuple[str, object]] = {
            User: ("user", self.users),
            Channel: ("channel", self.channels),
            Usergroup: ("usergroup", self.usergroups),
        }
        return places[type(record)]  # type: ignore[return-value] # the table pairs each class with its own dict

    def put_message(self, message: Message) -> None:
        if message.to is not None:
            self.private.setdefault(message.channel, {})[message.ts] = message
            return
        self.keep(message)
        self.store.put("message", f"{message.channel}/{message.ts}", asdict(message))

    def drop_message(self, message: Message) -> None:
        place = self.messages if message.to is None else self.private
        place[message.channel].pop(message.ts, None)
        self.threads.get(f"{message.channel}/{message.thread_ts}", {}).pop(message.ts, None)
        self.store.drop("message", f"{message.channel}/{message.ts}")

    def put_home(self, user: str, view: Json) -> None:
        self.homes[user] = view
        self.store.put("home", user, {"user": user, "view": view})

    def next_ts(self) -> str:
        """Return a fresh message id: seconds and six digits, greater than every one before."""
        self.last_ts = max(self.last_ts + 1, int(self.clock.wall() * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06}"

    def user(self, user_id: str) -> User:
        if user_id not in self.users:
            raise ApiError("user_not_found")
        return self.users[user_id]

    def direct(self, user_id: str) -> Channel | None:
        """Return the conversation between the bot and one person."""
        return next((each for each in self.channels.values() if each.user == user_id), None)

    def seen(self, channel_id: str) -> Channel:
        """Return a conversation that the bot can see: any public one, others only as a member."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and BOT_USER not in channel.members):
            raise ApiError("channel_not_found")
        return channel

    def joined(self, channel_id: str) -> Channel:
        """Return a conversation that the bot may post to."""
        channel = self.seen(channel_id)
        if channel.is_archived:
            raise ApiError("is_archived")
        if BOT_USER not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        return list(self.threads.get(f"{channel}/{thread_ts}", {}).values())

    def timeline(self, channel: str) -> list[Message]:
        """Return a channel's messages, oldest first: the order in which ids are given, kept by the store."""
        return list(self.messages.get(channel, {}).values())


def _records(store: Store, kind: str, fresh: tuple[Record, ...], made: type[Record]) -> dict[str, Record]:
    """Read what is stored; a new workspace gets what comes out of the box."""
    stored = {body["id"]: made(**_tuples(body)) for body in store.all(kind)}
    if stored:
        return stored
    for record in fresh:
        store.put(kind, record.id, asdict(record))
    return {record.id: record for record in fresh}


def _tuples(body: Json) -> Json:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in body.items()}
