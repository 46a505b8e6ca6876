"""Private answers through a click's own response_url or trigger: used at once, never stored, never in an ack's way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.slack.cards.blocks import Message
from bot.slack.cards.dialogs.notices import notice_view

LOG = structlog.get_logger(__name__)

ANSWER_SECONDS: Final = 10
_THREADS: Final = 8


@dataclass(slots=True)
class Voice:
    """Speaks to the one who pressed something."""

    client: WebClient
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_THREADS, "srbot-voice"))

    def tell(self, response_url: str, text: str) -> None:
        """Say something that only this person sees; `text` is mrkdwn."""
        answer = {"response_type": "ephemeral", "replace_original": False, "text": text}
        self._pool.submit(_send, response_url, answer)

    def show(self, response_url: str, message: Message) -> None:
        """Show a message that only this person sees."""
        answer = {"response_type": "ephemeral", "replace_original": False}
        self._pool.submit(_send, response_url, answer | {"text": message.text, "blocks": list(message.blocks)})

    def notice(self, trigger: str, text: str) -> None:
        """Say something where there is no channel to say it in: in a dialog. `text` is mrkdwn."""
        self._pool.submit(self._open, trigger, text)

    def replace(self, response_url: str, message: Message) -> None:
        """Show something else in place of the private message that was clicked."""
        answer = {"replace_original": True, "text": message.text, "blocks": list(message.blocks)}
        self._pool.submit(_send, response_url, answer)

    def close(self) -> None:
        self._pool.shutdown(wait=True)

    def _open(self, trigger: str, text: str) -> None:
        try:
            self.client.views_open(trigger_id=trigger, view=notice_view(text))
        except (SlackApiError, OSError, HTTPException) as error:
            LOG.warning("private_answer_lost", error=type(error).__name__)


def _send(response_url: str, answer: dict[str, Any]) -> None:
    """Send an answer. A response_url that no longer works is logged by what Slack says, never by itself."""
    try:
        response = WebhookClient(response_url, timeout=ANSWER_SECONDS).send_dict(answer)
    except (OSError, HTTPException) as error:
        LOG.warning("private_answer_lost", error=type(error).__name__)
        return
    if response.status_code != HTTPStatus.OK:
        LOG.warning("private_answer_refused", status=response.status_code)
