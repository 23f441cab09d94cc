"""The constancia of filing: its facts are frozen when the solicitud is filed and its PDF is made when asked."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from alcance.compiladas import Compilada
from direcciones.models import Dependencia, Tema
from documentos.codigos import normalizar, nuevo
from documentos.contextos import ArchivoRecibido, ContextoConstancia, Membrete, RelojImpreso
from documentos.pdf import Documento, crear_pdf
from plazos.fechas import enumerar
from plazos.reloj import ahora
from plazos.terminos import explicar
from solicitudes.models import Archivo, ConstanciaRadicacion, Solicitud, Termino


def emitir_constancia(
    *, solicitud: Solicitud, temas: Iterable[Tema] | None = None, archivos: Iterable[Archivo] | None = None
) -> ConstanciaRadicacion:
    """Freeze what the constancia says. Once per solicitud; inside the transaction that files, after its files.

    `temas` with their dependencias, and `archivos`, for whoever has just filed it with them.
    """
    with como_sistema("emitir la constancia de radicación"):
        anteriores: list[ConstanciaRadicacion] = _LA_SUYA(solicitud=solicitud.pk)
        if anteriores:
            return anteriores[0]
        constancia = primera_constancia(
            solicitud=solicitud,
            temas=temas or Tema.objects.filter(pk__in=solicitud.temas).order_by("pk"),
            dependencias=(
                [tema.dependencia for tema in temas]
                if temas
                else Dependencia.objects.filter(pk__in=solicitud.dependencias).order_by("pk")
            ),
            archivos=(
                Archivo.objects.filter(solicitud=solicitud, mensaje__isnull=True).puestos()
                if archivos is None
                else archivos
            ),
            relojes=_LOS_QUE_OBLIGAN(solicitud=solicitud.pk),
        )
        constancia.save(force_insert=True)
        return constancia


_LA_SUYA = Compilada(lambda solicitud: ConstanciaRadicacion.objects.filter(solicitud=solicitud), solicitud=int)
_LOS_QUE_OBLIGAN = Compilada(
    lambda solicitud: Termino.objects.filter(solicitud=solicitud, parte__lidera=True, obliga=True).order_by("id"),
    solicitud=int,
)


def primera_constancia(
    *,
    solicitud: Solicitud,
    temas: Iterable[Tema],
    dependencias: Iterable[Dependencia],
    archivos: Iterable[Archivo],
    relojes: Iterable[Termino] = (),
) -> ConstanciaRadicacion:
    """The row, for whoever files and still holds what it says: nothing is read again."""
    datos = _hechos(solicitud, temas, dependencias, archivos, relojes)
    return ConstanciaRadicacion(
        solicitud=solicitud,
        codigo=nuevo(),
        radicado=solicitud.radicado,
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


def pdf_de_constancia(constancia: ConstanciaRadicacion) -> Documento:
    """The PDF of what was frozen. Raises DocumentoNoDisponible."""
    return crear_pdf("constancia", contexto_de(constancia))


def contexto_de(constancia: ConstanciaRadicacion) -> ContextoConstancia:
    """What the template prints: only what was frozen, so tomorrow's copy is today's."""
    datos, horario = constancia.datos, constancia.datos["horario"]
    norma = ". ".join(filter(None, [horario["norma"].rstrip("."), horario["confianza"].rstrip(".")]))
    return ContextoConstancia(
        membrete=Membrete.institucional(settings.IDENTIDAD, settings.DOMINIO),
        codigo=constancia.codigo,
        url_verificacion=settings.DOMINIO + reverse("solicitudes:confirmar_constancia", args=[constancia.codigo]),
        demostracion=datos["demostracion"],
        huella=constancia.huella,
        radicado=datos["radicado"],
        numero_siga=datos["siga"],
        canal=datos["canal"],
        radicada_en=datetime.fromisoformat(datos["radicado_en"]),
        recibida_en=datetime.fromisoformat(datos["recibido_en"]),
        fecha_efectiva=date.fromisoformat(datos["fecha_efectiva"]),
        regla_jornada=f"jornada de {horario['abre']} a {horario['cierra']}",
        norma_jornada=norma,
        vence=date.fromisoformat(datos["vence"]),
        dias_habiles=datos["dias"],
        explicacion_plazo=" ".join(datos["frases"][1:-1]),
        relojes=tuple(RelojImpreso(uno["nombre"], _lineas(uno)) for uno in datos.get("relojes", ())),
        entidad=datos["entidad"],
        remitente=datos["remitente"],
        cargo_remitente=datos["cargo"],
        dependencias=tuple(datos["dependencias"]),
        tema=enumerar(datos["temas"]),
        modalidad=datos["modalidad"],
        asunto=datos["asunto"],
        archivos=tuple(
            ArchivoRecibido(nombre=uno["nombre"], tamano=_tamano(uno["bytes"]), sha256=uno["sha256"])
            for uno in datos["archivos"]
        ),
    )


def _lineas(regla: dict[str, Any]) -> tuple[str, ...]:
    explicacion = explicar(regla)
    return (*explicacion.frases, *(dia.texto for dia in explicacion.dias))


def _tamano(cuantos: int) -> str:
    if cuantos < 1000:
        return f"{cuantos} bytes"
    return f"{round(cuantos / 1000)} kB" if cuantos < 1_000_000 else f"{cuantos / 1e6:.1f} MB".replace(".", ",")


def huella_de(datos: dict[str, Any]) -> str:
    """SHA-256 of the canonical text: sorted keys, no spaces, UTF-8. Anybody can repeat it."""
    texto = json.dumps(datos, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texto.encode()).hexdigest()


def numerar(constancia: dict[str, Any], solicitud: Solicitud, relojes: Iterable[Termino]) -> None:
    """Put in a row that was made before its solicitud had number, instant and clocks all that follows from them."""
    datos = constancia["datos"] | _numero_y_fechas(solicitud, relojes)
    constancia |= {
        "solicitud_id": solicitud.pk,
        "radicado": solicitud.radicado,
        "datos": datos,
        "huella": huella_de(datos),
        "emitida_en": ahora(),
    }


def _numero_y_fechas(solicitud: Solicitud, relojes: Iterable[Termino]) -> dict[str, Any]:
    return {
        "radicado": solicitud.radicado,
        "recibido_en": timezone.localtime(solicitud.recibido_en).isoformat(),
        "radicado_en": timezone.localtime(solicitud.radicado_en).isoformat(),
        "fecha_efectiva": solicitud.fecha_efectiva.isoformat(),
        "vence": solicitud.vence.isoformat(),
        "dias": solicitud.regla_plazo["dias"],
        "horario": solicitud.regla_plazo["horario"],
        "frases": solicitud.regla_plazo["frases"],
        "relojes": [{"nombre": uno.nombre, **uno.regla} for uno in relojes],
    }


def _hechos(
    solicitud: Solicitud,
    temas: Iterable[Tema],
    dependencias: Iterable[Dependencia],
    archivos: Iterable[Archivo],
    relojes: Iterable[Termino],
) -> dict[str, Any]:
    de_tema = {tema.pk: tema.nombre for tema in temas}
    de_dependencia = {dependencia.pk: dependencia.nombre for dependencia in dependencias}
    return _numero_y_fechas(solicitud, relojes) | {
        "siga": solicitud.siga_entrada,
        "canal": solicitud.get_canal_display(),
        "por_donde": solicitud.por_donde,
        "entidad": solicitud.entidad.nombre,
        "remitente": solicitud.remitente_nombre,
        "cargo": solicitud.remitente_cargo,
        "asunto": solicitud.asunto,
        "temas": [de_tema[pk] for pk in solicitud.temas],
        "modalidad": solicitud.modalidad.nombre,
        "dependencias": [de_dependencia[pk] for pk in solicitud.dependencias],
        "reservada": solicitud.reservada,
        "demostracion": settings.ES_DEMO,
        "archivos": [{"nombre": a.nombre, "bytes": a.bytes, "sha256": a.sha256} for a in archivos],
    }
