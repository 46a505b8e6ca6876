"""The workspace out of the box."""

from __future__ import annotations

from deploy.sandbox.slack.workspace.model import (
    BOT_USER,
    GROUP,
    PARTNER_TEAM,
    SECURITY_GROUP,
    SLACKBOT,
    Channel,
    User,
    Usergroup,
)

REQUESTER = "U0REQUEST1"
FIRST = "U0APPROVE1"
SECOND = "U0APPROVE2"
SECURITY = "U0SECURE01"
OUTSIDER = "U0OUTSIDE1"
GUEST = "U0GUEST001"
STRANGER = "U0STRANGE1"

STAFF = (REQUESTER, FIRST, SECOND, SECURITY, OUTSIDER)
COLLEAGUES = (*STAFF, GUEST)

USERS = (
    User(REQUESTER, "requester", "Requester", "requester", "2563eb"),
    User(FIRST, "approver-1", "First approver", "approver", "15803d"),
    User(SECOND, "approver-2", "Second approver", "approver", "0f766e"),
    User(SECURITY, "security-1", "Security officer", "security", "4d7c0f"),
    User(OUTSIDER, "outsider", "Outsider", "outsider", "b45309"),
    User(GUEST, "guest", "Guest", "guest", "7c3aed", is_restricted=True),
    User(STRANGER, "stranger", "Stranger", "stranger", "be123c", team_id=PARTNER_TEAM, is_stranger=True),
    User(BOT_USER, "srbot", "srbot", "bot", "334155", is_bot=True),
    User(SLACKBOT, "slackbot", "Slackbot", "bot", "64748b"),
)

CHANNELS = (
    Channel("C0STORAGE1", "storage", topic="Storage requests: /sr help", members=(*COLLEAGUES, BOT_USER)),
    Channel("C0GENERAL1", "general", topic="Everything else", members=(*COLLEAGUES, BOT_USER)),
    Channel("C0RANDOM01", "random", topic="The app isn't in here", members=COLLEAGUES),
    Channel(
        "C0PARTNER1",
        "partners",
        topic="Shared with another company",
        members=(*STAFF, STRANGER, BOT_USER),
        is_ext_shared=True,
    ),
    Channel("C0ARCHIVE1", "archive", members=(*COLLEAGUES, BOT_USER), is_archived=True),
    Channel("C0SECRETS1", "secrets-team", kind="private", topic="Private", members=(REQUESTER, FIRST)),
    *(
        Channel(f"D{person[1:]}", "directmessage", kind="im", members=(person, BOT_USER), user=person)
        for person in COLLEAGUES
    ),
)

USERGROUPS = (
    Usergroup(GROUP, "storage-admins", "Storage administrators", (FIRST, SECOND)),
    Usergroup(SECURITY_GROUP, "security", "Security", (SECURITY,)),
)
