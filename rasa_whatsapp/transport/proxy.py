"""The proxy that the environment names for an address."""

from __future__ import annotations

from urllib.request import getproxies

import aiohttp
from aiohttp.helpers import get_env_proxy_for_url
from yarl import URL


class ProxyUnusable(aiohttp.ClientError):
    """A variable that names a proxy holds no address. Its value, with the password, is never told."""


def proxy_for(url: URL) -> tuple[URL | None, aiohttp.BasicAuth | None]:
    """The proxy by which calls to an address leave, and its user; None where they leave directly.

    Raises:
        ProxyUnusable: a variable names a proxy in a way that cannot be read.
    """
    try:
        proxy, user = get_env_proxy_for_url(url)
    except LookupError:
        return None, None
    except ValueError:
        # The cause is left out on purpose: it may show a piece of the password.
        raise _unusable(_unreadable()) from None
    if proxy.host is None:
        raise _unusable(url.scheme)
    return proxy, user


def _unreadable() -> str:
    """The first scheme whose proxy is no address: one that is wrong hides all others from aiohttp."""
    for scheme, value in getproxies().items():
        try:
            aiohttp.BasicAuth.from_url(URL(value))
        except ValueError:
            return scheme
    return "https"


def _unusable(scheme: str) -> ProxyUnusable:
    return ProxyUnusable(
        f"{scheme.upper()}_PROXY is no address such as http://user:password@proxy.example:3128; in its"
        " password write %2F for /, %23 for # and %40 for @"
    )
