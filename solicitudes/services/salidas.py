"""Ways out of a parte that are not its answer, and the way back: transfer, duplicate, out of scope, reopening."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from direcciones.models import Dependencia, Persona, Tema
from plazos.reloj import hoy
from solicitudes.estados import EstadoSolicitud
from solicitudes.models import Mensaje, Parte, Solicitud
from solicitudes.services.actuaciones import que_no_quede_nada_programado
from solicitudes.services.asignacion import asesor_al_recibir, asignar_por_sector, puede_atender
from solicitudes.services.conversacion import escribir_mensaje
from solicitudes.services.plazo import limite_para_trasladar
from solicitudes.services.relojes import relojes_al_trasladar
from solicitudes.services.transiciones import NoSePuede, mover
from solicitudes.services.turnos import tomar_turnos


def trasladar(*, parte: Parte, dependencia: Dependencia, motivo: str, tema: Tema | None = None) -> Parte:
    """Move a parte to the queue of another dependencia; radicado, instant and term stay (architecture §8.8).

    After the fifth business day it still moves (R19: nothing stays unattended) and the history says it was late.
    """
    if tema is not None and tema.dependencia_id != dependencia.pk:
        raise ValidationError({"tema": f"Ese tema no es de {dependencia}. Elija otro o deje el campo vacío."})
    if not dependencia.atiende or not dependencia.esta_vigente():
        raise NoSePuede(f"{dependencia} no atiende solicitudes. Elija otra dependencia.")
    with transaction.atomic():
        _turnos_del_traslado(parte, dependencia)
        _que_no_participe(parte, dependencia)
        que_no_quede_nada_programado(parte)
        movida = mover(
            parte=parte,
            accion="trasladar",
            motivo=motivo,
            cambios={"dependencia": dependencia} | ({"tema": tema, "otros_temas": []} if tema else {}),
            datos={
                "de": parte.dependencia_id,
                "a": dependencia.pk,
                "fuera_de_termino": hoy() > limite_para_trasladar(parte.recibido_en),
            },
            etiquetas={"dependencia": dependencia.nombre},
        )
        relojes_al_trasladar(movida)
        return asignar_por_sector(parte=movida)


def _turnos_del_traslado(parte: Parte, dependencia: Dependencia) -> None:
    """All the turns at once: the queue it leaves, the one it enters and the tray it may land in."""
    asesor = asesor_al_recibir(dependencia, parte.entidad)
    tomar_turnos(
        colas=[parte.dependencia_id, dependencia.pk], bandejas=[parte.asesor_id, asesor.pk if asesor else None]
    )


def _que_no_participe(parte: Parte, dependencia: Dependencia) -> None:
    with como_sistema("trasladar: ver si la otra dependencia ya participa"):
        if Parte.objects.filter(solicitud_id=parte.solicitud_id, dependencia=dependencia).exists():
            raise NoSePuede(f"{dependencia} ya atiende otra parte de esta solicitud.")


def trasladar_fuera(*, parte: Parte, destino: str, motivo: str) -> Parte:
    """End it here because another entity must answer (Ley 1755 de 2015, art. 21)."""
    if not destino.strip():
        raise ValidationError({"destino": "Escriba a qué entidad se traslada."})
    que_no_quede_nada_programado(parte)
    return mover(
        parte=parte,
        accion="trasladar_fuera",
        motivo=motivo,
        datos={"destino": destino.strip()},
        etiquetas={"destino": destino.strip()},
    )


def marcar_duplicada(*, parte: Parte, principal: Solicitud, motivo: str) -> Parte:
    """Close it because another solicitud of the same entidad asks the same, and say which one attends it."""
    with transaction.atomic():
        tomar_turnos(colas=[parte.dependencia_id], bandejas=[parte.asesor_id])
        with como_sistema("marcar como duplicada: comprobar la otra"):
            # Both locked in the order of their keys: two that point at each other at once can't make a circle.
            claves = sorted({parte.solicitud_id, principal.pk})
            bloqueadas = Solicitud.objects.bajo_cerrojo().filter(pk__in=claves).order_by("pk")
            por_clave = {s.pk: s for s in bloqueadas}
            _comprobar_principal(por_clave[parte.solicitud_id], por_clave[principal.pk])
        que_no_quede_nada_programado(parte)
        movida = mover(
            parte=parte,
            accion="marcar_duplicada",
            motivo=motivo,
            datos={"principal": principal.pk},
            etiquetas={"principal": principal.radicado},
        )
        with como_sistema("marcar como duplicada: señalar la otra"):
            Solicitud.objects.filter(pk=parte.solicitud_id).update(duplicada_de=principal)
    return movida


def _comprobar_principal(propia: Solicitud, principal: Solicitud) -> None:
    falla = ""
    if propia.pk == principal.pk:
        falla = "Una solicitud no puede ser duplicada de sí misma. Escriba el radicado de la otra."
    elif propia.entidad_id != principal.entidad_id:
        falla = f"{principal} es de otra entidad. Solo se marcan como duplicadas las de una misma entidad."
    elif principal.estado == EstadoSolicitud.DUPLICADA:
        falla = f"{principal} también es duplicada, de {principal.duplicada_de}. Escriba ese radicado."
    elif principal.estado == EstadoSolicitud.RETIRADA:
        falla = f"La entidad retiró {principal}: nadie la atiende. Atienda esta."
    elif propia.duplicadas.exists():
        otras = ", ".join(propia.duplicadas.order_by("pk").values_list("radicado", flat=True))
        falla = f"Otras son duplicadas de esta ({otras}). Deje esta como la principal y marque la otra."
    if falla:
        raise ValidationError({"principal": falla})


def declarar_no_competencia(*, parte: Parte, respuesta: str, clave: UUID) -> Parte:
    """Answer, with reasons, that it is not ours: the only way to turn a request down (R19)."""
    if not respuesta.strip():
        raise ValidationError({"respuesta": "Escriba la respuesta motivada que recibirá la entidad."})
    que_no_quede_nada_programado(parte)
    with transaction.atomic():
        movida = mover(parte=parte, accion="declarar_no_competencia", cambios={"resultado": respuesta.strip()})
        escribir_mensaje(
            solicitud=movida.solicitud, texto=respuesta, clave=clave, tipo=Mensaje.Tipo.RESPUESTA, parte=movida
        )
    return movida


def reabrir(*, parte: Parte, motivo: str) -> Parte:
    """Take up again what was answered, within 30 days. The first date of delivery stays in the history.

    The term does not start again: a late answer can't become timely by reopening it.
    """
    cambios: dict[str, object] = {"prestada_en": None, "resultado": ""}
    if parte.asesor_id is None or not puede_atender(Persona.objects.get(pk=parte.asesor_id), parte.dependencia_id):
        cambios["asesor_id"] = exigir().persona_id
    return mover(
        parte=parte,
        accion="reabrir",
        motivo=motivo,
        cambios=cambios,
        datos={
            "prestada_en": parte.prestada_en.isoformat() if parte.prestada_en else None,
            "resultado": parte.resultado,
        },
    )
