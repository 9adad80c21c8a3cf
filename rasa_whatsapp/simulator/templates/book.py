"""The templates that the account has, and which of them a message means."""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.refusal import Refusal
from rasa_whatsapp.simulator.state import Wording
from rasa_whatsapp.simulator.templates.parameters import check_parameters, wording

_FIRST_ID = 400500600700800
MOST = 250
"""Templates that an account may have."""
_CODE_TEXT = "*{{1}}* is your verification code."
# What a message is refused for, by the status of its template.
_UNSENDABLE = {
    "PAUSED": (132015, "The template is paused because of its low quality."),
    "DISABLED": (132016, "The template was paused too often and is disabled for good."),
}


class TemplateBook:
    """Templates by id; a new account has one, ``hello_world``."""

    def __init__(self) -> None:
        self._templates: dict[str, dict[str, Any]] = {}
        self._next_id = _FIRST_ID
        hello = {"name": "hello_world", "language": "en_US", "category": "UTILITY"}
        self.add(hello, _body("Hello World"), "APPROVED")

    @property
    def all(self) -> list[dict[str, Any]]:
        """Every template, the oldest first."""
        return list(self._templates.values())

    def find(self, template_id: str) -> dict[str, Any] | None:
        """The template of this id."""
        return self._templates.get(template_id)

    def named(self, name: str, language: str = "") -> list[dict[str, Any]]:
        """The template of this name in each of its languages, or in this one."""
        return [each for each in self.all if each["name"] == name and language in ("", each["language"])]

    def add(
        self, definition: dict[str, Any], components: list[dict[str, Any]], status: str
    ) -> dict[str, Any]:
        """Keep a new template, of this status."""
        if definition["category"] == "AUTHENTICATION":
            components = [_with_code(each) for each in components]
        template = {
            "id": str(self._next_id),
            "name": definition["name"],
            "language": definition["language"],
            "status": status,
            "category": definition["category"],
            "parameter_format": str(definition.get("parameter_format") or "POSITIONAL").upper(),
            "components": components,
            "rejected_reason": "NONE",
            "quality_score": {"score": "UNKNOWN"},
        }
        self._next_id += 1
        self._templates[template["id"]] = template
        return template

    def remove(self, template_id: str) -> None:
        """Forget the template of this id."""
        del self._templates[template_id]

    def category(self, body: dict[str, Any]) -> str:
        """The category of a message: its template's, in small letters, or "service"."""
        if body.get("type") != "template":
            return "service"
        template = self._meant(body)
        return str(template["category"]).lower() if template else "utility"

    def wording(self, body: dict[str, Any]) -> Wording | None:
        """What people read in a message, by its template; None where that is not known."""
        template = self._meant(body) if body.get("type") == "template" else None
        return wording(template, body["template"]) if template else None

    def check(self, body: dict[str, Any], *, unknown_refused: bool) -> None:
        """Refuse a message whose template cannot be sent, or not with these parameters.

        Raises:
            Refusal: 132001, 132015 or 132016; 131062 for one that goes to phone numbers only; for the
                parameters as :func:`check_parameters`.
        """
        if body.get("type") != "template":
            return
        message, template = body["template"], self._meant(body)
        if template is None:
            if unknown_refused or self.named(message["name"]):
                language = message["language"]["code"]
                raise Refusal(132001, f"The template {message['name']} does not exist in {language}.")
            return
        if template["status"] != "APPROVED":
            unapproved = (132001, f"The template {message['name']} is not approved.")
            raise Refusal(*_UNSENDABLE.get(template["status"], unapproved))
        if template["category"] == "AUTHENTICATION" and not body.get("to"):
            raise Refusal(131062, "A template of authentication must go to a phone number.")
        check_parameters(template, message)

    def _meant(self, body: dict[str, Any]) -> dict[str, Any] | None:
        message = body["template"]
        found = self.named(message["name"], message["language"]["code"])
        return found[0] if found else None


def _body(text: str) -> list[dict[str, Any]]:
    return [{"type": "BODY", "text": text}]


def _with_code(component: dict[str, Any]) -> dict[str, Any]:
    """Meta writes the text of an authentication template itself."""
    is_body = str(component.get("type")).upper() == "BODY"
    return {**component, "text": _CODE_TEXT} if is_body else component
