"""A new liaison that somebody named by mail: nothing of any account changes until their entity says so (R47).

Whoever writes may be anybody: what they say is shown to who administers the entity, in the portal, and it is they who
give the role with their own hands, by the same door as always (`cuentas.services.invitaciones`).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from alcance import Alcance, como_sistema, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from buzones.criterio.partes import DatosDeEnlace
from buzones.models import Correo, PropuestaEnlace
from buzones.permisos import DECIDEN
from cuentas.models import Invitacion
from cuentas.services.invitaciones import exigir_dominio_propio, invitar, reemplazar_enlace
from direcciones.models import Entidad, Membresia, Persona
from direcciones.roles import DE_ENTIDAD, Rol
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente

DIAS_PARA_CONFIRMAR = 15  # business days
SE_RETIRO = "La retiró el equipo que lee el correo."
Estado = PropuestaEnlace.Estado


def proponer_enlace(
    correo: Correo | None, datos: DatosDeEnlace, *, entidad_id: int, persona: Persona | None = None
) -> PropuestaEnlace:
    """Ask the entity whether that person is its liaison. `persona`: who of the team asks; nobody, the rules read it in
    the message. The same person twice, while it waits, is one."""
    _exigir_que_proponga(correo, persona)
    a_quien = _direccion(datos.correo)
    nombre = _una_linea(datos.nombre)
    if not nombre:
        raise ValidationError({"nombre": "Falta el nombre de la persona."})
    with transaction.atomic(), como_sistema("proponer un enlace"):
        # Two messages that name the same person at once make one.
        entidad = Entidad.objects.select_for_update(of=("self",), no_key=True).get(pk=entidad_id)
        if not entidad.esta_vigente(hoy()):
            raise ValidationError({"entidad": f"{entidad} ya no está vigente."})
        exigir_dominio_propio(a_quien, entidad)
        if _ya_es_enlace(a_quien, entidad):
            raise ValidationError({"correo": f"Esa persona ya es enlace de {entidad}."})
        abierta = PropuestaEnlace.objects.por_confirmar().filter(entidad=entidad, correo_propuesto__iexact=a_quien)
        if (ya := abierta.first()) is not None:
            return ya
        propuesta = PropuestaEnlace(
            correo=correo,
            entidad=entidad,
            reemplaza=_a_quien_reemplaza(datos.reemplaza, entidad),
            nombre=nombre[:150],
            cargo=_una_linea(datos.cargo)[:150],
            correo_propuesto=a_quien,
            telefono=_una_linea(datos.telefono)[:40],
            pedida_por=persona,
            pedida_en=ahora(),
            vence=calendario_vigente().sumar_habiles(hoy(), DIAS_PARA_CONFIRMAR),
        )
        propuesta.full_clean(validate_unique=False, validate_constraints=False)
        propuesta.save(force_insert=True)
        _registrar(propuesta, "enlace.proponer")
        anotar(
            tipo="buzones.propuesta_enlace",
            clave=f"propuesta-enlace:{propuesta.pk}",
            carga={"propuesta": propuesta.pk},
        )
    return propuesta


def confirmar(propuesta: PropuestaEnlace, *, reemplaza: Membresia | None = None, evidencia: str = "") -> Invitacion:
    """Who administers the entity invites them, in somebody's place or besides; who runs the portal does it for an
    entity that has told so otherwise, and writes how."""
    alcance, evidencia = exigir(), evidencia.strip()
    with transaction.atomic():
        fila = _por_decidir(propuesta, alcance, evidencia)
        if reemplaza is not None and (reemplaza.entidad_id != fila.entidad_id or reemplaza.rol != Rol.ENLACE):
            raise ValidationError({"reemplaza": "Esa persona no es enlace de la entidad."})
        quien: dict[str, Any] = {"correo": fila.correo_propuesto, "nombre": fila.nombre, "cargo": fila.cargo}
        if reemplaza is not None:
            invitacion = reemplazar_enlace(membresia=reemplaza, **quien)
        else:
            invitacion = invitar(rol=Rol.ENLACE, entidad=fila.entidad, **quien)
        _decidir(fila, Estado.CONFIRMADA, alcance, invitacion=invitacion, evidencia=evidencia, reemplaza=reemplaza)
    return invitacion


def rechazar(propuesta: PropuestaEnlace, *, motivo: str, evidencia: str = "") -> None:
    """It was not them, or it is not so. Nothing changes."""
    alcance, motivo = exigir(), motivo.strip()
    if not motivo:
        raise ValidationError({"motivo": "Escriba por qué: lo lee quien la pidió."})
    with transaction.atomic():
        fila = _por_decidir(propuesta, alcance, evidencia.strip())
        _decidir(fila, Estado.RECHAZADA, alcance, motivo=motivo[:300], evidencia=evidencia.strip()[:300])


def retirar_propuestas(correo: Correo, *, persona: Persona) -> None:
    """The message was no change of liaison: what it proposed and nobody has decided is not asked any more."""
    _exigir_que_proponga(correo, persona)
    with transaction.atomic(), como_sistema("retirar lo que propuso un correo"):
        for fila in PropuestaEnlace.objects.por_confirmar().filter(correo=correo).bajo_cerrojo():
            fila.estado, fila.motivo = Estado.RECHAZADA, SE_RETIRO
            fila.decidida_por, fila.decidida_en = persona, ahora()
            fila.save(update_fields=["estado", "motivo", "decidida_por", "decidida_en"])
            _registrar(fila, "enlace.retirar_propuesta", motivo=SE_RETIRO)


def reabrir(propuesta: PropuestaEnlace) -> None:
    """It was refused by mistake: it may be decided again while its days last."""
    alcance = exigir()
    with transaction.atomic():
        fila = _suya(propuesta, alcance)
        if fila.estado != Estado.RECHAZADA or fila.vence < hoy():
            raise ValidationError("Esa propuesta ya no se puede decidir otra vez.")
        with como_sistema("volver a una propuesta de enlace"):
            otra = PropuestaEnlace.objects.por_confirmar().filter(
                entidad=fila.entidad_id, correo_propuesto__iexact=fila.correo_propuesto
            )
            if otra.exists():
                raise ValidationError("Esa persona ya está otra vez por confirmar.")
            fila.estado, fila.motivo, fila.evidencia = Estado.POR_CONFIRMAR, "", ""
            fila.decidida_por, fila.decidida_en = None, None
            fila.save(update_fields=["estado", "motivo", "evidencia", "decidida_por", "decidida_en"])
        _registrar(fila, "enlace.reabrir_propuesta")


def vencer_propuestas() -> int:
    """Those that nobody decided in their days. Whoever asked for each is told. Returns how many."""
    with transaction.atomic(), como_sistema("vencer las propuestas de enlace"):
        vencidas = list(PropuestaEnlace.objects.por_confirmar().filter(vence__lt=hoy()).bajo_cerrojo(saltando=True))
        for fila in vencidas:
            fila.estado = Estado.VENCIDA
            fila.save(update_fields=["estado"])
            _registrar(fila, "enlace.vencer_propuesta")
            _contar(fila)
    return len(vencidas)


def enlaces_de(entidad_id: int) -> QuerySet[Membresia]:
    """Whose place the new one may take."""
    activas: QuerySet[Membresia] = Membresia.objects.activas().filter(entidad=entidad_id, rol=Rol.ENLACE)
    return activas.select_related("persona").order_by("persona__nombre", "pk")


def _exigir_que_proponga(correo: Correo | None, persona: Persona | None) -> None:
    """The rules propose as the system; a person, if they decide what reaches that mailbox."""
    alcance = exigir()
    if alcance.es_sistema:
        return
    if persona is None or alcance.rol not in DECIDEN:
        raise ValidationError("Su rol no propone enlaces.")
    if correo is not None and not Correo.objects.visibles_para(alcance).filter(pk=correo.pk).exists():
        raise ValidationError("Ese mensaje no está entre los suyos.")


def _direccion(correo: str) -> str:
    a_quien = correo.strip().lower()
    try:
        validate_email(a_quien)
    except ValidationError:
        raise ValidationError({"correo": "Escriba un correo completo, como nombre@entidad.gov.co."}) from None
    if len(a_quien) > 254:
        raise ValidationError({"correo": "Ese correo es demasiado largo."})
    return a_quien


def _ya_es_enlace(correo: str, entidad: Entidad) -> bool:
    suyas = Membresia.objects.vigentes().de_quien_entra().filter(entidad=entidad, rol__in=sorted(DE_ENTIDAD))
    return bool(suyas.filter(persona__correo__iexact=correo).exists())


def _a_quien_reemplaza(dicho: str, entidad: Entidad) -> Membresia | None:
    """By address or by name, when it is one and no other; who confirms may say another."""
    dicho = _una_linea(dicho)
    if not dicho:
        return None
    suyas = enlaces_de(entidad.pk)
    iguales = list(suyas.filter(Q(persona__correo__iexact=dicho) | Q(persona__nombre__iexact=dicho))[:2])
    return iguales[0] if len(iguales) == 1 else None


def _suya(propuesta: PropuestaEnlace, alcance: Alcance) -> PropuestaEnlace:
    """Locked, for who may decide it."""
    de_la_entidad = alcance.rol == Rol.ADMIN_ENTIDAD and alcance.entidad_id == propuesta.entidad_id
    if not de_la_entidad and alcance.rol != Rol.ADMINISTRADOR:
        raise ValidationError("La decide quien administra la entidad.")
    with como_sistema("decidir una propuesta de enlace"):
        fila: PropuestaEnlace = PropuestaEnlace.objects.bajo_cerrojo().select_related("entidad").get(pk=propuesta.pk)
    return fila


def _por_decidir(propuesta: PropuestaEnlace, alcance: Alcance, evidencia: str) -> PropuestaEnlace:
    fila = _suya(propuesta, alcance)
    if alcance.rol == Rol.ADMINISTRADOR and not evidencia:
        raise ValidationError({"evidencia": "Escriba cómo supo lo que dice la entidad: oficio, llamada, a quién."})
    if fila.estado != Estado.POR_CONFIRMAR:
        raise ValidationError(f"Esa propuesta ya está decidida: {fila.get_estado_display().lower()}.")
    if fila.vence < hoy():
        raise ValidationError("Esa propuesta ya venció. Si todavía hace falta, invite a la persona desde Enlaces.")
    return fila


def _decidir(fila: PropuestaEnlace, estado: str, alcance: Alcance, **que: Any) -> None:
    with como_sistema("decidir una propuesta de enlace"):
        fila.estado, fila.decidida_por_id, fila.decidida_en = estado, alcance.persona_id, ahora()
        for campo, valor in que.items():
            setattr(fila, campo, valor)
        fila.save(update_fields=["estado", "decidida_por", "decidida_en", *que])
        _contar(fila)
    _registrar(fila, f"enlace.propuesta_{estado}", motivo=fila.motivo or fila.evidencia)


def _contar(fila: PropuestaEnlace) -> None:
    """Whoever of the team asked for it, or ventanilla, learns how it ended."""
    anotar(
        tipo="buzones.propuesta_decidida",
        clave=f"propuesta-enlace:{fila.pk}:{fila.estado}:{fila.decidida_en or fila.vence}",
        carga={"propuesta": fila.pk},
    )


def _registrar(fila: PropuestaEnlace, accion: str, motivo: str = "") -> None:
    registrar(
        accion=accion,
        objeto=fila,
        texto=str(fila.entidad),
        despues={"estado": fila.estado, "reemplaza": fila.reemplaza_id, "invitacion": fila.invitacion_id},
        motivo=motivo,
    )


def _una_linea(texto: str) -> str:
    return " ".join(texto.replace("\x00", "").split())
