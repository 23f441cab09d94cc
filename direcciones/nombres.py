"""Names of dependencias inside a sentence. The names are data; only their gender is guessed, from the first word."""

FEMENINAS = {
    "dirección",
    "subdirección",
    "subsecretaría",
    "secretaría",
    "oficina",
    "unidad",
    "coordinación",
    "imprenta",
}
MASCULINAS = {"archivo", "grupo", "despacho", "departamento", "equipo"}


def con_articulo(nombre: str) -> str:
    """«la Dirección…», «el Archivo…»; a name that starts otherwise stays as it is."""
    primera = nombre.split(" ", 1)[0].lower()
    if primera in FEMENINAS:
        return f"la {nombre}"
    return f"el {nombre}" if primera in MASCULINAS else nombre
