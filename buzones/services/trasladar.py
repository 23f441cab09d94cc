"""Send a citizen's petition to who is competent, with copy to whoever asked, within the five business days of the law.

It counts when its mail leaves: the handler of the outbox settles it in the transaction that hands the mail over. Until
then it may be taken back. Who decides what a message is (its state) is not here: a traslado is what follows from it.
"""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from alcance import Alcance, como_sistema, exigir
from bandeja.services import Hecho, anotar, anotar_varios
from bitacora.services import registrar
from buzones.estados import EstadoCorreo
from buzones.models import CanalExterno, Correo, Traslado
from buzones.permisos import DECIDEN
from buzones.services.mover import mover
from direcciones.models import Persona
from plazos.calendario import Calendario, ErrorDePlazo
from plazos.escritura import cuando_escribir
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente, plazo_para_trasladar, una_lectura
from plazos.terminos import Plazo, dias_habiles_restantes

GRACIA = timedelta(minutes=1)  # in which it may be taken back
AVISO_PREVIO = 2  # business days left at which ventanilla is reminded
ESPERAN = (EstadoCorreo.POR_CLASIFICAR, EstadoCorreo.ESPERANDO)


class NoSePuedeTrasladar(ValidationError):
    """It was sent already, or is tied to a solicitud, which has exits of its own."""


def plazo_de_traslado(correo: Correo) -> Plazo:
    """Until when it may be sent to who is competent, explained day by day, with the calendar in force. Who has it
    before it is a row asks `criterio.traslado.limite_para_trasladar`."""
    return plazo_para_trasladar(correo.recibido_en)


def trasladar(
    correo: Correo, *, canal: CanalExterno, motivo: str, persona: Persona, numero_externo: str = ""
) -> Traslado:
    """Leave it to be sent. `numero_externo`: it was filed there by hand, so only the copy leaves; a channel without a
    mailbox asks for it. Who calls says in the same transaction what the message is."""
    numero, motivo = numero_externo.strip(), motivo.strip()
    _exigir_canal(canal, numero)
    if not motivo:
        raise ValidationError({"motivo": "Escriba por qué no le corresponde a la SDFI: se le dice a quien pidió."})
    alcance = exigir()
    with transaction.atomic():
        _exigir_que_decida(correo, alcance)
        with como_sistema("trasladar una petición"):
            actual = Correo.objects.bajo_cerrojo().get(pk=correo.pk)
            if actual.solicitud_id is not None:
                raise NoSePuedeTrasladar("Ya es de una solicitud: trasládela desde ella.")
            if Traslado.objects.en_pie().filter(correo=actual).exists():
                raise NoSePuedeTrasladar("Esa petición ya se trasladó. Recargue la página.")
            traslado = Traslado(
                correo=actual,
                canal=canal,
                motivo=motivo,
                numero_externo=numero,
                pedido_por=persona,
                pedido_en=ahora(),
                vence=actual.vence_traslado or plazo_de_traslado(actual).vence,
                con_copia=_si_es_direccion(actual.de_correo),
            )
            traslado.full_clean(validate_unique=False, validate_constraints=False)
            traslado.save(force_insert=True)
            anotar(
                tipo="buzones.traslado",
                clave=f"traslado:{traslado.pk}",
                carga={"traslado": traslado.pk},
                destinatario=traslado.con_copia if numero else canal.correo,
                no_antes=traslado.pedido_en + GRACIA,
            )
        _registrar(traslado, "correo.trasladar", motivo=motivo)
    return traslado


def retirar_traslado(correo: Correo, *, persona: Persona) -> None:
    """Take it back before it leaves, for who decided by mistake: the message is decided again by who calls."""
    alcance = exigir()
    with transaction.atomic():
        _exigir_que_decida(correo, alcance)
        with como_sistema("retirar el traslado de una petición"):
            traslado = Traslado.objects.en_pie().filter(correo=correo).bajo_cerrojo().first()
            if traslado is None:
                raise NoSePuedeTrasladar("Esa petición no se ha trasladado.")
            if traslado.enviado_en is not None:
                raise NoSePuedeTrasladar("El traslado ya salió: no se puede retirar.")
            traslado.retirado_en, traslado.retirado_por = ahora(), persona
            traslado.save(update_fields=["retirado_en", "retirado_por"])
        _registrar(traslado, "correo.retirar_traslado")


def decidir_traslado(
    correo: Correo, *, canal: CanalExterno, motivo: str, persona: Persona, numero_externo: str = ""
) -> Traslado:
    """Say that it is a citizen's petition, and send it."""
    with transaction.atomic():
        traslado = trasladar(correo, canal=canal, motivo=motivo, persona=persona, numero_externo=numero_externo)
        _decir(correo, "trasladar", persona, motivo=motivo, datos={"canal": canal.pk})
    return traslado


