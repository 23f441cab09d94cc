"""Entidades without users ask for one; the administrador invites or refuses with a reason."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from alcance import como_sistema, exigir
from avisos.services import enviar_correo
from bitacora.services import registrar
from cuentas import correo as cartas
from cuentas.models import Invitacion, SolicitudAcceso
from cuentas.services.invitaciones import invitar
from direcciones.models import Entidad
from direcciones.roles import Rol


def pedir_acceso(*, entidad: Entidad, nombre: str, correo: str, cargo: str, telefono: str, para_que: str) -> None:
    """Leave the request for the administrador. Says nothing back: nobody learns who has an account (N02)."""
    correo = correo.strip().lower()
    with como_sistema("recibir una solicitud de acceso"), transaction.atomic():
        if SolicitudAcceso.objects.por_decidir().filter(entidad=entidad, correo__iexact=correo).exists():
            return
        fila = SolicitudAcceso(
            entidad=entidad,
            nombre=nombre.strip(),
            correo=correo,
            cargo=cargo.strip(),
            telefono=telefono.strip(),
            para_que=para_que.strip(),
        )
        SolicitudAcceso.objects.bulk_create([fila], ignore_conflicts=True)
        registrar(accion="acceso.pedir", entidad_id=entidad.pk, texto=str(entidad))


@transaction.atomic
def invitar_a_quien_pidio(*, solicitud: SolicitudAcceso, rol: str = Rol.ENLACE) -> Invitacion:
    """Accept the request: its mailbox gets an invitation for its entidad."""
    fila = _por_decidir(solicitud)
    invitacion = invitar(
        correo=fila.correo,
        nombre=fila.nombre,
        cargo=fila.cargo,
        rol=rol,
        entidad=Entidad.objects.get(pk=fila.entidad_id),
    )
    fila.decidida_en, fila.decidida_por_id, fila.invitacion = timezone.now(), exigir().persona_id, invitacion
    fila.save(update_fields=["decidida_en", "decidida_por", "invitacion"])
    registrar(accion="acceso.invitar", objeto=fila, despues={"invitacion": invitacion.pk})
    return invitacion


@transaction.atomic
def rechazar_acceso(*, solicitud: SolicitudAcceso, motivo: str) -> None:
    """Refuse with a reason that the person receives."""
    fila = _por_decidir(solicitud)
    if not motivo.strip():
        raise ValidationError("Escriba el motivo: se lo enviamos a quien pidió el usuario.")
    fila.decidida_en, fila.decidida_por_id = timezone.now(), exigir().persona_id
    fila.motivo_rechazo = motivo.strip()
    fila.save(update_fields=["decidida_en", "decidida_por", "motivo_rechazo"])
    registrar(accion="acceso.rechazar", objeto=fila, motivo=fila.motivo_rechazo)
    enviar_correo(
        a=fila.correo,
        nombre=fila.nombre,
        carta=cartas.rechazo_de_acceso(fila),
        clave=f"acceso:{fila.pk}:rechazo",
        evento="cuentas.acceso_rechazado",
    )


def _por_decidir(solicitud: SolicitudAcceso) -> SolicitudAcceso:
    fila = SolicitudAcceso.objects.select_for_update(of=("self",)).select_related("entidad").get(pk=solicitud.pk)
    if fila.decidida_en is not None:
        raise ValidationError("Otra persona ya decidió esta solicitud.")
    return fila
