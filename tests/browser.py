"""The Chromium that the page is driven in, or the reason why not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from deploy.testing import NO_BROWSER, browser_required, find_chromium

if TYPE_CHECKING:
    from pathlib import Path


def chromium() -> Path:
    """Give the program's path; without one, skip the test, or fail it where a browser is required."""
    found = find_chromium(os.environ)
    if found is None and browser_required(os.environ):
        pytest.fail(NO_BROWSER)
    return found or pytest.skip(NO_BROWSER)
