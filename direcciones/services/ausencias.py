"""Say that somebody will be away, with who covers them, and that they came back before.

A head's absence with the act of the encargo gives the substitute the signature, in the same transaction (R57); without
it, what must be signed goes to the next head up.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import Alcance, como_sistema, exigir
from bandeja.services import anotar
from bitacora.services import registrar
from direcciones.ausencias import atiende_en, dirige_una_de, quien_queda, reemplazo_de
from direcciones.models import Ausencia, Dependencia, Encargo, Membresia, Persona
from direcciones.relevos import dias_de_cambio, donde_atiende, relevar
from direcciones.roles import ATIENDEN, DE_DEPENDENCIA, JEFES, Rol
from plazos.fechas import fecha_corrida
from plazos.reloj import ahora, hoy

DIAS_MAXIMOS = 730


def puede_ausentar(alcance: Alcance, persona: Persona | int) -> bool:
    """Whoever is away, the heads of where they work, and the administrador."""
    clave = persona if isinstance(persona, int) else persona.pk
    if alcance.es_sistema or alcance.rol == Rol.ADMINISTRADOR or clave == alcance.persona_id:
        return True
    return Membresia.objects.activas().filter(persona=clave, dependencia__in=alcance.jefaturas).exists()


@transaction.atomic
def registrar_ausencia(
    *, persona: Persona, desde: date, hasta: date, suplente: Persona | None = None, acto: str = ""
) -> Ausencia:
    """From `desde` to the end of `hasta`. Raises ValidationError with what must be changed, and writes nothing."""
    alcance, acto = exigir(), acto.strip()
    if not puede_ausentar(alcance, persona):
        raise ValidationError("Usted no puede registrar la ausencia de esa persona.")
    _comprobar_fechas(desde, hasta)
    # One at a time for each person.
    Persona.objects.select_for_update(of=("self",), no_key=True).get(pk=persona.pk)
    with como_sistema("comprobar una ausencia"):
        roles = list(
            Membresia.objects.activas()
            .filter(persona=persona, rol__in=sorted(DE_DEPENDENCIA))
            .select_related("dependencia")
        )
        if not roles:
            raise ValidationError(f"{persona} no trabaja en ninguna dependencia: no hace falta registrar su ausencia.")
        _que_no_se_cruce(persona, desde, hasta)
        if suplente is not None:
            _comprobar_suplente(persona, suplente, roles, acto)
    jefaturas = [m for m in roles if m.rol in JEFES]
    if acto and not (jefaturas and suplente):
        raise ValidationError({"acto": "El encargo es de quien dirige una dependencia y necesita quién lo reemplace."})
    ausencia = Ausencia(
        persona=persona,
        desde=desde,
        hasta=hasta,
        suplente=suplente,
        registrada_por_id=alcance.persona_id or persona.pk,
        registrada_en=ahora(),
    )
    if acto:
        ausencia.encargo = _encargar(jefaturas, ausencia, acto)
    ausencia.save(force_insert=True)
    lugares = donde_atiende(roles)
    motivo = f"{persona} estará ausente hasta el {fecha_corrida(hasta)}"
    relevar(persona=persona.pk, lugares=lugares, motivo=motivo, desde=desde, hasta=hasta)
    _que_alguien_quede(ausencia, lugares)
    registrar(
        accion="ausencia.registrar",
        objeto=ausencia,
        texto=str(persona),
        despues=_que_se_anota(ausencia),
        dependencias=[m.dependencia_id for m in roles],
    )
    _contar(ausencia, "registrada")
    return ausencia


@transaction.atomic
def terminar_ausencia(*, ausencia: Ausencia) -> Ausencia:
    """They are back: it ended yesterday. One that had not begun, or began today, never was."""
    alcance = exigir()
    if not puede_ausentar(alcance, ausencia.persona_id):
        raise ValidationError("Usted no puede cambiar la ausencia de esa persona.")
    actual = Ausencia.objects.bajo_cerrojo().get(pk=ausencia.pk)
    if actual.anulada_en or actual.hasta < hoy():
        raise ValidationError("Esa ausencia ya había terminado.")
    antes = _que_se_anota(actual)
    if actual.desde < hoy():
        actual.hasta = hoy() - timedelta(days=1)
    else:
        actual.anulada_en = ahora()
    actual.save(update_fields=["hasta", "anulada_en"])
    if actual.encargo is not None:
        _terminar_encargo(actual.encargo)
    with como_sistema("anotar dónde trabaja quien volvió"):
        lugares = list(
            Membresia.objects.activas()
            .filter(persona=actual.persona_id, dependencia__isnull=False)
            .values_list("dependencia", flat=True)
        )
    registrar(
        accion="ausencia.terminar",
        objeto=actual,
        texto=str(actual.persona),
        antes=antes,
        despues=_que_se_anota(actual),
        dependencias=lugares,
    )
    _contar(actual, "terminada")
    return actual


def _comprobar_fechas(desde: date, hasta: date) -> None:
    if hasta < desde:
        raise ValidationError({"hasta": "El último día no puede ser anterior al primero."})
    if hasta < hoy():
        raise ValidationError({"hasta": "Esos días ya pasaron. Escriba una ausencia que siga o esté por venir."})
    if (hasta - desde).days > DIAS_MAXIMOS:
        raise ValidationError({"hasta": "Una ausencia de más de dos años es un retiro: termine el rol de la persona."})


def _que_no_se_cruce(persona: Persona, desde: date, hasta: date) -> None:
    otra = Ausencia.objects.filter(persona=persona, anulada_en__isnull=True, desde__lte=hasta, hasta__gte=desde)
    cruzada = otra.first()
    if cruzada is not None:
        raise ValidationError(
            f"{persona} ya tiene una ausencia del {fecha_corrida(cruzada.desde)} al {fecha_corrida(cruzada.hasta)}. "
            "Termínela o elija otros días."
        )


def _comprobar_suplente(persona: Persona, suplente: Persona, roles: list[Membresia], acto: str) -> None:
    """Somebody who works wherever the person does: a chain that leads to another place would cover nothing. Whoever
    heads a subdirección covers the head of the dirección with the act of the encargo, which gives the signature; what
    is done there is answered for by who attends there."""
    if suplente.pk == persona.pk:
        raise ValidationError({"suplente": "Nadie se reemplaza a sí mismo."})
    for membresia in roles:
        lugar = membresia.dependencia
        assert lugar is not None
        if membresia.rol in ATIENDEN:
            sirve, que = atiende_en(suplente.pk, lugar.pk), "atiende"
        else:
            sirve, que = Membresia.objects.activas().filter(persona=suplente, dependencia=lugar).exists(), "trabaja"
        if sirve:
            continue
        if membresia.rol in JEFES and dirige_una_de(lugar.pk).filter(persona=suplente).exists():
            if acto:
                continue
            raise ValidationError(
                {"acto": f"Para que {suplente} firme por {lugar} escriba el acto que se lo encarga."}
            )
        raise ValidationError({"suplente": f"{suplente} no {que} en {lugar}. Elija a alguien de allí."})


def _que_alguien_quede(ausencia: Ausencia, lugares: list[int]) -> None:
    """On each of its days somebody covers, and no dependencia is left alone."""
    persona, suplente = ausencia.persona, ausencia.suplente
    for dia in dias_de_cambio(lugares, ausencia.desde, ausencia.hasta):
        if suplente is not None and reemplazo_de(persona, dia) is None:
            raise ValidationError(
                {
                    "suplente": f"{suplente} también está ausente el {fecha_corrida(dia)} y nadie más la cubre. "
                    "Elija a otra persona."
                }
            )
        for lugar in Dependencia.objects.vigentes(dia).que_atienden().filter(pk__in=lugares).order_by("pk"):
            if quien_queda(lugar.pk, dia) is None:
                raise ValidationError(
                    f"El {fecha_corrida(dia)} no quedaría nadie que atienda en {lugar}. "
                    "Nombre antes a otra persona o cambie los días."
                )


def _encargar(jefaturas: list[Membresia], ausencia: Ausencia, acto: str) -> Encargo:
    if len(jefaturas) != 1:
        raise ValidationError(
            {"acto": "Dirige varias dependencias: pida al administrador que registre cada encargo en Catálogos."}
        )
    [jefatura] = jefaturas
    assert jefatura.dependencia is not None
    cargo = jefatura.cargo or jefatura.dependencia.cargo_de_quien_dirige or jefatura.get_rol_display()
    encargo = Encargo(
        dependencia=jefatura.dependencia,
        persona=ausencia.suplente,
        cargo=cargo,
        acto=acto,
        desde=ausencia.desde,
        hasta=ausencia.hasta,
    )
    encargo.full_clean()
    encargo.save()
    _anotar_encargo("encargo.dar", encargo)
    return encargo


def _terminar_encargo(encargo: Encargo) -> None:
    """Nobody signs any more for who came back. One that had not begun is left before it could count; one that began
    today counts today, because something may have been signed with it."""
    ayer = hoy() - timedelta(days=1)
    if encargo.desde > hoy():
        encargo.desde = ayer
    encargo.hasta = max(ayer, encargo.desde)
    encargo.save(update_fields=["desde", "hasta"])
    _anotar_encargo("encargo.terminar", encargo)


def _anotar_encargo(accion: str, encargo: Encargo) -> None:
    registrar(
        accion=accion,
        objeto=encargo,
        texto=str(encargo),
        despues={**encargo.datos(), "desde": encargo.desde, "hasta": encargo.hasta},
        dependencias=[encargo.dependencia_id],
    )


def _que_se_anota(ausencia: Ausencia) -> dict[str, object]:
    return {
        "persona": ausencia.persona_id,
        "desde": ausencia.desde,
        "hasta": ausencia.hasta,
        "suplente": ausencia.suplente_id,
        "anulada": ausencia.anulada_en is not None,
    }


def _contar(ausencia: Ausencia, que: str) -> None:
    anotar(
        tipo="direcciones.ausencia",
        clave=f"ausencia:{ausencia.pk}:{que}:{ausencia.hasta}",
        carga={"ausencia": ausencia.pk, "que": que, "por": exigir().persona_id},
    )
