"""Keys of a response that nobody here reads: another connector's, or misspelt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_whatsapp.messages import limits
from rasa_whatsapp.rendering.draft import Draft
from rasa_whatsapp.rendering.values import line_of, text_of

PARTS = ("text", "image", "attachment", "buttons", "quick_replies", "elements", "custom")
"""What a person may see of a response."""

NOT_SHOWN = {
    # Of a domain file.
    *("id", "channel", "condition", "metadata", "button_type", "translation", "allow_interruptions"),
    # Of Rasa and of rasa_sdk.
    *("response", "template", "utter_action", "timestamp", "model_id", "assistant_id"),
    # Of Rasa Pro: where a response comes from, and what it took.
    *("utter_source", "mantle_response_source", "domain_ground_truth", "search_results", "prompts"),
    *("active_flow", "step_id", "flow_id", "parent_flow_id", "parent_step_id", "skill_id", "message_id"),
    *("context_id", "task_id", "execution_times", "execution_success", "execution_error_message"),
    *("structured_results", "resumed_after_interruption", "restarted", "exit_if", "discarded"),
}
"""What the author, Rasa or Rasa Pro 3.21 writes into a response, and not for the person."""

NOT_SHOWN_PREFIXES = ("agent_", "llm_", "streamed_", "voice_", "langfuse_")


def note_unknown_keys(response: Mapping[str, Any], draft: Draft) -> None:
    """Note what is lost of a response because of a key that no message is made of.

    A custom action's values for the braces of a text (``utter_message(response="utter_hi", name="Ana")``)
    stand beside the text under such keys, too; they are not lost when they are in it.
    """
    unknown = [key for key, value in response.items() if value and not _is_known(text_of(key))]
    if not unknown:
        return
    shown = " ".join(text_of(response.get(part)) for part in PARTS)
    for key in unknown:
        if text_of(response[key]) not in shown:
            # A response of which nothing else is left has not been sent at all.
            noted = draft.cuts if draft.messages else draft.problems
            name = limits.cut(line_of(key), 40)
            noted.append(f"{name}: unknown, not sent; what is sent stands under {', '.join(PARTS)}")


def _is_known(key: str) -> bool:
    return key in PARTS or key in NOT_SHOWN or key.startswith(NOT_SHOWN_PREFIXES)
