"""Signature (R57, security.md §5.7): the head, or a dated encargo, after a second factor, over the reviewed bytes."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from alcance import Alcance, como_sistema, con_alcance, exigir
from bandeja.services import anotar
from conceptos.estados import Audiencia, EstadoConcepto
from conceptos.models import Concepto, Firma, Revision, Verificacion, Version
from conceptos.services.banco import texto_de_busqueda
from conceptos.services.comun import NoSePuede, aplicar, bloquear, quien_actua, version_congelada
from conceptos.services.documento import guardar_pdf, leer_pdf
from direcciones.models import Encargo, Membresia, Persona
from direcciones.roles import JEFES
from documentos import autoridad
from documentos import firma as pades
from plazos.reloj import ahora, hoy
from solicitudes.models import Parte
from solicitudes.services.conversacion import cerrar_parte
from solicitudes.services.transiciones import NoSePuede as NoSePuedeLaParte

VIGENCIA_SEGUNDO_FACTOR = timedelta(minutes=5)
registro = logging.getLogger("portal.conceptos")


@dataclass(frozen=True, slots=True)
class Autoridad:
    """In what capacity this person signs: printed on the mark and kept with the signature."""

    nombre: str
    cargo: str
    encargo: Encargo | None = None


def autoridad_de(concepto: Concepto, alcance: Alcance) -> Autoridad:
    """Read afresh: a membership or an encargo that ended opens nothing (check G03). Raises NoSePuede."""
    persona = Persona.objects.filter(pk=quien_actua(), is_active=True).first()
    if persona is None:
        raise NoSePuede("Su cuenta ya no está activa: no puede firmar.")
    propia = (
        Membresia.objects.activas()
        .filter(pk=alcance.membresia_id or 0, persona=persona, rol__in=sorted(JEFES))
        .select_related("dependencia")
        .first()
    )
    if propia and propia.dependencia and concepto.dependencia_id in propia.dependencias_que_dirige():
        cargo = propia.cargo or propia.dependencia.cargo_de_quien_dirige or persona.cargo
        return Autoridad(persona.nombre, cargo or propia.get_rol_display())
    lugares = [concepto.dependencia_id, concepto.dependencia.padre_id]
    encargo = Encargo.objects.vigentes(hoy()).filter(persona=persona, dependencia__in=lugares).first()
    if encargo:
        return Autoridad(persona.nombre, f"{encargo.cargo} (E)", encargo)
    raise NoSePuede("Solo firma quien dirige la dependencia, o quien tiene un encargo vigente.")


def firmar(
    *,
    concepto: Concepto,
    sha256_visto: str,
    audiencia: str,
    motivo_audiencia: str = "",
    segundo_factor_en: datetime,
) -> Firma:
    """Sign the bytes that were shown. One signature per version, whatever the number of clicks (check G01).

    The PAdES signature is appended by a task afterwards; from here on nothing of the text can change.
    """
    alcance = exigir()
    with transaction.atomic():
        actual = bloquear(concepto)
        quien = autoridad_de(actual, alcance)
        version = version_congelada(actual)
        _comprobar(actual, version, sha256_visto, segundo_factor_en)
        _comprobar_audiencia(actual, audiencia, motivo_audiencia)
        instante = ahora().replace(microsecond=0)
        movido = aplicar(
            actual,
            "firmar",
            cambios={
                "firmado_en": instante,
                "audiencia": audiencia,
                "motivo_audiencia": motivo_audiencia.strip(),
                "contenido": version.contenido,
            },
        )
        hecha = Firma.objects.create(
            concepto=movido,
            version=version,
            firmante_id=quien_actua(),
            nombre=quien.nombre,
            cargo=quien.cargo,
            encargo=quien.encargo,
            segundo_factor_en=segundo_factor_en,
            sha256_revisado=version.sha256,
            en=instante,
        )
        _publicar_verificacion(movido, hecha)
        anotar(
            tipo="conceptos.firmado",
            clave=f"concepto:{movido.pk}:firma:{hecha.pk}",
            carga={"firma": hecha.pk},
            solicitud_id=movido.solicitud_id,
        )
    return hecha


def _comprobar(concepto: Concepto, version: Version, sha256_visto: str, segundo_factor_en: datetime) -> None:
    if concepto.estado != EstadoConcepto.PARA_FIRMA:
        raise NoSePuede(f"El concepto está «{concepto.get_estado_display()}»: alguien lo cambió. Recargue la página.")
    if version.sha256 != sha256_visto:
        raise NoSePuede("El texto cambió desde que usted lo abrió. Recargue la página y léalo de nuevo.")
    if not timedelta(0) <= ahora() - segundo_factor_en <= VIGENCIA_SEGUNDO_FACTOR:
        raise NoSePuede("Escriba de nuevo el código de su aplicación: el anterior tiene más de cinco minutos.")
    revisada = Revision.objects.filter(version=version, aprueba=True, sha256=version.sha256).exists()
    if concepto.dependencia.revisa_conceptos and not revisada:
        raise NoSePuede("Falta la revisión de otra persona antes de la firma.")
    leer_pdf(version.ruta, version.sha256)


def _comprobar_audiencia(concepto: Concepto, audiencia: str, motivo: str) -> None:
    if audiencia not in Audiencia.values:
        raise NoSePuede("Elija quién puede encontrar el concepto en el banco.")
    if audiencia != Audiencia.RESERVADO and concepto.solicitud.reservada:
        raise NoSePuede("La solicitud es reservada: su concepto también.")
    if audiencia == Audiencia.RESERVADO and not motivo.strip():
        raise NoSePuede("Escriba por qué no se publica en el banco.")


def _publicar_verificacion(concepto: Concepto, hecha: Firma) -> None:
    """The public facts, and only them: a reserved one does not even tell its subject."""
    reservado = concepto.audiencia == Audiencia.RESERVADO
    Verificacion.objects.create(
        codigo=concepto.codigo or "",
        numero=concepto.numero or "",
        asunto="" if reservado else concepto.asunto,
        dependencia=concepto.dependencia.nombre,
        firmante=hecha.nombre,
        cargo=hecha.cargo,
        firmado_en=hecha.en,
        sha256_revisado=hecha.sha256_revisado,
        en_el_banco=concepto.audiencia == Audiencia.PUBLICO,
    )


def sellar(*, firma_id: int) -> bool:
    """Append the PAdES signature, deliver, and close the parte. Safe to run twice; True when this run did it.

    Printing and signing happen outside any transaction: they take seconds and hold no lock.
    """
    with transaction.atomic(), como_sistema("leer lo que hay que sellar"):
        hecha = Firma.objects.select_related("version", "concepto", "encargo").get(pk=firma_id)
        if hecha.sha256_firmado or hecha.concepto.estado != EstadoConcepto.FIRMADO:
            return False
    sellado = pades.firmar(
        leer_pdf(hecha.version.ruta, hecha.sha256_revisado),
        identidad=autoridad.identidad(),
        firmante=hecha.nombre,
        cargo=hecha.cargo,
        encargo=hecha.encargo.acto if hecha.encargo else "",
        motivo=f"Concepto {hecha.concepto.numero}",
        instante=hecha.en,
    )
    ruta = guardar_pdf(sellado.bytes)
    with transaction.atomic(), como_sistema("entregar el concepto firmado"):
        return _entregar(hecha, sellado, ruta)


def _entregar(hecha: Firma, sellado: pades.Firmado, ruta: str) -> bool:
    actual = bloquear(hecha.concepto)
    firma_actual = Firma.objects.bajo_cerrojo().get(pk=hecha.pk)
    if firma_actual.sha256_firmado or actual.estado != EstadoConcepto.FIRMADO:
        return False
    firma_actual.sha256_firmado, firma_actual.ruta = sellado.sha256, ruta
    firma_actual.anclas = sellado.anclas.pem
    firma_actual.save(update_fields=["sha256_firmado", "ruta", "anclas"])
    Verificacion.objects.filter(codigo=actual.codigo).update(sha256_firmado=sellado.sha256, anclas=sellado.anclas.pem)
    # The system by itself, in nobody's name: the decision was taken with the signature.
    with con_alcance(Alcance(nivel="sistema", motivo="entregar el concepto firmado")):
        aplicar(
            actual,
            "notificar",
            cambios={"notificado_en": ahora(), "ruta_firmada": ruta, "sha256_firmado": sellado.sha256},
        )
        Concepto.objects.filter(pk=actual.pk).update(busqueda=texto_de_busqueda(actual))
        anotar(
            tipo="conceptos.entrega",
            clave=f"concepto:{actual.pk}:entrega",
            carga={"concepto": actual.pk},
            solicitud_id=actual.solicitud_id,
        )
        _cerrar_la_parte(actual)
    return True


def _cerrar_la_parte(concepto: Concepto) -> None:
    """The concepto answers its parte. When something else is open there (a visit to be held), it stays open."""
    parte = Parte.objects.get(pk=concepto.parte_id)
    try:
        with transaction.atomic():
            cerrar_parte(parte=parte, resultado=f"Concepto {concepto.numero}", ya_se_aviso=True)
    except NoSePuedeLaParte as motivo:
        registro.info("el concepto no cierra su parte", extra={"parte": parte.pk, "motivo": str(motivo)})
