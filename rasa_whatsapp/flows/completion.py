"""A finished Flow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa_whatsapp.events import FlowReply, Person


@dataclass(frozen=True)
class FlowFile:
    """A file in a completion; ``CloudClient.download(id)`` fetches it, as any other media."""

    id: str
    mime_type: str = ""
    sha256: str = ""
    file_name: str = field(default="", repr=False)


@dataclass(frozen=True)
class FlowCompletion:
    """What the user has sent at the end of a Flow.

    Attributes:
        id: of the message.
        from_user: who sent it.
        token: the Flow's token; some iOS versions leave it out.
        response: the payload of the ``complete`` action, or the parameters of the endpoint's last answer.
        body: what the chat shows of it.
        timestamp: seconds since 1970.
    """

    id: str
    from_user: Person
    token: str = field(default="", repr=False)
    response: dict[str, Any] = field(default_factory=dict, repr=False)
    body: str = field(default="", repr=False)
    timestamp: int = 0

    @classmethod
    def from_reply(cls, reply: FlowReply) -> FlowCompletion:
        """The completion in a message."""
        return cls(
            id=reply.id,
            from_user=reply.sender,
            token=reply.flow_token,
            response=reply.answers,
            body=reply.body,
            timestamp=reply.timestamp,
        )

    def files(self, name: str) -> tuple[FlowFile, ...]:
        """The files of a picker; empty when nothing was picked, or it is no picker."""
        listed = self.response.get(name)
        entries = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        names = ("id", "mime_type", "sha256", "file_name")
        return tuple(
            FlowFile(**{key: str(each.get(key) or "") for key in names}) for each in entries if each.get("id")
        )
