"""The pictures of papers in docs show every page."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from tests.minutes.pictures import FOLDER, MOST, PRINTS, WIDE, picture_of


def pdf_of(pages: int) -> bytes:
    """That many pages of A4, each with a black mark in its middle."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    for _ in range(pages):
        canvas.rect(290, 414, 15, 15, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(("pages", "across", "down"), [(1, 1, 1), (2, 2, 1), (5, 3, 2), (7, 3, 3)])
def test_every_page_is_in_the_picture(pages: int, across: int, down: int) -> None:
    picture = picture_of(pdf_of(pages))
    wide, high = picture.width / across, picture.height / down
    assert wide == pytest.approx(WIDE, abs=3)
    assert wide / high == pytest.approx(595 / 842, abs=0.01)
    middles = [
        picture.getpixel((round((column + 0.5) * wide), round((row + 0.5) * high)))
        for row in range(down)
        for column in range(across)
    ]
    assert [middle == (0, 0, 0) for middle in middles] == [place < pages for place in range(across * down)]


def test_the_kept_pictures_are_of_papers_of_several_pages() -> None:
    for name in ("minutes", *PRINTS):
        path = FOLDER / f"{name}.png"
        assert path.stat().st_size < MOST
        with Image.open(path) as picture:
            assert (picture.width > 2.9 * WIDE) == (name != "sign-in-sheet"), name
