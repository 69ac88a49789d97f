"""What is known beside a text, read from further columns of its row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from hoakscheck.civic.context import Context
from hoakscheck.errors import InvalidContextError
from hoakscheck.scoring.verdicts import Scorable, Unusable, is_nothing

#: Field of :class:`hoakscheck.Context` -> column that holds it.
ContextColumns = Mapping[str, str]

_FIELDS: Final = tuple(field.name for field in fields(Context))
_FLAGS: Final = frozenset({"is_paid", "branded_content"})
_YES: Final = frozenset({"true", "t", "yes", "y", "ya", "1"})
_NO: Final = frozenset({"false", "f", "no", "n", "tidak", "0"})


def check_fields(columns: ContextColumns | None) -> dict[str, str]:
    """Return the columns of the fields of a context; none where there are none.

    Raises:
        InvalidContextError: there is no such field.

    >>> check_fields({"paid": "sponsored"})
    Traceback (most recent call last):
        ...
    hoakscheck.errors.InvalidContextError: context column is 'paid'; it must be one of is_paid, branded_content, account_type, \
platform, published_at
    """
    for name in columns or {}:
        if name not in _FIELDS:
            raise InvalidContextError("context column", name, f"it must be one of {', '.join(_FIELDS)}")
    return dict(columns or {})


def context_of(cells: Mapping[str, Any], columns: Iterable[tuple[str, str]]) -> Context | Unusable:
    """Return what the cells of a row tell, or why they tell nothing; an empty cell tells nothing and is none the worse.

    Args:
        cells: column -> value.
        columns: fields with their columns.

    >>> context_of({"sponsored": "ya", "akun": ""}, [("is_paid", "sponsored"), ("account_type", "akun")]).is_paid
    True
    >>> context_of({"sponsored": "perhaps"}, [("is_paid", "sponsored")]).reason
    "has no usable context: is_paid is 'perhaps'; it must be True, False or None"
    """
    known = {name: _plain(name, cells.get(column)) for name, column in columns}
    try:
        return Context(**known)
    except InvalidContextError as error:
        return Unusable(f"has no usable context: {error}")


def beside(
    texts: Sequence[Scorable], cells: Mapping[str, Sequence[Any]], columns: ContextColumns
) -> tuple[Sequence[Scorable], list[Context | None] | None]:
    """Return texts and what is known beside each; a text whose context cannot be read cannot be judged either.

    Args:
        texts: the texts, or why there is none.
        cells: column -> its value in each row.
        columns: fields with their columns; with none nothing is known, and None comes back in place of a list.
    """
    if not columns:
        return texts, None
    judged: list[Scorable] = []
    contexts: list[Context | None] = []
    for place, text in enumerate(texts):
        context = context_of({name: values[place] for name, values in cells.items()}, columns.items())
        judged.append(context if isinstance(context, Unusable) and isinstance(text, str) else text)
        contexts.append(None if isinstance(context, Unusable) else context)
    return judged, contexts


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip() or None
    elif is_nothing(value):
        value = None
    if value is None or name not in _FLAGS:
        return value
    said = str(value).lower().removesuffix(".0")
    return True if said in _YES else False if said in _NO else value