def deshacer_traslado(correo: Correo, *, persona: Persona) -> None:
    """Take it back and leave the message to be decided again."""
    with transaction.atomic():
        retirar_traslado(correo, persona=persona)
        _decir(correo, "rescatar", persona, motivo="Se retiró el traslado")


def asentar_traslado(traslado: Traslado) -> None:
    """Its mail is leaving. After the last day it leaves all the same, and says so. The caller acts as system, in the
    transaction that hands the mail over, with the row locked."""
    traslado.enviado_en, traslado.tardio = ahora(), hoy() > traslado.vence
    traslado.save(update_fields=["enviado_en", "tardio"])
    _registrar(traslado, "correo.traslado_enviado")


def _decir(correo: Correo, accion: str, persona: Persona, *, motivo: str, datos: dict[str, int] | None = None) -> None:
    """What the message is from now on, by the table of transitions, and who said it."""
    with como_sistema("decir qué se hizo con una petición"):
        actual = Correo.objects.bajo_cerrojo().get(pk=correo.pk)
        mover(actual, accion, persona_id=persona.pk, motivo=motivo, datos=datos)


def _si_es_direccion(correo: str) -> str:
    """'' when nobody can be written there: then the ledger says that whoever asked was not told."""
    try:
        validate_email(correo)
    except ValidationError:
        return ""
    return correo if len(correo) <= 254 else ""


def _exigir_canal(canal: CanalExterno, numero: str) -> None:
    if not canal.esta_vigente(hoy()):
        raise ValidationError({"canal": "Ese canal ya no está vigente. Elija otro."})
    if not canal.correo and not numero:
        raise ValidationError(
            {"numero_externo": f"Radíquela en {canal} y escriba aquí el número que le den: allí no reciben correo."}
        )


def _exigir_que_decida(correo: Correo, alcance: Alcance) -> None:
    if alcance.es_sistema:
        return
    if alcance.rol not in DECIDEN:
        raise ValidationError("Su rol no decide qué se hace con un mensaje.")
    if not Correo.objects.visibles_para(alcance).filter(pk=correo.pk).exists():
        raise ValidationError("Ese mensaje no está entre los suyos.")


def _registrar(traslado: Traslado, accion: str, motivo: str = "") -> None:
    """By the number of the message: whoever asked is named nowhere else (Ley 1581 de 2012)."""
    registrar(
        accion=accion,
        objeto=traslado,
        texto=traslado.correo.numero,
        despues={"canal": traslado.canal_id, "vence": traslado.vence, "tardio": traslado.tardio},
        motivo=motivo,
        dependencias=traslado.correo.dependencias,
    )


# --- Reminders -----------------------------------------------------------------------------------------------------
def recordar_traslados() -> int:
    """Leave in the outbox what must be told now of the petitions that nobody has sent: at two business days and on the
    last one, and once when it is past. From the state things are in: a sweep that did not run for days tells once.
    Returns how many are looked at."""
    with una_lectura(), transaction.atomic(), como_sistema("recordar los traslados que están por vencer"):
        calendario, dia = calendario_vigente(), hoy()
        _recontar()
        hasta = calendario.sumar_habiles(dia, AVISO_PREVIO)
        sin_decidir = Correo.objects.filter(estado__in=ESPERAN, vence_traslado__lte=hasta)
        por_mirar: list[tuple[int, date]] = list(sin_decidir.values_list("pk", "vence_traslado"))  # type: ignore[arg-type]
        por_mirar += Traslado.objects.por_salir().filter(vence__lte=hasta).values_list("correo_id", "vence")
        niveles = [(pk, vence, nivel_de(vence, calendario, dia)) for pk, vence in por_mirar]
        no_antes = cuando_escribir(ahora())
        anotar_varios([_recordatorio(*cual, no_antes) for cual in niveles])
    return len(por_mirar)


def nivel_de(vence: date, calendario: Calendario, dia: date) -> str:
    if dia > vence:
        return "vencido"
    return "hoy" if dias_habiles_restantes(vence, dia, calendario) == 0 else "antes"


def _recordatorio(correo_id: int, vence: date, nivel: str, no_antes: datetime) -> Hecho:
    return Hecho(
        tipo="buzones.traslado_por_vencer",
        clave=f"traslado-por-vencer:{correo_id}:{vence.isoformat()}:{nivel}",
        carga={"correo": correo_id, "nivel": nivel},
        no_antes=no_antes,
    )


def _recontar() -> None:
    """A day that was declared after it came moves the date of what still waits, as it moves that of the rest."""
    for correo in Correo.objects.filter(estado__in=ESPERAN, vence_traslado__isnull=False).bajo_cerrojo(saltando=True):
        with suppress(ErrorDePlazo):  # the date it had is as good as any
            vence = plazo_de_traslado(correo).vence
            if vence != correo.vence_traslado:
                Correo.objects.filter(pk=correo.pk).update(vence_traslado=vence)
