"""Types of input, bounded at the edge, so that bad input is refused by field.

`form` is the normal form into which `cleaning.py` brings a text before its bounds are looked at.
"""

from typing import Annotated, TypeAlias

from msgspec import Meta

# Text to be shown and printed has no control characters and none that turn the direction of writing, by which it
# could read otherwise than it was voted; line ends and tabs only where it may have many lines. `$` alone would let a
# line's end pass.
LINES = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
UNSEEN = rf"\t\n\r{LINES}"
END = r"$(?!\n)"
SAID = rf"^[^{UNSEEN}]*[^\s{UNSEEN}][^{UNSEEN}]*{END}"  # one line, not only blanks
ANY_LINE = rf"^[^{UNSEEN}]*{END}"
ANY_TEXT = rf"^[^{LINES}]*{END}"
SAID_TEXT = rf"^[^{LINES}]*[^\s{LINES}][^{LINES}]*{END}"

MOST_ID = 2**53 - 1  # the largest that a browser reads exactly

Id: TypeAlias = Annotated[int, Meta(ge=1, le=MOST_ID)]

AS_LINE = {"form": "line"}
AS_NAME = {"form": "name"}
AS_CODE = {"form": "code"}
AS_IS = {"form": "as is"}  # kept to the letter, as passwords are

Line: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=SAID, extra=AS_LINE)]
MaybeLine: TypeAlias = Annotated[str, Meta(max_length=200, pattern=ANY_LINE, extra=AS_LINE)]
Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500, pattern=SAID, extra=AS_LINE)]
Reason: TypeAlias = Annotated[str, Meta(max_length=2000, pattern=ANY_TEXT)]
DueReason: TypeAlias = Annotated[str, Meta(min_length=1, max_length=2000, pattern=SAID_TEXT)]
DueText: TypeAlias = Annotated[str, Meta(min_length=1, max_length=20000, pattern=SAID_TEXT)]
Text: TypeAlias = Annotated[str, Meta(max_length=20000, pattern=ANY_TEXT)]

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100, pattern=SAID, extra=AS_NAME)]
Post: TypeAlias = Annotated[str, Meta(max_length=100, pattern=ANY_LINE, extra=AS_LINE)]
