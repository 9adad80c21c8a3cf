"""Texts are measured, cut and split as WhatsApp counts them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rasa_whatsapp.messages import limits

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇧🇷"
SCOTLAND = "🏴󠁧󠁢󠁳󠁣󠁴󠁿"
CLUSTERS = [FAMILY, FLAG, SCOTLAND, "👍🏽", "❤️", "1️⃣", "é", "a", "b", "?"]

texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=" \n.!ab😀", max_size=200),
    st.lists(st.sampled_from([*CLUSTERS, " ", "\n", "\n\n", ". "]), max_size=60).map("".join),
)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_length_is_in_utf_16_code_units() -> None:
    """A character outside the basic plane counts as two, an accent as one."""
    assert limits.length("") == 0
    assert limits.length("ação") == 4
    assert limits.length("😀") == 2
    assert limits.length(FLAG) == 4
    assert limits.length("\ud800") == 1


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("Tênis", 5, "Tênis"),
        ("Aula de tênis para iniciantes", 24, "Aula de tênis para…"),
        ("Aula de tênis", 12, "Aula de…"),
        ("Aula de tênis", 8, "Aula de…"),
        ("Otorrinolaringologista", 10, "Otorrinol…"),
        ("Um otorrinolaringologista", 12, "Um otorrino…"),
        ("abc", 1, "…"),
        ("😀😀😀", 4, "😀…"),
        (FLAG * 3, 8, FLAG + "…"),
        (FAMILY + FAMILY, 14, FAMILY + "…"),
        ("👍🏽👍🏽", 7, "👍🏽…"),
        ("cafe\u0301s", 5, "caf…"),
    ],
)
def test_a_text_is_cut_at_a_word(text: str, limit: int, expected: str) -> None:
    """The cut is after a whole word, unless too little would be left; an emoji stays whole."""
    assert limits.cut(text, limit) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 10, []),
        (" \n ", 2, []),
        ("Oi", 10, ["Oi"]),
        ("Um parágrafo.\n\nOutro, com mais texto.", 30, ["Um parágrafo.", "Outro, com mais texto."]),
        ("Oi\n\nUma frase. Outra frase", 20, ["Oi\n\nUma frase.", "Outra frase"]),
        ("Uma frase. Outra frase.", 12, ["Uma frase.", "Outra frase."]),
        ("uma linha\noutra linha", 12, ["uma linha", "outra linha"]),
        ("aaaa bbbb", 4, ["aaaa", "bbbb"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        (FLAG * 3, 6, [FLAG] * 3),
        ("é😀", 2, ["é", "😀"]),
    ],
)
def test_a_text_is_split_where_a_reader_would(text: str, limit: int, expected: list[str]) -> None:
    """Paragraph before line, line before sentence, sentence before word."""
    assert limits.split(text, limit) == expected


@given(texts, st.integers(1, 60))
@example("a\u0301" * 10, 4)
def test_a_cut_text_fits_and_is_the_beginning(text: str, limit: int) -> None:
    """What fits stays as it is; what does not ends with an ellipsis and fits."""
    short = limits.cut(text, limit)
    assert limits.length(short) <= limit
    if limits.length(text) <= limit:
        assert short == text
    else:
        assert short.endswith("…")
        assert text.startswith(short[:-1])


@given(texts, st.integers(2, 60))
def test_splitting_loses_white_space_only(text: str, limit: int) -> None:
    """Each piece fits and is not blank; together they are the text without the seams' white space."""
    pieces = limits.split(text, limit)
    assert all(limits.length(piece) <= limit for piece in pieces)
    assert all(piece.strip() for piece in pieces)
    assert squeezed("".join(pieces)) == squeezed(text)
    rest = text
    for piece in pieces:
        assert piece in rest
        rest = rest[rest.index(piece) + len(piece) :]
    if limits.length(text) <= limit:
        assert pieces == ([text] if text.strip() else [])


@given(st.lists(st.sampled_from(CLUSTERS[:6]), min_size=1, max_size=30), st.integers(16, 40))
def test_no_emoji_is_broken(clusters: list[str], limit: int) -> None:
    """Flags, families and skin tones are whole in every piece when each fits."""
    whole = "".join(clusters)
    ends = {len("".join(clusters[:n])) for n in range(len(clusters) + 1)}
    position = 0
    for piece in limits.split(whole, limit):
        position += len(piece)
        assert position in ends
    short = limits.cut(whole, limit)
    assert len(short.removesuffix("…")) in ends


@given(st.text(alphabet="😀𝒜a", min_size=1, max_size=50), st.integers(2, 20))
def test_no_surrogate_pair_is_broken(text: str, limit: int) -> None:
    """Every piece can be written as UTF-8."""
    for piece in [*limits.split(text, limit), limits.cut(text, limit)]:
        piece.encode()


@pytest.mark.parametrize(("function", "limit"), [(limits.cut, 0), (limits.split, 1)])
def test_an_impossible_limit_is_refused(function: object, limit: int) -> None:
    """Nothing fits into no room."""
    with pytest.raises(ValueError, match="cannot be"):
        function("abc", limit)  # type: ignore[operator]
