"""What people decided of the mail teaches the classifier what kind of message each one is.

What was filed teaches through its solicitud, with the place where it ended up: it is not counted twice.
"""

from collections.abc import Iterator

from django.db.models import OuterRef, Q, Subquery

from alcance import como_sistema
from buzones.estados import Clase, EstadoCorreo
from buzones.models import Correo, Decision
from clasificador.modelo import Ejemplo

MAXIMO = 4000  # the newest: training must end while somebody waits
_DE_OTRA_FUENTE = (Clase.NUEVA_SOLICITUD, Clase.POR_CLASIFICAR)


def ejemplos_de_correos() -> Iterator[Ejemplo]:
    """By the last word of a person on each message; what the rules did alone teaches nothing, nor what was taken back.
    Nothing reserved ever."""
    with como_sistema("aprender de lo que se decidió de los correos"):
        quien = Decision.objects.filter(correo=OuterRef("pk")).order_by("-pk").values("persona")[:1]
        correos = list(
            Correo.objects.filter(Q(solicitud=None) | Q(solicitud__reservada=False), reservado=False)
            .exclude(clase__in=_DE_OTRA_FUENTE)
            .exclude(estado=EstadoCorreo.POR_CLASIFICAR)
            .annotate(quien=Subquery(quien))
            .filter(quien__isnull=False)
            .order_by("-recibido_en", "-pk")
            .values_list("asunto", "texto", "clase", "de_correo")[:MAXIMO]
        )
    for asunto, texto, clase, de_correo in correos:
        yield Ejemplo(f"{asunto}\n{texto}", clase=(clase,), remitente=de_correo)
