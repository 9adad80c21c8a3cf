"""Errors tell an operator what is wrong and what to do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rasa_whatsapp import errors

DOCUMENTED = {
    errors.TokenError: (0, 190),
    errors.PermissionDenied: (3, 10, 200, 299, 131005),
    errors.RateLimited: (4, 613, 80007, 130429, 131056, 131057, 131064, 131208, 138005, 2494100),
    errors.WindowClosed: (131047,),
    errors.Undeliverable: (1026, 130403, 130472, 130497, 131021, 131026, 131030, 131049, 131050, 137000),
    errors.InvalidMessage: (
        *(
            100,
            131008,
            131009,
            131051,
            131062,
            131063,
            132000,
            132001,
            132005,
            132007,
            132008,
            132012,
            132015,
        ),
        *(132016, 132018, 132068, 132069, 132999, 135000, 139000, 139002, 2388012, 2388019, 2388039, 2388299),
    ),
    errors.MediaRejected: (131052, 131053),
    errors.AccountProblem: (
        *(33, 368, 131031, 131037, 131042, 131044, 131045, 131048, 133000, 133004, 133005, 133006, 133008),
        *(133009, 133010, 133015, 133016, 134011, 136024, 138000, 138018, 147001, 147005, 2494164, 2593109),
    ),
    errors.ServiceUnavailable: (1, 2, 131000, 131016),
    errors.GraphError: (130501, 131060, 139103, 999999),
}
CASES = [(kind, code) for kind, codes in DOCUMENTED.items() for code in codes]


def answer(code: object, **more: object) -> dict[str, object]:
    return {"error": {"message": f"(#{code}) Title", "code": code, "fbtrace_id": "A1", **more}}


@pytest.mark.parametrize(("kind", "code"), CASES)
def test_the_code_alone_chooses_the_class(kind: type[errors.GraphError], code: int) -> None:
    """Whatever the HTTP status says, a code always gives the same class."""
    for status in (200, 400, 429, 500):
        assert type(errors.graph_error(answer(code), http_status=status)) is kind


@pytest.mark.parametrize(("kind", "code"), CASES)
def test_every_code_has_a_sentence_of_help(kind: type[errors.GraphError], code: int) -> None:
    """The help is one plain sentence that ends in a full stop, and both an answer and a status carry it."""
    error = errors.graph_error(answer(code))
    assert re.fullmatch(r"[A-Z].{20,}\.", error.help)
    assert error.help in str(error)
    assert error.help in errors.explain(code)


def test_the_text_shows_all_that_support_asks_for() -> None:
    """An operator reads code, title, details, help, status and trace in one line."""
    error = errors.graph_error(
        answer(131047, error_data={"details": "More than 24 hours have passed."}), http_status=400
    )
    assert str(error).startswith("Meta's error 131047: Title: More than 24 hours have passed. ")
    assert str(error).endswith("[HTTP 400, fbtrace_id A1]")
    assert "reengagement_template" in str(error)
    assert (error.message, error.title) == ("(#131047) Title", "Title")


def test_a_failed_status_is_explained() -> None:
    """A webhook's error becomes one readable line with Meta's words and what to do."""
    line = errors.explain(131026, "Message undeliverable", "Receiver is incapable.")
    assert line.startswith("Meta's error 131026: Message undeliverable: Receiver is incapable. ")
    assert "update WhatsApp" in line


def test_a_failed_status_without_a_code_is_explained_by_its_words() -> None:
    """Serpro's reports have words alone; and nothing is made up where there are none."""
    assert errors.explain(None, "", "Número inválido.") == "WhatsApp says: Número inválido."
    assert errors.explain(None) == "WhatsApp did not say why."


def test_no_code_stands_in_two_tables() -> None:
    """A code belongs to one class, so the order of the tables does not matter."""
    kinds = (errors.GraphError, *errors.GraphError.__subclasses__())
    seen = [code for kind in kinds for code in kind.helps]
    assert len(seen) == len(set(seen))


def test_only_proven_rejections_are_safe_to_resend() -> None:
    """Only the codes by which Meta refuses before processing allow a repeat."""
    safe = {code for _, code in CASES if errors.graph_error(answer(code)).safe_to_resend}
    assert safe == {4, 80007, 130429, 131056, 131057}


@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, errors.ServiceUnavailable), (503, errors.ServiceUnavailable), (404, errors.GraphError)],
)
def test_without_json_the_status_decides(status: int, kind: type[errors.GraphError]) -> None:
    """A proxy's HTML page has no code: 5xx is an outage, anything else names the proxy as suspect."""
    error = errors.graph_error(None, http_status=status)
    assert type(error) is kind
    assert error.code is None
    assert not error.safe_to_resend


def test_without_json_429_is_sent_again() -> None:
    """Whoever keeps the rate, Meta's edge or a proxy, has turned the request away unread."""
    error = errors.graph_error(None, http_status=429, retry_after=5)
    assert type(error) is errors.RateLimited
    assert error.safe_to_resend
    assert (error.code, error.retry_after) == (None, 5)
    assert "send more slowly" in str(error)


def test_error_data_may_be_a_string() -> None:
    """Meta sometimes sends error_data as a plain string: it is the details."""
    assert errors.graph_error(answer(100, error_data="Param to is missing")).details == "Param to is missing"


def test_a_code_written_as_text_counts() -> None:
    """A code in quotes is still that code."""
    assert type(errors.graph_error(answer("131047"))) is errors.WindowClosed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)
FIELDS = ("message", "code", "error_data", "fbtrace_id", "error_user_msg")


@given(
    body=JSON | st.fixed_dictionaries({"error": JSON | st.fixed_dictionaries(dict.fromkeys(FIELDS, JSON))}),
    status=st.none() | st.integers(100, 599),
)
def test_no_answer_is_too_odd(body: object, status: int | None) -> None:
    """Whatever the body holds, the result is a typed error with help, never another exception."""
    error = errors.graph_error(body, http_status=status)
    assert isinstance(error, errors.GraphError)
    assert error.help in str(error)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    """Each class drawn in the docstring stands under the parent it is drawn under, and none is missing."""
    assert errors.__doc__ is not None
    parents: list[type] = [errors.WhatsAppError]
    drawn = {errors.WhatsAppError}
    for line in errors.__doc__.splitlines():
        if match := re.match(r"([│├└─ ]+)(\w+) ", line):
            depth = len(match[1]) // 4
            kind = getattr(errors, match[2])
            assert kind.__bases__[0] is parents[depth - 1]
            parents[depth:] = [kind]
            drawn.add(kind)
    defined = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)
    }
    assert defined == drawn
