"""QR codes as SVG, for screens and slips."""

from io import BytesIO

import segno


def picture_of(address: str) -> str:
    """Returns a QR code of the address, as SVG with its quiet zone."""
    drawn = BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return drawn.getvalue().decode()
