from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.sandbox.slack.methods import apps, chat, conversations, people, views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.sandbox.slack.methods.calls import Method

# Every method that this server knows; any other is an unknown_method.
METHODS: Mapping[str, Method] = {
    **apps.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **people.METHODS,
    **views.METHODS,
}
