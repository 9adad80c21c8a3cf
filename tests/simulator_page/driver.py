"""Playwright, which drives Chromium. Where it is not installed, the tests that import this are skipped."""

from __future__ import annotations

import os

import pytest

try:
    from playwright.async_api import Browser, Locator, Page, async_playwright, expect
except ModuleNotFoundError:
    if os.environ.get("RASA_WHATSAPP_REQUIRE_ALL") == "1":
        raise
    pytest.skip("the tests of the chat page need playwright", allow_module_level=True)

__all__ = ["Browser", "Locator", "Page", "async_playwright", "expect"]
