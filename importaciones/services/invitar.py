"""The invitations of who was imported: sent apart, when somebody says so, by the service of many invitations."""

from django.core.exceptions import ValidationError
from django.db import transaction

from bitacora.services import registrar
from cuentas.services import lote
from direcciones.models import Membresia
from importaciones.estados import Resultado
from importaciones.models import Importacion

CON_PERSONA = (Resultado.CREADA, Resultado.CAMBIADA, Resultado.IGUAL)


def por_invitar(importacion: Importacion) -> list[lote.Fila]:
    """Everybody of the import who has the role, and of each why not: already in, already invited."""
    numeros = dict(
        importacion.filas.filter(resultado__in=CON_PERSONA, objeto_id__isnull=False).values_list("objeto_id", "numero")
    )
    membresias = Membresia.objects.activas().filter(pk__in=numeros).select_related("persona", "entidad", "dependencia")
    filas = [
        lote.Fila(
            numero=numeros[m.pk],
            correo=m.persona.correo,
            nombre=m.persona.nombre,
            cargo=m.persona.cargo,
            lugar=m.lugar,
            rol=m.rol,
            entidad=m.entidad,
            dependencia=m.dependencia,
        )
        for m in membresias
    ]
    return lote.omitir_repetidas(sorted(filas, key=lambda fila: fila.numero))


@transaction.atomic
def invitar(*, importacion: Importacion) -> int:
    """Invite the first ones that are ready, as many as one batch takes. Returns how many; the page offers the rest."""
    if not importacion.de_personas or not importacion.ya_confirmada:
        raise ValidationError("En esta importación no hay a quién invitar.")
    listas = [fila for fila in por_invitar(importacion) if fila.lista][: lote.MAXIMO]
    enviadas = [fila for fila in lote.invitar_listas(listas) if fila.lista]
    registrar(
        accion="importacion.invitar",
        objeto=importacion,
        texto=importacion.nombre,
        despues={"invitaciones": len(enviadas)},
    )
    return len(enviadas)
