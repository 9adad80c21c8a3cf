"""Meta's judgement of templates and Flows: their status changes, and the bot is told.

Source: Meta, Webhooks, message_template_status_update and flows; Flows, Lifecycle.
"""

from __future__ import annotations

from typing import Any

from rasa_whatsapp.simulator.clock import Clock
from rasa_whatsapp.simulator.flows.book import FlowBook
from rasa_whatsapp.simulator.templates.book import TemplateBook
from rasa_whatsapp.simulator.webhook.deliveries import Webhook
from rasa_whatsapp.simulator.webhook.envelope import Wire

TEMPLATE_STATUSES = ("APPROVED", "PENDING", "REJECTED", "PAUSED", "DISABLED")
REASONS = (
    "ABUSIVE_CONTENT",
    "CATEGORY_NOT_AVAILABLE",
    "INCORRECT_CATEGORY",
    "INVALID_FORMAT",
    "PROMOTIONAL",
    "SCAM",
    "TAG_CONTENT_MISMATCH",
)
"""Why a template may be rejected."""
_FORMAT = "INVALID_FORMAT"
# Meta says more of this reason alone.
_FORMAT_INFO = {
    "reason": "A variable stands where none may stand.",
    "recommendation": "Put words before and after each variable, and submit the template again.",
}
FLOW_STATUSES = ("PUBLISHED", "THROTTLED", "BLOCKED", "DEPRECATED")


class Review:
    """Whoever at Meta decides."""

    def __init__(
        self, templates: TemplateBook, flows: FlowBook | None, webhook: Webhook, wire: Wire, clock: Clock
    ) -> None:
        self._templates = templates
        self._flows = flows
        self._webhook = webhook
        self._wire = wire
        self._clock = clock

    @property
    def judged(self) -> dict[str, Any]:
        """Every template and Flow with its status, and the statuses that there are, as a page needs them."""
        shown = ("name", "language", "category", "status")
        flows = self._flows.all if self._flows else []
        return {
            "templates": [{key: each[key] for key in shown} for each in self._templates.all],
            "template_statuses": TEMPLATE_STATUSES,
            "flows": [{key: each[key] for key in ("name", "status")} for each in flows],
            "flow_statuses": FLOW_STATUSES,
        }

    def template(self, name: str, status: str, language: str, reason: str = "") -> None:
        """Give a template another status, in one language or in all. Raises :class:`ValueError`.

        ``reason`` is why it is rejected; without one for its format.
        """
        found = self._templates.named(name, language)
        if not found:
            raise ValueError(f"The account has no template {name} {language}".rstrip() + ".")
        if status not in TEMPLATE_STATUSES:
            raise ValueError(f"The status must be one of {', '.join(TEMPLATE_STATUSES)}.")
        rejected = status == "REJECTED"
        if reason and not (rejected and reason in REASONS):
            raise ValueError(f"The reason, which only REJECTED has, must be one of {', '.join(REASONS)}.")
        why = (reason or _FORMAT) if rejected else "NONE"
        for template in found:
            template["status"], template["rejected_reason"] = status, why
            value: dict[str, Any] = {
                "event": status,
                "message_template_id": int(template["id"]),
                "message_template_name": name,
                "message_template_language": template["language"],
                "message_template_category": template["category"],
                "reason": why,
            }
            if why == _FORMAT:
                value["rejection_info"] = _FORMAT_INFO
            self._tell("message_template_status_update", value)

    def flow(self, name: str, status: str) -> None:
        """Give a Flow another status. Raises :class:`ValueError`."""
        flow = self._flows.named(name) if self._flows else None
        if flow is None:
            raise ValueError(f"The account has no Flow {name}.")
        if status not in FLOW_STATUSES:
            raise ValueError(f"The status must be one of {', '.join(FLOW_STATUSES)}.")
        before, flow["status"] = flow["status"], status
        value = {
            "event": "FLOW_STATUS_CHANGE",
            "message": f"Flow {name} changed status from {before} to {status}",
            "flow_id": flow["id"],
            "old_status": before,
            "new_status": status,
        }
        self._tell("flows", value)

    def _tell(self, field: str, value: dict[str, Any]) -> None:
        body = self._wire.notice(field, value, self._clock.now())
        if body is not None:
            self._webhook.send(body)
