"""After the delivery: the SIGA outgoing number, annulment, substitution."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from bitacora.services import registrar
from conceptos.estados import CON_FIRMA
from conceptos.models import Concepto, Verificacion
from conceptos.permisos import es_de_su_dependencia
from conceptos.services.comun import NoSePuede, aplicar, bloquear
from direcciones.roles import Rol
from plazos.reloj import ahora
from solicitudes.models import Parte
from solicitudes.services.siga import anotar_salida, leer_numero


def anotar_siga(*, concepto: Concepto, numero: str) -> Concepto:
    """The number SIGA gave to the outgoing letter, in its own field (domain.md §3), and in the register."""
    numero = leer_numero(numero)
    if not numero:
        raise ValidationError("Escriba el número que dio SIGA, por ejemplo 2-2026-13091.")
    alcance = exigir()
    with transaction.atomic():
        actual = bloquear(concepto)
        if not (es_de_su_dependencia(actual, alcance) or alcance.rol == Rol.VENTANILLA):
            raise NoSePuede("Solo puede anotarlo la dependencia que lo escribió.")
        if actual.estado not in CON_FIRMA:
            raise NoSePuede("El número de salida se anota cuando el concepto ya está firmado.")
        antes, actual.siga_salida = actual.siga_salida, numero
        actual.save(update_fields=["siga_salida"])
        anotar_salida(solicitud_id=actual.solicitud_id, numero=numero)
        registrar(accion="concepto.siga", objeto=actual, antes={"siga_salida": antes}, despues={"siga_salida": numero})
    return actual


def llevar_numero_de_salida(*, solicitud_id: int, numero: str) -> None:
    """SIGA said with which number the answer of a solicitud went out: in its concepto too, when it has only one signed
    and without a number. Its own number is never replaced from here."""
    with transaction.atomic():
        with como_sistema("llevar al concepto el número SIGA con que salió la respuesta"):
            suyos = Concepto.objects.filter(solicitud=solicitud_id, estado__in=sorted(CON_FIRMA)).bajo_cerrojo()
            firmados = list(suyos.order_by("pk")[:2])
            if len(firmados) != 1 or firmados[0].siga_salida:
                return
            [concepto] = firmados
            concepto.siga_salida = numero
            concepto.save(update_fields=["siga_salida"])
        registrar(accion="concepto.siga", objeto=concepto, antes={"siga_salida": ""}, despues={"siga_salida": numero})


def anular(*, concepto: Concepto, motivo: str) -> Concepto:
    """It stops being worth anything: verification says so from this moment, with the date (check G07)."""
    with transaction.atomic():
        instante = ahora()
        movido = aplicar(
            bloquear(concepto),
            "anular",
            motivo=motivo,
            cambios={"anulado_en": instante, "motivo_anulacion": motivo.strip()},
        )
        Verificacion.objects.filter(codigo=movido.codigo).update(anulado_en=instante, en_el_banco=False)
        _decirlo_en_el_resultado(movido, "anulado", sin_efecto_en=instante)
    return movido


def sustituir(*, concepto: Concepto, por: Concepto, motivo: str) -> Concepto:
    """A newer concepto says otherwise: this one stays authentic and points to it."""
    if por.pk == concepto.pk or por.estado not in CON_FIRMA or por.anulado_en:
        raise NoSePuede("Elija otro concepto, ya firmado y sin anular.")
    with transaction.atomic():
        movido = aplicar(bloquear(concepto), "sustituir", motivo=motivo, cambios={"sustituido_por": por})
        Verificacion.objects.filter(codigo=movido.codigo).update(sustituido_por=por.numero or "")
        _decirlo_en_el_resultado(movido, f"sustituido por {por.numero}")
    return movido


def _decirlo_en_el_resultado(concepto: Concepto, que: str, **cambios: datetime) -> None:
    """The register does not show as a good product a concepto that no longer is, nor as on time an answer that has no
    effect. Nothing reopens by itself: its head may do it."""
    with como_sistema("decir en el resultado que el concepto cambió"):
        partes = Parte.objects.filter(pk=concepto.parte_id, resultado__startswith=f"Concepto {concepto.numero}")
        partes.update(resultado=f"Concepto {concepto.numero} ({que})", **cambios)
