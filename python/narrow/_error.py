"""The exception that everything in this package raises where a request cannot be carried out."""

from __future__ import annotations


# Fields of the library's requests that have other names here, as texts spell them between backquotes.
_KEYWORDS = {
    "data.scale": "data_scale",
    "data.offset": "data_offset",
    "data.is_quantized": "data_is_quantized",
    "packages": "package",
    "tensors_folder": "per_op",
    "histograms=true": "minmax_only=False",
}


def in_keywords(text: str) -> str:
    """A text of the library with fields as this package spells them."""
    for field, keyword in _KEYWORDS.items():
        text = text.replace(f"`{field}`", f"`{keyword}`")
    return text


class Error(Exception):
    """A failure: what went wrong, where, and what to do about it.

    The words are those of the command line, with options spelled as keywords: `io='int8'` instead of --io int8.

    Attributes:
        kind: "bad_file", "unsupported", "limit_exceeded", "bad_data", "bad_option", "io", "cancelled", or "internal",
            which alone is a bug of narrow's.
        what: one line.
        where: the place: a file, an op, a tensor. May be empty.
        remedy: one line, what to do about it. May be empty.
        field: the keyword that is at fault. Empty where no single one is.
    """

    def __init__(self, kind: str, what: str, where: str = "", remedy: str = "", field: str = "") -> None:
        what, where, remedy, field = (in_keywords(text) for text in (what, where, remedy, field))
        field = _KEYWORDS.get(field, field)
        super().__init__(kind, what, where, remedy, field)  # so that the exception pickles
        self.kind = kind
        self.what = what
        self.where = where
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return self.what + place + (f"\n{self.remedy}" if self.remedy else "")


class AccuracyWarning(UserWarning):
    """Something that the user should know of a result: values lost, ops that stay float, odd samples."""
