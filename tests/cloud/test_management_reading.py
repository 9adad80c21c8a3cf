"""What Meta answers is read as far as it can be: one odd field costs nothing but itself."""

from __future__ import annotations

from typing import Any

import pytest
from graph_servers import answering, calling

from rasa_whatsapp.cloud.management import Command, ConversationalAutomation, FlowInfo, FlowIssue
from rasa_whatsapp.cloud.management.node import read

ISSUE = {"error": "INVALID", "message": "Property 'x' is not allowed", "line_start": 3, "column_start": 7}


@pytest.mark.parametrize(
    "odd",
    [
        {"line_end": None},
        {"pointers": None},
        {"pointers": [{"line_start": 3}, "screens[0]"]},
        {"column_end": "none"},
        {"error_type": 7},
    ],
)
async def test_a_complaint_with_an_odd_field_is_still_a_complaint(odd: dict[str, Any]) -> None:
    """Wherever Flows are answered with what is wrong with them, so that none is published unmended."""
    answer = {"id": "1", "validation_errors": [{**ISSUE, **odd}, ISSUE]}
    async with calling(answering(json=answer), waba_id="1") as client:
        made, got = await client.flows.create("sign_up"), await client.flows.get("1")
    for flow in made, got:
        assert [str(issue) for issue in flow.validation_errors] == [
            "line 3, column 7: Property 'x' is not allowed"
        ] * 2


def test_whole_numbers_may_be_written_as_text() -> None:
    """As Meta does in some of its answers."""
    assert read(FlowIssue, {"line_start": "3", "line_end": "x"}) == FlowIssue(line_start=3)


def test_objects_below_are_read_in_the_same_way() -> None:
    """A single one, and each in a list; what is no object is passed over."""
    flow = read(FlowInfo, {"preview": {"preview_url": "https://x", "expires_at": None}})
    assert (flow.preview.preview_url, flow.preview.expires_at) == ("https://x", "")
    assert read(FlowInfo, {"preview": None, "validation_errors": {}}) == FlowInfo()
    commands = [{"command_name": "help", "command_description": None}, None, {"command_name": "menu"}]
    offered = read(ConversationalAutomation, {"commands": commands, "prompts": ["Oi", None, 7]})
    assert offered.commands == (Command("help"), Command("menu"))
    assert offered.prompts == ("Oi",)
