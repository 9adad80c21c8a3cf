"""pytest's way to the local WhatsApp: the fixture ``whatsapp``, which is there once the package is installed.

    async def test_greeting(whatsapp):
        maria = whatsapp.user("+54 9 11 5555-0001")
        await maria.says("Hola")
        await maria.expects("Hola!", buttons=["Pileta", "Tenis", "SUM"])
        await maria.taps("Tenis")

It needs pytest-asyncio, in whichever mode: a test that uses it is marked for it.
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
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Marks a coroutine that uses ``whatsapp``, itself or by way of a fixture.

    In its strict mode pytest-asyncio would not run it. This is the first moment when all of a test's fixtures
    are known, and the last before pytest-asyncio reads the marks.
    """
    function = getattr(metafunc.function, "__func__", metafunc.function)
    if (
        inspect.iscoroutinefunction(function)
        and MARKER in metafunc.fixturenames
        and not metafunc.definition.get_closest_marker("asyncio")
    ):
        pytest.mark.asyncio(function)
        # The definition has read the function's marks already; pytest-asyncio looks at both.
        metafunc.definition.add_marker("asyncio")


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
