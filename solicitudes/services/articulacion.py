"""More than one dependencia in a solicitud, who leads it, and who may open it (R23, R24; lineamiento §5)."""

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import Alcance, como_sistema, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.models import Tema
from plazos.reloj import ahora
from plazos.services import reglas_vigentes
from solicitudes.estados import ACTOS
from solicitudes.models import Parte, Solicitud
from solicitudes.services.asignacion import asesor_al_recibir, asignar_por_sector
from solicitudes.services.relojes import catalogo_de, guardar_relojes, poner_relojes
from solicitudes.services.transiciones import NoSePuede, actualizar_solicitud, linea_de_la_historia, por_que_no
from solicitudes.services.turnos import tomar_turnos


def agregar_dependencia(*, parte: Parte, tema: Tema, motivo: str) -> Parte:
    """Ask another dependencia for its part: a new one in its queue, in the turn of the reception. Returns it.

    It accepts by attending it; it declines by answering that it is not within its competence.
    """
    dependencia = tema.dependencia
    if not dependencia.atiende or not dependencia.esta_vigente():
        raise ValidationError({"tema": f"{dependencia} no atiende solicitudes. Elija un tema de otra dependencia."})
    alcance = exigir()
    nueva = Parte(
        solicitud_id=parte.solicitud_id,
        entidad_id=parte.entidad_id,
        dependencia=dependencia,
        tema=tema,
        modalidad_id=tema.modalidad_id,
        recibido_en=parte.recibido_en,
    )
    relojes = poner_relojes(nueva, catalogo=catalogo_de(dependencia), reglas=reglas_vigentes(), llego_en=ahora())
    with transaction.atomic(), como_sistema("agregar otra dependencia"):
        asesor = asesor_al_recibir(dependencia, nueva.entidad)
        tomar_turnos(colas=[dependencia.pk], bandejas=[asesor.pk if asesor else None])
        solicitud, _ = bloquear_para(parte, "agregar_dependencia", motivo, alcance)
        if dependencia.pk in solicitud.dependencias:
            raise ValidationError({"tema": f"{dependencia} ya participa en esta solicitud."})
        nueva.reservada = solicitud.reservada
        nueva.save(force_insert=True)
        guardar_relojes(nueva, relojes)
        anotar_acto(nueva, "agregar_dependencia", motivo, alcance, dependencia=dependencia.nombre)
        actualizar_solicitud(solicitud)
        anotar(
            tipo="solicitudes.llegada",
            clave=f"llegada:{nueva.pk}",
            carga={"parte": nueva.pk},
            solicitud_id=solicitud.pk,
        )
        return asignar_por_sector(parte=nueva)


def cambiar_lider(*, parte: Parte, nueva: Parte, motivo: str) -> Parte:
    """The leading parte hands the lead to another of the same solicitud. Returns the new leader."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("cambiar la dependencia que lidera"):
        _, actual = bloquear_para(parte, "cambiar_lider", motivo, alcance)
        lider = Parte.objects.bajo_cerrojo().filter(solicitud=parte.solicitud_id, pk=nueva.pk).first()
        if lider is None or lider.pk == actual.pk or not lider.esta_abierta:
            raise ValidationError({"parte_lider": "Elija otra dependencia que atienda una parte abierta."})
        for una, lidera in ((actual, False), (lider, True)):
            una.lidera = lidera
            una.save(update_fields=["lidera"])
        anotar_acto(lider, "cambiar_lider", motivo, alcance, dependencia=lider.dependencia.nombre)
    return lider


def cambiar_reserva(*, parte: Parte, reservada: bool, motivo: str) -> Solicitud:
    """Close the solicitud to all but who filed it, who attends it and the heads; or open it again."""
    alcance, accion = exigir(), "reservar" if reservada else "levantar_reserva"
    with transaction.atomic(), como_sistema("cambiar la reserva"):
        solicitud, actual = bloquear_para(parte, accion, motivo, alcance)
        solicitud.reservada = reservada
        solicitud.motivo_reserva = motivo.strip()[:300] if reservada else ""
        solicitud.save(update_fields=["reservada", "motivo_reserva"])
        Parte.objects.filter(solicitud=solicitud).update(reservada=reservada)
        actual.reservada = reservada
        anotar_acto(actual, accion, motivo, alcance)
    return solicitud


def bloquear_para(parte: Parte, accion: str, motivo: str, alcance: Alcance) -> tuple[Solicitud, Parte]:
    """Solicitud and parte, locked and checked against the table."""
    solicitud = Solicitud.objects.bajo_cerrojo().get(pk=parte.solicitud_id)
    actual = Parte.objects.bajo_cerrojo().get(pk=parte.pk)
    razon = por_que_no(actual, ACTOS[accion], alcance)
    if razon:
        raise NoSePuede(razon)
    if not motivo.strip():
        raise ValidationError({"motivo": "Escriba el motivo: queda en la historia."})
    return solicitud, actual


def anotar_acto(parte: Parte, accion: str, motivo: str, alcance: Alcance, **etiquetas: str) -> None:
    linea = linea_de_la_historia(
        transicion=ACTOS[accion], parte=parte, de="", motivo=motivo, etiquetas=etiquetas, alcance=alcance
    )
    linea.save(force_insert=True)
    registrar(accion=f"solicitud.{accion}", objeto=parte, despues={"dependencia": parte.dependencia_id}, motivo=motivo)
