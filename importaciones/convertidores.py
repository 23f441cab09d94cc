"""In an address only the kinds that exist: another word is 404 before any view."""

from importaciones.estados import Tipo


class TipoDeImportacion:
    regex = "|".join(Tipo.values)

    def to_python(self, texto: str) -> Tipo:
        return Tipo(texto)

    def to_url(self, tipo: str) -> str:
        return str(tipo)
