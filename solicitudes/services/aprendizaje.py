"""What past requests teach the classifier: their words, and where they ended up being attended."""

from collections.abc import Iterator

from alcance import como_sistema
from clasificador.catalogo import NUEVA
from clasificador.modelo import Ejemplo
from solicitudes.models import Parte

# The newest: how people write and who attends change; and training must end while somebody waits.
MAXIMO = 4000


def ejemplos_de_solicitudes() -> Iterator[Ejemplo]:
    """By their partes of today: what was moved to where it belonged teaches the right place. Nothing reserved ever."""
    with como_sistema("aprender de lo ya atendido"):
        partes = (
            Parte.objects.filter(reservada=False, solicitud__reservada=False, solicitud__duplicada_de=None)
            .select_related("solicitud", "tema", "dependencia__padre", "solicitud__modalidad")
            .only(
                "solicitud__asunto", "solicitud__necesidad", "solicitud__remitente_correo", "solicitud__entidad_id",
                "solicitud__modalidad__codigo", "tema__codigo", "dependencia__codigo", "dependencia__tipo",
                "dependencia__padre__codigo", "dependencia__padre__tipo",
            )
            .order_by("-recibido_en", "-solicitud_id", "-lidera")[:MAXIMO]
        )  # fmt: skip
        por_solicitud: dict[int, list[Parte]] = {}
        for parte in partes:
            por_solicitud.setdefault(parte.solicitud_id, []).append(parte)
    for suyas in por_solicitud.values():
        solicitud = suyas[0].solicitud
        yield Ejemplo(
            f"{solicitud.asunto}\n{solicitud.necesidad}",
            temas=tuple(dict.fromkeys(parte.tema.codigo for parte in suyas)),
            direccion=tuple(dict.fromkeys(parte.dependencia.direccion.codigo for parte in suyas)),
            dependencia=tuple(dict.fromkeys(parte.dependencia.codigo for parte in suyas)),
            modalidad=(solicitud.modalidad.codigo,),
            clase=(NUEVA,),
            remitente=solicitud.remitente_correo or f"entidad {solicitud.entidad_id}",
        )
