"""`srbot request`: requests are made and decided at the command line, by the rules that hold in Slack."""

from __future__ import annotations
