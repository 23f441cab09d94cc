"""Names of dependencias and entidades inside a sentence: data. Their gender is guessed, from the first word."""

FEMENINAS = {
    "dirección",
    "subdirección",
    "subsecretaría",
    "secretaría",
    "oficina",
    "unidad",
    "coordinación",
    "imprenta",
    "alcaldía",
    "caja",
    "contraloría",
    "corporación",
    "empresa",
    "fundación",
    "lotería",
    "orquesta",
    "personería",
    "subred",
    "universidad",
    "veeduría",
}
MASCULINAS = {
    "archivo",
    "canal",
    "concejo",
    "departamento",
    "despacho",
    "equipo",
    "fondo",
    "grupo",
    "instituto",
    "jardín",
}


def con_articulo(nombre: str) -> str:
    """«la Dirección…», «el Archivo…»; a name that starts otherwise stays as it is."""
    primera = nombre.split(" ", 1)[0].lower()
    if primera in FEMENINAS:
        return f"la {nombre}"
    return f"el {nombre}" if primera in MASCULINAS else nombre
