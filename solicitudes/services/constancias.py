"""The constancia of filing: its facts are frozen when the solicitud is filed and its PDF is made when asked."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.utils import timezone

from alcance import como_sistema
from direcciones.models import Dependencia, Tema
from documentos.codigos import normalizar, nuevo
from plazos.reloj import ahora
from solicitudes.models import Archivo, ConstanciaRadicacion, Solicitud


def emitir_constancia(*, solicitud: Solicitud) -> ConstanciaRadicacion:
    """Freeze what the constancia says. Once per solicitud; inside the transaction that files, after its files."""
    with como_sistema("emitir la constancia de radicación"):
        anterior = ConstanciaRadicacion.objects.filter(solicitud=solicitud).first()
        if anterior is not None:
            return anterior
        datos = _hechos(solicitud)
        return ConstanciaRadicacion.objects.create(
            solicitud=solicitud,
            codigo=nuevo(),
            datos=datos,
            huella=huella_de(datos),
            registrada_por_id=solicitud.registrada_por_id,
            emitida_en=ahora(),
        )


def constancia_por_codigo(escrito: str) -> ConstanciaRadicacion | None:
    """The constancia of a code typed by anybody, or None. The page shows only radicado, instants and digest."""
    codigo = normalizar(escrito)
    if codigo is None:
        return None
    with como_sistema("confirmar una constancia por su código"):
        return ConstanciaRadicacion.objects.filter(codigo=codigo).first()


def huella_de(datos: dict[str, Any]) -> str:
    """SHA-256 of the canonical text: sorted keys, no spaces, UTF-8. Anybody can repeat it."""
    texto = json.dumps(datos, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()


def _hechos(solicitud: Solicitud) -> dict[str, Any]:
    temas = {tema.pk: tema for tema in Tema.objects.filter(pk__in=solicitud.temas).order_by("pk")}
    dependencias = {d.pk: d for d in Dependencia.objects.filter(pk__in=solicitud.dependencias).order_by("pk")}
    archivos = Archivo.objects.filter(solicitud=solicitud, mensaje__isnull=True).puestos()
    return {
        "radicado": solicitud.radicado,
        "siga": solicitud.siga_entrada,
        "canal": solicitud.get_canal_display(),
        "recibido_en": timezone.localtime(solicitud.recibido_en).isoformat(),
        "radicado_en": timezone.localtime(solicitud.radicado_en).isoformat(),
        "fecha_efectiva": solicitud.fecha_efectiva.isoformat(),
        "vence": solicitud.vence.isoformat(),
        "dias": solicitud.regla_plazo["dias"],
        "horario": solicitud.regla_plazo["horario"],
        "frases": solicitud.regla_plazo["frases"],
        "entidad": solicitud.entidad.nombre,
        "remitente": solicitud.remitente_nombre,
        "cargo": solicitud.remitente_cargo,
        "asunto": solicitud.asunto,
        "temas": [temas[pk].nombre for pk in solicitud.temas],
        "modalidad": solicitud.modalidad.nombre,
        "dependencias": [dependencias[pk].nombre for pk in solicitud.dependencias],
        "reservada": solicitud.reservada,
        "demostracion": settings.ES_DEMO,
        "archivos": [{"nombre": a.nombre, "bytes": a.bytes, "sha256": a.sha256} for a in archivos],
    }
