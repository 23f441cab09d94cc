"""I03, A01, T09, T10: every form of the portal, sent as it is, with fields nobody offered and with ids of others.

What peers had: mass assignment; links added at creation without authorisation (Zammad CVE-2026-34722); data of others
through a form's id (FreeScout cr68); any object deletable through another one's form (GLPI CVE-2026-42318).
"""

from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse

from alcance.registro import clase_de
from sdfi_portal.aislamiento.canarios import ajenos as canarios_ajenos
from sdfi_portal.aislamiento.elenco import PAPELES
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo
from solicitudes.models import Archivo, Parte
from tests.seguridad.formularios import QUIENES, Hallado, formularios
from tests.seguridad.fotos import Camara, Cambio, tocadas

pytestmark = pytest.mark.ignore_template_errors
INTRUSO, INTRUSA = "INTRUSO", "1999-12-31"
# What leaves no event, and why.
SIN_SUCESO = {
    "avisos:leer_todos": "quien lo lee marca lo suyo como leído",
    "solicitudes:nueva": "el borrador es de quien lo escribe hasta que radica",
    "solicitudes:registrar": "lo mismo",
    "solicitudes:descartar": "lo mismo",
    "solicitudes:borrador": "lo mismo",
    "solicitudes:guardar": "lo mismo",
    "solicitudes:mi_asesor": "empieza un borrador",
    "demo:recibir": "solo en la demostración: la llegada y el correo son su registro, y lo que radican deja el suyo",
    "conceptos:editar": "se guarda solo mientras se escribe; el suceso queda al enviarlo a revisión, con su huella",
}
A_NOMBRE_DE_NADIE = {
    "cuentas:pedir_usuario": "la pide quien aún no tiene usuario, haya o no una sesión abierta",
    "encuestas:responder": "la responde quien tiene el enlace, que puede no ser quien entró",
    "cuentas:invitacion": "la acepta quien tiene el enlace",
}
# A draft keeps what its owner wrote, also what is wrong: it is judged when it is filed.
GUARDAN_LO_QUE_SEA = ("solicitudes:borrador", "solicitudes:guardar")


# --- I03, A01 ------------------------------------------------------------------------------------------------------
def de_mas(este: Mundo) -> dict[str, str]:
    """A hostile value for every field of every model of ours."""
    valores: dict[str, str] = {"is_staff": "on", "is_superuser": "on", "es_admin": "on", "rol": "administrador"}
    for modelo in apps.get_models():
        if clase_de(modelo) is None or modelo._meta.app_label in {"account", "mfa", "axes", "socialaccount"}:
            continue
        for campo in modelo._meta.concrete_fields:
            valor = _hostil(campo, este)
            valores.setdefault(campo.name, valor)
            valores.setdefault(campo.attname, valor)
    return valores


def _hostil(campo: Any, este: Mundo) -> str:
    if campo.related_model is not None:
        ajena = next((o.fila for o in este.objetos.values() if isinstance(o.fila, campo.related_model)), None)
        return str(ajena.pk if ajena else este.elenco.personas["enlace_b"].pk)
    if campo.choices:
        return str(list(campo.flatchoices)[-1][0])
    if isinstance(campo, models.BooleanField):
        return "on"
    if isinstance(campo, models.DateTimeField):
        return f"{INTRUSA}T10:00"
    if isinstance(campo, models.DateField):
        return INTRUSA
    return "7" if isinstance(campo, models.IntegerField) else INTRUSO


def huella(hallados: list[Cambio]) -> dict[tuple[str, str], set[str]]:
    """The changes. Shape: (model, field) → new values."""
    valores: dict[tuple[str, str], set[str]] = {}
    for cambio in hallados:
        valores.setdefault((cambio.modelo, cambio.campo), set()).add(str(cambio.despues))
    return valores


def de_sobra(una: list[Cambio], otra: list[Cambio], cargada: list[Cambio], extra: dict[str, str]) -> list[str]:
    """What the loaded form wrote and the same form, sent twice as it is, did not. A field that differs each time (an
    instant, a secret, the number of a new row) must at least not carry what was sent."""
    limpia, repetida = huella(una), huella(otra)
    malas = []
    for (modelo, campo), valores in huella(cargada).items():
        iguales = limpia.get((modelo, campo), set())
        if iguales != repetida.get((modelo, campo), set()):
            ajenos = {v for v in valores if v == extra.get(campo) or INTRUSO in v or INTRUSA in v}
        else:
            ajenos = valores - iguales
        malas += [f"{modelo}.{campo} = {valor}" for valor in sorted(ajenos)]
    return malas


