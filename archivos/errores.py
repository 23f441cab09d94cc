"""Why a file is not accepted, in words that say how to mend it (interface.md §5.7)."""

from django.core.exceptions import ValidationError


class Rehuso(Exception):
    """A check found a reason. It knows the reason, not yet the name of the file."""

    def __init__(self, codigo: str, motivo: str) -> None:
        super().__init__(motivo)
        self.codigo = codigo
        self.motivo = motivo


class ArchivoRehusado(ValidationError):
    """The sentence for the person, ready for a form field."""

    def __init__(self, mensaje: str, *, codigo: str) -> None:
        super().__init__(mensaje, code=codigo)
        self.codigo = codigo
