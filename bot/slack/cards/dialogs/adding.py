"""The form behind "Add storage": first where and what, then what that kind wants (docs.slack.dev: modals)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.request.grammar.forms import CHAP, CRED, FORMS, POOL, REASON, Field, Form
from bot.slack.cards.blocks import MOST_OPTIONS, Block, context, group, option, section
from bot.slack.cards.dialogs.choosing import credential, labelled
from bot.slack.cards.dialogs.notices import View
from bot.slack.cards.texts import in_channel

PLACE: Final = "add_storage_place"
STORAGE: Final = "add_storage_details"
CHANNEL: Final = "channel"
KIND: Final = "kind"

_MANY: Final = "Only the first {most} of your channels stand here. In any other one, type `/sr help`."
_NEXT: Final = "The card of the request comes in that channel. Nothing is changed before a plan is approved there."
_MORE: Final = "`/sr help` in a channel tells of more types, and of more options of this one."


@dataclass(frozen=True, slots=True)
class Begun:
    """What the second page stands for. `request` is the id that the request gets, however often it is sent."""

    request: str
    channel: str
    form: Form

    @property
    def metadata(self) -> str:
        return f"{self.request}:{self.channel}:{self.form.name}"


def read_metadata(text: str) -> Begun | None:
    """Read what a second page stands for; None for what is not ours."""
    request, _, rest = text.partition(":")
    channel, _, name = rest.partition(":")
    form = FORMS.get(name)
    return Begun(request, channel, form) if request and channel and form is not None else None


def place_view(channels: Mapping[str, str]) -> View:
    """Ask where and what; `channels` are names by id, at least one."""
    ordered = sorted(channels.items(), key=lambda row: (row[1], row[0]))
    options = [option(f"#{name}", channel) for channel, name in ordered[:MOST_OPTIONS]]
    kinds: Block = {"type": "static_select", "option_groups": _kinds()}
    first: Block = {"initial_option": options[0]} if len(options) == 1 else {}
    return _modal(
        PLACE,
        "",
        "Next",
        [
            labelled(CHANNEL, "Channel to ask in", {"type": "static_select", "options": options} | first),
            context(_MANY.format(most=MOST_OPTIONS)) if len(ordered) > MOST_OPTIONS else None,
            labelled(KIND, "What is wanted", kinds),
            context(_NEXT),
        ],
    )


def storage_view(begun: Begun, pools: Sequence[str], credentials: Sequence[str]) -> View:
    """Ask for what a kind of storage wants."""
    verb = "Attach" if begun.form.attaches else "Make"
    said = f"*{verb}: {begun.form.makes[0].lower()}{begun.form.makes[1:]}*, asked for in {in_channel(begun.channel)}"
    inputs = [_input(field, pools, credentials) for field in begun.form.fields]
    return _modal(STORAGE, begun.metadata, "Ask for it", [section(said), *inputs, context(_MORE)])


def _modal(callback: str, metadata: str, submit: str, blocks: Sequence[Block | None]) -> View:
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": "Add storage"},
        "submit": {"type": "plain_text", "text": submit},
        "close": {"type": "plain_text", "text": "Back" if metadata else "Cancel"},
        "blocks": [block for block in blocks if block is not None],
    }


def _kinds() -> list[Block]:
    made = {False: "Make a new one", True: "Attach what is there already"}
    return [
        group(label, [option(form.makes, form.name) for form in FORMS.values() if form.attaches is attaches])
        for attaches, label in made.items()
    ]


def _input(field: Field, pools: Sequence[str], credentials: Sequence[str]) -> Block:
    if field in {CHAP, CRED}:
        return credential(field.label, credentials, of="the address or server")
    if field is POOL:
        options = [option(pool, pool) for pool in pools[:MOST_OPTIONS]]
        return labelled(
            field.name, field.label, {"type": "static_select", "options": options, "initial_option": options[0]}
        )
    if field.choices:
        options = [option(label, value) for value, label in field.choices]
        return labelled(field.name, field.label, {"type": "static_select", "options": options}, optional=True)
    element: Block = {"type": "plain_text_input", "max_length": field.most, "multiline": field is REASON}
    return labelled(field.name, field.label, element, optional=not field.required)
