"""What a person is in, as users.conversations tells it (docs.slack.dev)."""

from __future__ import annotations

from typing import Final

from tests.contract.slack.rows import OK, Row, refused

OF: Final = "users.conversations"
_BOTH: Final = "public_channel,private_channel"

MEMBERSHIP: Final = (
    Row("places", OF, {"user": "{guest}"}, OK, OF, says="C0STORAGE1", omits=("C0PARTNER1", "C0SECRETS1")),
    Row("places-fields", OF, {"user": "{guest}"}, OK, OF, says='"is_ext_shared"', omits=("is_member", "num_members")),
    Row("places-unshared", OF, {"user": "{requester}", "types": _BOTH}, OK, OF, omits=("C0SECRETS1",)),
    Row("places-bot-not-in", OF, {"user": "{requester}"}, OK, OF, says="C0RANDOM01"),
    Row("places-archived", OF, {"user": "{guest}"}, OK, OF, says="C0ARCHIVE1"),
    Row("places-live", OF, {"user": "{guest}", "exclude_archived": True}, OK, OF, omits=("C0ARCHIVE1",)),
    Row("places-own", OF, {}, OK, OF, says="C0PARTNER1", omits=("C0RANDOM01",)),
    Row("places-type", OF, {"types": "secret"}, refused("invalid_types"), OF),
    Row("places-scope", OF, {"types": "im"}, refused("missing_scope", needed="im:read"), OF),
    Row("places-of-nobody", OF, {"user": "U0NOBODY01"}, refused("user_not_found"), OF, guess=True),
    Row("places-limit", OF, {"limit": 1000}, refused("invalid_limit"), OF, guess=True),
)
