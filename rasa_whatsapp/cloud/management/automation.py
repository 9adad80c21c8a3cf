"""Ice breakers and commands: what WhatsApp offers a person before they have typed anything.

Source: Meta, Cloud API, Conversational components.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from rasa_whatsapp.cloud.management.node import Node, read
from rasa_whatsapp.cloud.management.result import Result
from rasa_whatsapp.errors import MessageError
from rasa_whatsapp.fields import mapping
from rasa_whatsapp.messages import checks

PROMPTS = 4
PROMPT = 80
COMMANDS = 30
COMMAND_NAME = 30
"""Meta's guide says 32, its OpenAPI file 30: the smaller fits both."""
COMMAND_DESCRIPTION = 256


class Command(msgspec.Struct, frozen=True):
    """A command that appears when a person types ``/``; it arrives as the text ``/name …``.

    Attributes:
        name: at most 30 characters, without the slash.
        description: a hint of at most 256 characters.
    """

    name: str = msgspec.field(name="command_name", default="")
    description: str = msgspec.field(name="command_description", default="")


class ConversationalAutomation(Result, frozen=True):
    """Ice breakers (``prompts``), ``commands``, and whether Meta tells when a chat is opened first."""

    prompts: tuple[str, ...] = ()
    commands: tuple[Command, ...] = ()
    enable_welcome_message: bool = False


class Automation:
    """The number's ice breakers and commands. Source: Meta, Cloud API, Conversational components."""

    def __init__(self, number: Node) -> None:
        self._number = number

    async def get(self) -> ConversationalAutomation:
        """What the number offers now."""
        answer = await self._number.get(fields="conversational_automation")
        return read(ConversationalAutomation, mapping(answer, "conversational_automation"))

    async def set(
        self,
        *,
        prompts: Iterable[str] | None = None,
        commands: Iterable[Command] | None = None,
        enable_welcome_message: bool | None = None,
    ) -> None:
        """Replace what is given and leave the rest; an empty list takes all away.

        Args:
            prompts: up to 4 ice breakers of up to 80 characters (UTF-16 code units); a tapped one arrives as
                an ordinary text.
            commands: up to 30.

        Raises:
            MessageError: a limit is broken, a name is there twice, or nothing is given.
        """
        changes: dict[str, Any] = {}
        if prompts is not None:
            changes["prompts"] = _prompts(prompts)
        if commands is not None:
            changes["commands"] = _commands(commands)
        if enable_welcome_message is not None:
            changes["enable_welcome_message"] = enable_welcome_message
        if not changes:
            raise MessageError("prompts", "and commands are not given: there is nothing to change.")
        await self._number.post("conversational_automation", json=changes)


def _prompts(given: Iterable[str]) -> list[str]:
    prompts = checks.parts("prompts", given, str, PROMPTS, 0)
    for index, prompt in enumerate(prompts):
        checks.text(f"prompts[{index}]", prompt, PROMPT)
    return [*prompts]


def _commands(given: Iterable[Command]) -> list[Any]:
    commands = checks.parts("commands", given, Command, COMMANDS, 0)
    for index, command in enumerate(commands):
        place = f"commands[{index}]"
        checks.identifier(f"{place}.name", command.name, COMMAND_NAME)
        if command.name.startswith("/"):
            raise MessageError(f"{place}.name", "must be without the slash: WhatsApp adds it.")
        checks.text(f"{place}.description", command.description, COMMAND_DESCRIPTION)
    checks.unique([(f"commands[{index}].name", command.name) for index, command in enumerate(commands)])
    return [msgspec.to_builtins(command) for command in commands]
