"""Which petition a solicitud is, and the one extension of its legal term (Ley 1755 de 2015, art. 14).

An extension has effect when its notice leaves, and only if it leaves before the term ends: the handler of the outbox
settles it in the transaction that hands the mail over.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from alcance import como_sistema, exigir
from bandeja.services import anotar
from plazos.fechas import dias_habiles, fecha_corrida
from plazos.reloj import ahora
from plazos.services import Reglas, reglas_vigentes
from plazos.terminos import Plazo, calcular_plazo, plazo_de
from solicitudes.models import Movimiento, Parte, Prorroga, Solicitud, Termino
from solicitudes.services.articulacion import anotar_acto, bloquear_para
from solicitudes.services.relojes import (
    CON_LA_CUENTA,
    guardar_relojes,
    poner_plazo,
    revisar_la_que_obliga,
    termino_legal,
)
from solicitudes.services.transiciones import NoSePuede

NO_ES = "no"


def clasificar_peticion(*, parte: Parte, peticion: str, motivo: str) -> Solicitud:
    """Say which petition it is, or that it is none: its legal term is counted from the reception."""
    alcance, reglas = exigir(), reglas_vigentes()
    with transaction.atomic(), como_sistema("decir qué petición es"):
        solicitud, actual = bloquear_para(parte, "clasificar_peticion", motivo, alcance)
        lider = Parte.objects.bajo_cerrojo().select_related("dependencia").get(solicitud=solicitud, lidera=True)
        legal = _el_legal(solicitud).first()
        if legal is not None and Prorroga.objects.filter(termino=legal).exists():
            raise NoSePuede("El término legal ya se amplió: no se puede cambiar qué petición es.")
        nueva = None if peticion == NO_ES else Solicitud.Peticion(peticion)
        if nueva is None:
            _el_legal(solicitud).update(obliga=False, cerrado=True)
        elif legal is None:
            guardar_relojes(lider, [termino_legal(lider, nueva, reglas)])
        else:
            otro = termino_legal(lider, nueva, reglas)
            for campo in (*CON_LA_CUENTA, "nombre", "dias"):
                setattr(legal, campo, getattr(otro, campo))
            legal.obliga, legal.cerrado = True, not lider.esta_abierta
            legal.save(update_fields=[*CON_LA_CUENTA, "nombre", "dias", "obliga", "cerrado"])
        solicitud.peticion = nueva
        solicitud.save(update_fields=["peticion"])
        revisar_la_que_obliga(lider)
        hecho = f"Dijo que es: {nueva.label.lower()}" if nueva else "Dijo que no es una petición"
        anotar_acto(actual, "clasificar_peticion", motivo, alcance, hecho=hecho)
    return solicitud


def prorrogar(*, parte: Parte, dias: int, motivo: str) -> Prorroga:
    """Ask for `dias` more. Once, up to double, and before it ends; whoever asked is told before it counts."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("ampliar el término legal"):
        solicitud, actual = bloquear_para(parte, "prorrogar", motivo, alcance)
        legal = _por_ampliar(_el_legal(solicitud))
        if isinstance(legal, str):
            raise NoSePuede(legal)
        if dias > legal.dias:
            raise ValidationError({"dias": f"A lo sumo {dias_habiles(legal.dias)} más: el doble del término."})
        prorroga = Prorroga(solicitud=solicitud, termino=legal, dias=dias, motivo=motivo.strip(), pedida_en=ahora())
        prorroga.pedida_por_id = alcance.persona_id  # type: ignore[assignment]  # the column refuses nobody
        prorroga.vence_nuevo = _ampliado(legal, dias, reglas_vigentes()).vence
        prorroga.save(force_insert=True)
        anotar_acto(actual, "prorrogar", motivo, alcance, dias=dias_habiles(dias))
        anotar(
            tipo="solicitudes.prorroga",
            clave=f"prorroga:{prorroga.pk}",
            carga={"prorroga": prorroga.pk},
            solicitud_id=solicitud.pk,
        )
    return prorroga


def por_que_no_se_amplia(solicitud: Solicitud) -> str | None:
    """Said before anybody writes a reason for nothing."""
    legal = _por_ampliar(Termino.objects.filter(solicitud=solicitud, reloj=Termino.Reloj.LEGAL))
    return legal if isinstance(legal, str) else None


def _por_ampliar(terminos: QuerySet[Termino]) -> Termino | str:
    """The legal term, or why it is not extended."""
    legal = terminos.filter(cerrado=False, vence_en__isnull=False).first()
    if legal is None:
        return "Solo se amplía el término legal de una petición. Diga antes qué petición es."
    if Prorroga.objects.filter(termino=legal).exists():
        return "El término legal ya se amplió una vez."
    if ya_vencio(legal):
        return "El término legal ya venció: no se puede ampliar."
    return legal


def asentar(prorroga: Prorroga) -> bool:
    """Its notice is leaving: from now on the term is the longer one. False, and no new date, if it had ended already.

    The caller acts as system, in the transaction that hands the notice over.
    """
    solicitud = Solicitud.objects.bajo_cerrojo().get(pk=prorroga.solicitud_id)
    legal = Termino.objects.bajo_cerrojo().get(pk=prorroga.termino_id)
    instante, reglas = ahora(), reglas_vigentes()
    prorroga.tardia, prorroga.avisada_en = ya_vencio(legal), instante
    if prorroga.tardia:
        texto = "La prórroga del término legal no vale: su aviso no salió antes de que venciera"
    else:
        plazo = _ampliado(legal, prorroga.dias, reglas)
        poner_plazo(legal, plazo, reglas)
        legal.save(update_fields=CON_LA_CUENTA)
        prorroga.vence_nuevo = plazo.vence
        texto = f"El término legal se amplió hasta el {fecha_corrida(plazo.vence)}: se le avisó a quien la pidió"
    prorroga.save(update_fields=["tardia", "avisada_en", "vence_nuevo"])
    Movimiento.objects.create(
        solicitud=solicitud,
        parte_id=legal.parte_id,
        accion="prorroga",
        texto=texto,
        datos={"prorroga": prorroga.pk},
        en=instante,
    )
    revisar_la_que_obliga(Parte.objects.bajo_cerrojo().get(pk=legal.parte_id))
    return not prorroga.tardia


def ya_vencio(legal: Termino) -> bool:
    return legal.vence_en is not None and ahora() >= legal.vence_en


def _ampliado(legal: Termino, dias: int, reglas: Reglas) -> Plazo:
    """From the same reception, with the days of both."""
    antes = plazo_de(legal.regla)
    return calcular_plazo(
        antes.recibido,
        legal.dias + dias,
        reglas.calendario,
        reglas.horarios,
        dependencia_codigo=legal.parte.dependencia.codigo,
        al_llegar=antes.horario,
        ampliado=dias,
    )


def _el_legal(solicitud: Solicitud) -> QuerySet[Termino]:
    return Termino.objects.filter(solicitud=solicitud, reloj=Termino.Reloj.LEGAL).bajo_cerrojo()
