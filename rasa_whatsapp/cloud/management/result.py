"""The base of what management calls return.

Source: Meta, Graph API, Responses.
"""

import msgspec


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """Something as Meta describes it: immutable; a field that Meta does not tell has its default."""
