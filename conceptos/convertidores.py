"""Path converter of the concepto's number: `path("banco/<numero:numero>/", …)`."""

from django.urls import register_converter


class Numero:
    """`C-2026-000123`, as `solicitudes.services.numeracion.formato` writes it."""

    regex = r"C-\d{4}-\d{6,9}"

    def to_python(self, valor: str) -> str:
        return valor

    def to_url(self, valor: str) -> str:
        return valor


register_converter(Numero, "numero")
