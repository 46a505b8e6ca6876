"""`srbot policy`: a policy is checked, tried out, put in force and explained."""

from __future__ import annotations
