"""How each URL with parameters is filled, and which URLs anybody may open. Both are reviewed by hand.

Add a row when you add a URL with parameters: the objects of the world (objetos.py) that it names, and values of the
same shape that name nothing. A row may also say why a visible object answers 403 to some (`fina`), or who reaches it
through this URL when that is not everybody who sees the object (`ven`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sdfi_portal.aislamiento.elenco import TODOS
from sdfi_portal.aislamiento.objetos import Objeto


def por_pk(fila: Any) -> dict[str, Any]:
    return {"pk": fila.pk}


@dataclass(frozen=True, slots=True)
class Ruta:
    objetos: tuple[str, ...] = ()
    llena: Callable[[Any], dict[str, Any]] = por_pk
    # Values that name nothing. Shape: parameter → value.
    falta: dict[str, Any] = field(default_factory=dict)
    # Closed values that name no object.
    fijos: tuple[dict[str, Any], ...] = ()
    # Why somebody who sees the object may still get 403.
    fina: str = ""
    # Who reaches the object through this URL, when they are not those who see it. None: those who see it.
    ven: frozenset[str] | None = None
    # Statuses that are right here besides the rule (a page that answers 404 to everybody, a link that expired: 410).
    admite: frozenset[int] = frozenset()
    porque: str = ""

    def quienes(self, objeto: Objeto) -> frozenset[str]:
        return objeto.ven if self.ven is None else self.ven


NO_EXISTE = 987_654_321
SIN_RADICADO = "AT-1998-987654"

# URLs that anybody may open, signed in or not. Their reasons are in the views; tests/seguridad shows them together.
PUBLICAS = frozenset(
    {
        "inicio",
        "como_solicitar",
        "ayuda",
        "accesibilidad",
        "preferencias",
        "privacidad",
        "terminos",
        "mapa",
        "salud",
        "encuestas:gracias",
        "encuestas:responder",
        "conceptos:banco",
        "conceptos:publicado",
        "conceptos:publicado_pdf",
        "conceptos:verificar",
        "conceptos:verificar_codigo",
        "demo:correos",
        "demo:correo",
    }
)

RUTAS: dict[str, Ruta] = {
    "preferencias": Ruta(fijos=({"cambio": "letra-mas"}, {"cambio": "contraste"})),
    "avisos:abrir": Ruta(("aviso",), falta={"pk": NO_EXISTE}),
    "encuestas:responder": Ruta(
        ("encuesta",),
        lambda encuesta: {"token": encuesta.token()},
        falta={"token": "0" * 40},
        ven=TODOS,
        porque="quien tiene el enlace la responde; de ella solo se muestra el radicado",
    ),
    "conceptos:nuevo": Ruta(("parte",), lambda parte: {"parte": parte.pk}, falta={"parte": NO_EXISTE}),
    **{
        f"conceptos:{nombre}": Ruta(("concepto",), falta={"pk": NO_EXISTE})
        for nombre in ("editar", "vista_previa", "enviar", "retomar", "revisar", "devolver", "firmar", "comparar")
    },
    "conceptos:version_pdf": Ruta(
        ("version",),
        lambda version: {"pk": version.concepto_id, "numero": version.numero},
        falta={"pk": NO_EXISTE, "numero": 1},
    ),
    **{
        f"conceptos:{nombre}": Ruta(("concepto_reservado",), falta={"pk": NO_EXISTE})
        for nombre in ("detalle", "pdf", "siga", "anular", "sustituir")
    },
    **{
        f"conceptos:{nombre}": Ruta(
            ("concepto_publico", "concepto_entidades", "concepto_sda"),
            lambda concepto: {"numero": concepto.numero},
            falta={"numero": "C-1998-987654"},
        )
        for nombre in ("publicado", "publicado_pdf")
    },
    "conceptos:verificar_codigo": Ruta(
        falta={"codigo": "0000-0000-0000-0000"}, porque="solo lee la tabla de hechos públicos"
    ),
    "demo:correo": Ruta(falta={"nombre": "no-existe"}),
}
