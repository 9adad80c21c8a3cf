"""pytest's way to the local WhatsApp: the fixture ``whatsapp``, which is there once the package is installed.

    async def test_greeting(whatsapp):
        maria = whatsapp.user("+54 9 11 5555-0001")
        await maria.says("Hola")
        await maria.expects("Hola!", buttons=["Pileta", "Tenis", "SUM"])
        await maria.taps("Tenis")

It needs pytest-asyncio, in whichever mode: such a test is marked for it.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rasa_whatsapp.simulator import Simulator

try:
    import pytest_asyncio
except ImportError:
    pytest_asyncio = None  # type: ignore[assignment]

MARKER = "whatsapp"


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line(
        "markers", f"{MARKER}(**options): how the local WhatsApp of this test is started; see Simulator"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> None:
    """Marks a coroutine that asks for ``whatsapp``, which pytest-asyncio would not run in its strict mode."""
    # In Python 3.12 the module `inspect`, where a test has imported it, passes for a coroutine itself.
    if (
        inspect.isfunction(obj)
        and inspect.iscoroutinefunction(obj)
        and MARKER in inspect.signature(obj).parameters
        and not collector.get_closest_marker("asyncio")
        and not any(mark.name == "asyncio" for mark in getattr(obj, "pytestmark", ()))
    ):
        pytest.mark.asyncio(obj)


@pytest.fixture
def whatsapp_options(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The arguments of ``Simulator``: those of the test's markers ``whatsapp``, the nearest first.

    A ``conftest.py`` may have a fixture of this name of its own, for example with the port and the
    ``webhook_url`` of a bot that runs throughout.
    """
    options: dict[str, Any] = {}
    for marker in reversed([*request.node.iter_markers(MARKER)]):
        options |= marker.kwargs
    return options


if pytest_asyncio is not None:

    @pytest_asyncio.fixture
    async def whatsapp(whatsapp_options: dict[str, Any]) -> AsyncIterator[Simulator]:
        """A local WhatsApp that runs in this process for one test, on a free port unless told."""
        from rasa_whatsapp.simulator import Simulator

        async with Simulator(**{"port": 0, **whatsapp_options}) as simulator:
            yield simulator

else:

    @pytest.fixture
    def whatsapp() -> None:
        """Says what is missing."""
        pytest.fail("The fixture whatsapp needs pytest-asyncio: pip install pytest-asyncio")
