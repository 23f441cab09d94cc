"""QR codes as data URIs: the only images a document may carry that do not come from our own static files."""

import base64
import io

import segno


def qr_de(url: str) -> str:
    """The QR of `url` as an SVG data URI. Error level M: it survives a fold or a coffee stain."""
    salida = io.BytesIO()
    segno.make_qr(url, error="m", boost_error=False).save(
        salida, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True
    )
    return "data:image/svg+xml;base64," + base64.b64encode(salida.getvalue()).decode()
