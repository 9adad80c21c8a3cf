"""Playwright, which drives Chromium, and axe, which looks for what shuts people out.

Where one of them is not installed, the tests that import this are skipped.
"""

from __future__ import annotations

import os

import pytest

try:
    from axe_playwright_python.async_playwright import Axe
    from playwright.async_api import Browser, FrameLocator, Locator, Page, async_playwright, expect
except ModuleNotFoundError:
    if os.environ.get("RASA_WHATSAPP_REQUIRE_ALL") == "1":
        raise
    pytest.skip("the tests of the chat page need playwright and axe", allow_module_level=True)

__all__ = ["Axe", "Browser", "FrameLocator", "Locator", "Page", "async_playwright", "expect"]
