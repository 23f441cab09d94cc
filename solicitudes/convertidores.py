"""Path converter of the radicado (architecture §8.8): `path("solicitudes/<radicado:radicado>/", …)`.

Import this module in every urls.py that uses it; it registers itself once.
"""

from django.urls import register_converter


class Radicado:
    """`AT-2026-000123`, as `services.numeracion.formato` writes it."""

    regex = r"AT-\d{4}-\d{6,9}"

    def to_python(self, valor: str) -> str:
        return valor

    def to_url(self, valor: str) -> str:
        return valor


register_converter(Radicado, "radicado")