def sin_suceso(hallado: Hallado, este: Mundo, hechos: list[Cambio]) -> str:
    """What is missing in the record of what this form did; '' when all is there."""
    nombre = ":".join(hallado.nombre.split(":")[:2])
    if not hechos or nombre in SIN_SUCESO:
        return ""
    filas: dict[Any, dict[str, Any]] = {}
    for cambio in hechos:
        if cambio.modelo == "bitacora.suceso" and cambio.nueva:
            filas.setdefault(cambio.pk, {})[cambio.campo] = cambio.despues
    quien = este.elenco.personas[hallado.papel].pk, PAPELES[hallado.papel][0]
    for fila in filas.values():
        de_quien = nombre in A_NOMBRE_DE_NADIE or (fila.get("actor_id"), fila.get("rol")) == quien
        if (
            de_quien
            and all(fila.get(campo) for campo in ("accion", "ip", "peticion", "en"))
            and (fila.get("objeto_id") or fila.get("objeto_texto"))
        ):
            return ""
    return f"{hallado} cambia {sorted({c.modelo for c in hechos})} y no deja suceso completo: {list(filas.values())}"


def probar_campos(este: Mundo, marcador: Marcador, por_pagina: int) -> tuple[list[str], set[str]]:
    """Each form as it is (twice) and loaded with every field of every model. Gives what went wrong and which forms did
    something."""
    extra, camara, malas, utiles = de_mas(este), Camara(marcador), [], set()
    for hallado in formularios(marcador, este, por_pagina=por_pagina):
        limpio, suyos = hallado.lleno(), {c.nombre for c in hallado.campos}
        cargado = {**{n: v for n, v in extra.items() if n not in suyos}, **limpio}
        respuestas, hechos = zip(
            *(camara.llamar(hallado.papel, "POST", hallado.url, data=datos) for datos in (limpio, limpio, cargado)),
            strict=True,
        )
        utiles |= {hallado.nombre} if hechos[0] else set()
        malas += [f"{hallado}: {falla}" for falla in de_sobra(*hechos, extra)]
        malas += [f"{hallado}: {r.error}" for r in respuestas if r.estado >= 500]
        malas += filter(None, [sin_suceso(hallado, este, hechos[0])])
    return malas, utiles


def test_fields_nobody_offered_change_nothing_and_what_is_done_is_recorded(este: Mundo, marcador: Marcador) -> None:
    """I03, A01."""
    malas, utiles = probar_campos(este, marcador, por_pagina=1)
    assert malas == [], "\n".join(malas)
    assert len(utiles) > 40, f"pocos formularios hicieron algo: {sorted(utiles)}"


@pytest.mark.larga
def test_fields_nobody_offered_change_nothing_for_each_role(este: Mundo, marcador: Marcador) -> None:
    malas, _ = probar_campos(este, marcador, por_pagina=len(QUIENES))
    assert malas == [], "\n".join(malas)


def test_a_loaded_form_that_stores_it_is_noticed() -> None:
    """Negative control of the comparison above."""
    normal = [Cambio("x", 1, "estado", "a", "b"), Cambio("x", 1, "en", None, "1")]
    otra = [Cambio("x", 1, "estado", "a", "b"), Cambio("x", 1, "en", None, "2")]
    for campo, valor in (("estado", "z"), ("en", "9"), ("nota", INTRUSO)):
        cargada = [*otra, Cambio("x", 1, campo, None, valor)]
        assert de_sobra(normal, otra, cargada, {"en": "9"}) == [f"x.{campo} = {valor}"]
    assert de_sobra(normal, otra, [*otra[:1], Cambio("x", 1, "en", None, "3")], {"en": "9"}) == []


def test_what_is_refused_is_recorded(este: Mundo, marcador: Marcador) -> None:
    """A01: who tries a door that is not theirs leaves an event; a visitor, who is sent to sign in, does not."""
    camara, url = Camara(marcador), reverse("cuentas:usuarios")
    respuesta, hechos = camara.llamar("enlace_a", "GET", url)
    suceso = {c.campo: c.despues for c in hechos if c.modelo == "bitacora.suceso"}
    assert respuesta.estado == 403
    assert suceso["accion"] == "acceso.negado" and suceso["objeto_texto"] == "GET cuentas:usuarios"
    assert (suceso["actor_id"], suceso["rol"]) == (este.elenco.personas["enlace_a"].pk, "enlace")
    assert suceso["entidad_id"] == este.elenco.lugares["a"].pk and suceso["ip"] and suceso["peticion"]
    assert camara.llamar("anonimo", "GET", url)[1] == []


