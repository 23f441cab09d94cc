"""What people are told of a concepto."""

from collections.abc import Callable

from avisos.carta import Carta
from avisos.eventos import Clase, Evento, registrar_evento
from direcciones.roles import DE_ENTIDAD

CONCEPTOS = "Conceptos"


def _ejemplo(que_paso: str, boton: str, que_hacer: str = "") -> Callable[[], Carta]:
    numero = "C-2026-000045"
    return lambda: Carta(
        asunto=f"[AT-2026-000123] El concepto {numero} {que_paso}",
        que_paso=f"El concepto {numero}, «Eliminación de documentos», {que_paso}.",
        que_hacer=que_hacer,
        boton=boton,
        ruta="/banco/",
    )


registrar_evento(
    Evento(
        "conceptos.entrega",
        "Respondimos con un concepto firmado",
        "Lo que pide mi entidad",
        _ejemplo(
            "responde su solicitud",
            "Abrir el concepto",
            "El PDF firmado va en este correo. "
            "Léalo y compruebe que es auténtico con el código QR de la última página.",
        ),
        Clase.LEGAL,
        resumible=False,
        para=DE_ENTIDAD,
    )
)
registrar_evento(
    Evento(
        "conceptos.ya_no_vale",
        "Un concepto que ya no vale",
        "Lo que pide mi entidad",
        _ejemplo("se anuló y ya no vale", "Ver el concepto", "Si ya lo usó, revise qué decidió con él."),
        Clase.LEGAL,
        resumible=False,
        para=DE_ENTIDAD,
    )
)
for _clave, _titulo, _que_paso, _boton in (
    ("por_revisar", "Un concepto espera su revisión", "espera su revisión", "Revisar el concepto"),
    ("por_firmar", "Un concepto espera su firma", "espera su firma", "Leer y firmar"),
    ("devuelto", "Un concepto volvió con observaciones", "volvió con observaciones", "Corregir el concepto"),
    ("notificado", "Un concepto se envió a la entidad", "se firmó y se envió a la entidad", "Ver el concepto"),
    ("sin_efecto", "Un concepto se anuló o se sustituyó", "se anuló", "Ver el concepto"),
):
    registrar_evento(Evento(f"conceptos.{_clave}", _titulo, CONCEPTOS, _ejemplo(_que_paso, _boton)))
