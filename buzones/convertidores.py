"""Path converter of a decision: `path("correo/<int:pk>/<decision:accion>/", …)`."""

from django.urls import register_converter

from buzones.botones import BOTONES


class DecisionDeCorreo:
    """One of those that a person may take, with hyphens."""

    regex = "|".join(sorted((boton.url for boton in BOTONES.values()), key=len, reverse=True))

    def to_python(self, valor: str) -> str:
        return valor.replace("-", "_")

    def to_url(self, valor: str) -> str:
        return valor.replace("_", "-")


register_converter(DecisionDeCorreo, "decision")
