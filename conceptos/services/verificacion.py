"""Is it authentic? Reads only the table of public facts (architecture §8.4). Three answers and no more."""

import hashlib
from dataclasses import dataclass

from conceptos.models import Verificacion
from documentos import codigos
from documentos.autoridad import Anclas
from documentos.firma import Expedido, Respuesta, comparar


@dataclass(frozen=True, slots=True)
class Veredicto:
    """`hechos` is None when there is no such document."""

    respuesta: Respuesta
    hechos: Verificacion | None = None


def verificar_codigo(escrito: str) -> Veredicto:
    """What a code answers. The paper still has to be compared with the facts shown."""
    codigo = codigos.normalizar(escrito)
    hechos = Verificacion.objects.filter(codigo=codigo).first() if codigo else None
    if hechos is None:
        return Veredicto(Respuesta.NO_COINCIDE)
    return Veredicto(Respuesta.ANULADO if hechos.anulado_en else Respuesta.AUTENTICO, hechos)


def verificar_archivo(contenido: bytes, *, codigo: str = "") -> Veredicto:
    """Compare a whole file with what was issued: with a code, against that concepto; without, against all."""
    if codigo:
        hechos = verificar_codigo(codigo).hechos
    else:
        hechos = Verificacion.objects.filter(sha256_firmado=hashlib.sha256(contenido).hexdigest()).first()
    if hechos is None or not hechos.sha256_firmado:
        return Veredicto(Respuesta.NO_COINCIDE, hechos)
    expedido = Expedido(
        hechos.sha256_firmado, Anclas(hechos.anclas), hechos.firmado_en, anulado=hechos.anulado_en is not None
    )
    return Veredicto(comparar(contenido, expedido), hechos)