# --- T09, T10 ------------------------------------------------------------------------------------------------------
def prohibidas(este: Mundo, papel: str) -> dict[tuple[str, Any], str]:
    """Rows this papel may neither see nor point at. Shape: (model, pk) → name."""
    filas = {
        (objeto.fila._meta.label_lower, objeto.fila.pk): clave
        for clave, objeto in este.objetos.items()
        if papel not in objeto.ven
    }
    lejos = ("asesor_y", "enlace_b")
    return filas | {("direcciones.persona", este.elenco.personas[otra].pk): otra for otra in lejos}


def sustitutos(este: Mundo, papel: str, campo: str, *, todos: bool) -> list[str]:
    """What a curious person would write in the place of this id: the number or the radicado of what is not theirs. One
    row of each kind, or only of the kind that the field asks for."""
    ajenas = {type(o.fila): o.fila for o in este.objetos.values() if papel not in o.ven}
    persona, radicado = este.elenco.personas["asesor_y"], este.objeto("solicitud_b").fila.radicado
    if todos:
        return sorted({str(fila.pk) for fila in (*ajenas.values(), persona)} | {radicado})
    if campo in {"principal", "radicado", "por"}:
        return [radicado]
    if campo in {"asesor", "suplente", "persona", "revisor", "titular"}:
        return [str(persona.pk)]
    return [str(ajenas[Archivo if "archivo" in campo else Parte].pk)]


def probar_ids(
    este: Mundo, marcador: Marcador, papeles: tuple[str, ...], *, todos: bool = True
) -> tuple[list[str], int]:
    """Each id of each form changed for each foreign one. Gives what went wrong and how many were tried."""
    camara, malas, probados = Camara(marcador), [], 0
    for hallado in formularios(marcador, este, papeles, por_pagina=len(QUIENES) if todos else 1):
        vedadas, limpio = prohibidas(este, hallado.papel), hallado.lleno()
        # What the form does by itself is right, and is about something of theirs (whoever has a link accepts it).
        suyas = tocadas(camara.llamar(hallado.papel, "POST", hallado.url, data=limpio)[1])
        for campo in hallado.con_ids():
            varios = campo in hallado.multiples()
            valores = sustitutos(este, hallado.papel, campo, todos=todos)
            for valor in sorted(set(valores) - hallado.ofrece(campo)):
                probados += 1
                puesto = [*sorted(hallado.ofrece(campo)), valor] if varios else valor
                respuesta, hechos = camara.llamar(hallado.papel, "POST", hallado.url, data={**limpio, campo: puesto})
                donde = f"{hallado} · {campo}={puesto}"
                malas += [f"{donde} toca {vedadas[f]}" for f in (tocadas(hechos) - suyas) & vedadas.keys()]
                malas += [f"{donde} muestra {c}" for c in canarios_ajenos(respuesta, hallado.papel, este.objetos)]
                if respuesta.estado >= 500:
                    malas.append(f"{donde}: {respuesta.error}")
                if varios and hechos and not hallado.nombre.startswith(GUARDAN_LO_QUE_SEA):
                    malas.append(f"{donde}: hizo una parte de una lista mezclada (T10)")
    return malas, probados


def test_ids_of_others_in_a_form_do_nothing(este: Mundo, marcador: Marcador) -> None:
    """T09, T10: a value the page did not offer reaches no row of others; a mixed list is refused whole."""
    malas, probados = probar_ids(este, marcador, ("enlace_a", "subdirector_x", "asesor_x"), todos=False)
    assert malas == [], "\n".join(malas)
    assert probados > 50


@pytest.mark.larga
@pytest.mark.parametrize("papel", [*QUIENES, "enlace_b", "admin_b", "asesor_y", "subdirector_y", "director_y"])
def test_ids_of_others_do_nothing_for_each_role(este: Mundo, marcador: Marcador, papel: str) -> None:
    assert probar_ids(este, marcador, (papel,))[0] == []
