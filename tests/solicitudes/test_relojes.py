"""The clocks at filing: which are stored, which date binds, and that each explains itself (R31)."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from alcance import como_sistema
from alcance.ordenes import en_json
from direcciones.models import AcuerdoServicio, CriterioAtencion, Modalidad
from expedientes.services.dia_por_dia import dia_por_dia
from plazos.services import fijar_horario, reglas_vigentes
from plazos.terminos import explicar
from solicitudes.entregas import _acuse
from solicitudes.models import Parte, Solicitud, Termino
from solicitudes.services import radicacion
from solicitudes.services.constancias import contexto_de, emitir_constancia
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.relojes import catalogo_de, completar_relojes, recomputar, relojes_de
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hace, hacer, instante, parte_de, releer, sistema

pytestmark = pytest.mark.django_db
LUNES = instante("2026-11-09")
DESDE = date(2026, 1, 1)


def acuerdo(dependencia: Any, **datos: Any) -> AcuerdoServicio:
    valores = {"etapa": "Responder", "dias": 5, "desde": DESDE} | datos
    return AcuerdoServicio.objects.create(dependencia=dependencia, **valores)


def recibida(elenco: Any, *temas: Any, el: Any = LUNES, **datos: Any) -> Solicitud:
    return radicada(
        registrada_por=elenco.ventanilla,
        canal="correo",
        entidad=elenco.secretaria,
        temas=list(temas) or [elenco.tema_tablas],
        recibida=el,
        **datos,
    )


def relojes(parte: Parte) -> dict[str, Termino]:
    with sistema():
        return {uno.nombre: uno for uno in Termino.objects.filter(parte=parte).order_by("id")}


def test_the_lineamiento_is_stored_and_binds(elenco) -> None:
    solicitud = recibida(elenco)
    parte = parte_de(solicitud)
    [(nombre, suyo)] = relojes(parte).items()

    assert nombre == "Lineamiento: 10 días hábiles"
    assert (suyo.reloj, suyo.obliga, suyo.vence) == ("lineamiento", True, date(2026, 11, 24))
    assert parte.vence == solicitud.vence == suyo.vence
    assert parte.version_calendario == suyo.version_calendario == reglas_vigentes().numero
    dicha = explicar(suyo.regla)
    assert dicha.frases == tuple(solicitud.regla_plazo["frases"])
    assert [dia.numero for dia in dicha.dias if dia.cuenta] == list(range(1, 11))


@pytest.mark.parametrize(
    ("datos", "vence"),
    [
        ({"dias": 5}, "2026-11-17"),
        ({"dias": 5, "fin": "realizada"}, "2026-11-17"),
        ({"dias": 5, "provisional": True}, "2026-11-24"),
        ({"dias": 5, "fin": "programada"}, "2026-11-24"),
        ({"dias": 2, "fin": "asignada"}, "2026-11-24"),
        ({"dias": 3, "inicio": "datos_completos"}, "2026-11-24"),
        ({"dias": 3, "inicio": "asignacion"}, "2026-11-24"),
        ({"dias": 15, "justificacion": "Cada inventario se revisa folio a folio."}, "2026-11-24"),
    ],
)
def test_the_earliest_that_is_of_the_whole_attention_binds(elenco, datos, vence) -> None:
    """A milestone, what is not confirmed and what is longer are stored and bind nobody (docs/decisiones/0024)."""
    suyo = acuerdo(elenco.sistema_archivos, **datos)
    solicitud = recibida(elenco)
    parte = parte_de(solicitud)
    ans = relojes(parte)[suyo.etapa]

    assert parte.vence == solicitud.vence == date.fromisoformat(vence)
    assert (ans.ans_id, ans.dias, ans.inicio, ans.fin) == (suyo.pk, suyo.dias, suyo.inicio, suyo.fin)
    assert (ans.vence is None) == (suyo.inicio == "asignacion")
    # What the solicitud keeps explains the date that binds.
    assert explicar(solicitud.regla_plazo).dias[-1].fecha == solicitud.vence
    assert solicitud.regla_plazo["dias"] == (5 if vence == "2026-11-17" else 10)


def test_scheduling_binds_where_it_counts_as_attended(elenco) -> None:
    CriterioAtencion.objects.create(dependencia=elenco.archivo, criterio="programada", norma="Acta 1", desde=DESDE)
    acuerdo(elenco.sistema_archivos, fin="programada")
    parte = parte_de(recibida(elenco))

    assert (parte.criterio, parte.vence) == ("programada", date(2026, 11, 17))


def test_the_criterion_is_the_one_of_the_day_of_reception(elenco) -> None:
    """A ruling changes what comes, not what came (docs/decisiones/0024)."""
    desde = date(2026, 11, 10)
    CriterioAtencion.objects.create(dependencia=elenco.archivo, criterio="realizada", norma="Acta 1", desde=desde)
    CriterioAtencion.objects.create(
        dependencia=elenco.sistema_archivos, criterio="programada", norma="Acta 2", desde=desde + timedelta(days=1)
    )
    for dia, esperado in (("2026-11-09", None), ("2026-11-10", "realizada"), ("2026-11-11", "programada")):
        parte = parte_de(recibida(elenco, el=instante(dia)))
        assert parte.criterio == esperado
        assert CriterioAtencion.objects.de(parte.dependencia, date.fromisoformat(dia)) == (esperado or "entregada")


def test_the_catalogue_in_one_message_is_the_catalogue(elenco) -> None:
    """What filing reads together with its turn chooses the same rows as the catalogue itself."""
    otra = Modalidad.objects.exclude(pk=elenco.tema_tablas.modalidad_id).order_by("pk").first()
    for dependencia in (elenco.archivo, elenco.sistema_archivos, elenco.tecnica):
        for modalidad, etapa, dias in ((None, "Asignar", 2), (elenco.concepto, "Asignar", 1), (otra, "Acta", 4)):
            acuerdo(dependencia, modalidad=modalidad, etapa=etapa, dias=dias)
    acuerdo(elenco.sistema_archivos, etapa="De antes", hasta=date(2026, 10, 1))
    parte = parte_de(recibida(elenco))
    rigen = AcuerdoServicio.objects.para(parte.dependencia, parte.modalidad, date(2026, 11, 9))
    suyos = catalogo_de(parte.dependencia).acuerdos_para(parte.dependencia, parte.modalidad_id, date(2026, 11, 9))

    assert [uno.pk for uno in rigen] == [uno.id for uno in suyos]
    assert [t.ans_id for t in relojes(parte).values() if t.ans_id] == [uno.pk for uno in rigen]


def test_each_parte_has_its_own_clocks_and_the_leader_says_the_date(elenco) -> None:
    acuerdo(elenco.tecnica, dias=3)
    solicitud = recibida(elenco, elenco.tema_tablas, elenco.tema_integridad)
    lider, otra = (parte_de(solicitud, d) for d in (elenco.sistema_archivos, elenco.tecnica))

    assert (lider.vence, otra.vence) == (date(2026, 11, 24), date(2026, 11, 12))
    assert solicitud.vence == lider.vence
    with sistema():
        dichos = relojes_de(solicitud, [lider, otra])
    assert [(r.parte_id, r.reloj, r.obliga) for r in dichos] == [
        (lider.pk, "lineamiento", True),
        (otra.pk, "lineamiento", False),
        (otra.pk, "ans", True),
    ]


def test_the_hours_of_the_dependencia_move_only_its_own(elenco) -> None:
    """R33: its office closes at two; what comes at four is of the next day, there and nowhere else."""
    fijar_horario(
        desde=DESDE, abre=time(6), cierra=time(14), norma="Circular", dependencia_codigo=elenco.sistema_archivos.codigo
    )
    tarde = instante("2026-11-09", "16:00")
    solicitud = recibida(elenco, elenco.tema_tablas, elenco.tema_integridad, el=tarde)
    suya, otra = (parte_de(solicitud, d) for d in (elenco.sistema_archivos, elenco.tecnica))

    assert (suya.vence, otra.vence) == (date(2026, 11, 25), date(2026, 11, 24))
    assert (solicitud.fecha_efectiva, solicitud.vence) == (date(2026, 11, 10), date(2026, 11, 25))
    assert "de 6:00 a. m. a 2:00 p. m." in solicitud.regla_plazo["frases"][-1]
    # And the other way round: two of the same day keep the hours of each.
    assert recibida(elenco, elenco.tema_integridad, el=tarde).vence == date(2026, 11, 24)


def test_whoever_is_asked_later_has_the_ten_days_of_the_reception(elenco) -> None:
    acuerdo(elenco.tecnica, dias=2, etapa="Apoyar")
    solicitud = recibida(elenco, el=hace(days=3))
    parte = parte_de(solicitud)
    hacer(elenco.asesora, parte, "tomar", orden="disponibilidad", motivo_orden="x")
    hacer(elenco.asesora, parte_de(solicitud), "agregar_dependencia", tema=elenco.tema_integridad)
    nueva = parte_de(solicitud, elenco.tecnica)
    suyos = relojes(nueva)

    assert suyos["Lineamiento: 10 días hábiles"].vence == parte.vence
    assert suyos["Apoyar"].fecha_efectiva > solicitud.fecha_efectiva
    assert nueva.vence == min(t.vence for t in suyos.values())


def test_a_transfer_keeps_what_binds_and_changes_the_milestones(elenco) -> None:
    """architecture §8.8: radicado, instant and term stay; K6: the milestones are of the dependencia that has it."""
    acuerdo(elenco.sistema_archivos, dias=5)
    de_ella = acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada")
    acuerdo(elenco.tecnica, etapa="Asignar aquí", dias=1, fin="asignada")
    CriterioAtencion.objects.create(dependencia=elenco.tecnica, criterio="realizada", norma="Acta", desde=DESDE)
    solicitud = recibida(elenco, el=hace(days=3))
    parte = parte_de(solicitud)
    hacer(elenco.subdirector, parte, "trasladar", dependencia=elenco.tecnica, tema=elenco.tema_integridad)
    movida, suyos = parte_de(solicitud), relojes(parte)

    assert (movida.vence, movida.criterio) == (parte.vence, "realizada")
    assert suyos["Responder"].obliga and not suyos["Responder"].cerrado
    assert suyos[de_ella.etapa].cerrado and not suyos["Asignar aquí"].obliga
    assert suyos["Asignar aquí"].fecha_efectiva > solicitud.fecha_efectiva


def test_a_clock_ends_when_its_event_happens_on_its_parte(elenco) -> None:
    acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada")
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    asignar = relojes(parte)["Asignar"]
    assert (asignar.cumplido_en, asignar.cerrado) == (parte.asignada_en, True)
    assert not relojes(parte)["Lineamiento: 10 días hábiles"].cerrado

    respondida = hacer(elenco.asesora, parte, "responder", texto="La respuesta")
    lineamiento = relojes(parte)["Lineamiento: 10 días hábiles"]
    assert (lineamiento.cumplido_en, lineamiento.cerrado) == (respondida.prestada_en, True)

    hacer(elenco.subdirector, respondida, "reabrir")
    lineamiento = relojes(parte)["Lineamiento: 10 días hábiles"]
    assert (lineamiento.cumplido_en, lineamiento.cerrado) == (None, False)
    assert relojes(parte)["Asignar"].cerrado


def test_what_was_assigned_stays_so_though_it_returns_to_the_queue(elenco) -> None:
    acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada")
    tomada = hacer(elenco.asesora, parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])), "tomar")
    devuelta = hacer(elenco.asesora, tomada, "liberar", motivo="No es de mi sector")
    assert devuelta.asignada_en is None
    assert (relojes(tomada)["Asignar"].cumplido_en, relojes(tomada)["Asignar"].cerrado) == (tomada.asignada_en, True)

    otra_vez = hacer(elenco.asesora, devuelta, "tomar")
    assert otra_vez.asignada_en > tomada.asignada_en
    assert relojes(tomada)["Asignar"].cumplido_en == tomada.asignada_en


def test_an_acta_stays_delivered_though_it_is_reopened(elenco) -> None:
    acuerdo(elenco.sistema_archivos, etapa="Acta", dias=5, fin="acta")
    parte = hacer(elenco.asesora, parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas])), "tomar")
    cerrada = hacer(elenco.asesora, parte, "responder", texto="La respuesta")
    abierta = hacer(elenco.subdirector, cerrada, "reabrir")
    assert relojes(parte)["Acta"].cumplido_en == cerrada.cerrada_en
    hacer(elenco.asesora, abierta, "responder", texto="Otra")
    assert relojes(parte)["Acta"].cumplido_en == cerrada.cerrada_en


def test_what_ended_unmet_is_not_met_by_another_dependencia(elenco) -> None:
    acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada")
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    movida = hacer(elenco.subdirector, parte, "trasladar", dependencia=elenco.tecnica, tema=elenco.tema_integridad)
    assert movida.asignada_en is not None
    assert (relojes(parte)["Asignar"].cumplido_en, relojes(parte)["Asignar"].cerrado) == (None, True)


def test_counting_again_with_the_same_calendar_says_the_same(elenco) -> None:
    acuerdo(elenco.sistema_archivos)
    for suyo in relojes(parte_de(recibida(elenco))).values():
        assert (
            recomputar(suyo, reglas_vigentes(), dependencia_codigo=elenco.sistema_archivos.codigo).como_regla()
            == suyo.regla
        )


def test_what_is_open_from_before_gets_its_ten_days_once(elenco, monkeypatch) -> None:
    with monkeypatch.context() as antes:
        antes.setattr(radicacion, "en_json", lambda hoja: en_json(hoja | {"terminos": []}))
        viejas = [radicada(por=elenco.enlace, temas=[elenco.tema_tablas]) for _ in range(3)]
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(viejas[0]), "tomar"), "responder", texto="Cerrada")
    suyos = relojes(parte_de(nueva))

    assert [completar_relojes(lote=1) for _ in range(3)] == [1, 1, 0]
    assert relojes(parte_de(viejas[0])) == {}
    for vieja in viejas[1:]:
        [(nombre, suyo)] = relojes(parte_de(vieja)).items()
        assert (nombre in suyos, suyo.vence, suyo.version_calendario) == (True, vieja.vence, reglas_vigentes().numero)
    assert relojes(parte_de(nueva)).keys() == suyos.keys()


def test_page_api_mail_and_pdf_say_the_same_days(elenco, entrar) -> None:
    """One explanation, wherever it is read (issue 4)."""
    acuerdo(elenco.sistema_archivos, etapa="Dictar el concepto")
    acuerdo(elenco.sistema_archivos, etapa="Asignar", dias=2, fin="asignada", provisional=True)
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], peticion="general")
    parte = parte_de(solicitud)
    with sistema():
        constancia = emitir_constancia(solicitud=solicitud)
        por_correo = _acuse(solicitud, {})
        obliga = next(r for r in relojes_de(solicitud, [parte]) if r.obliga)
        csv = [fila[6] for fila in dia_por_dia(solicitud, solicitud.vence)]
    dias = [dia.texto for dia in obliga.explicacion.dias]
    assert (obliga.nombre, obliga.dias, obliga.vence) == ("Dictar el concepto", 5, solicitud.vence)

    assert [linea for linea in por_correo.porque if linea in dias][: len(dias)] == dias
    impreso = {reloj.nombre: reloj.lineas for reloj in contexto_de(constancia).relojes}
    assert list(impreso["Dictar el concepto"]) == [*obliga.frases, *dias]
    assert {"Lineamiento: 10 días hábiles", "Término legal: petición general"} < set(impreso)
    assert csv[: len(dias)] == dias
    for quien, url in (
        (elenco.enlace, f"/solicitudes/{solicitud.radicado}/"),
        (elenco.enlace, f"/solicitudes/{solicitud.radicado}/radicada/"),
        (elenco.asesora, f"/asesor/solicitudes/{solicitud.radicado}/"),
    ):
        pagina = entrar(quien).get(url, follow=True).content.decode().replace("\xa0", " ")
        for linea in (*obliga.frases[1:], *dias):
            assert linea in pagina, (url, linea)
        if not url.endswith("radicada/"):
            assert "Asignar: 2 días hábiles, vence el" in pagina and "Es provisional: no obliga" in pagina
            assert "Término legal: petición general: 15 días hábiles" in pagina
            assert "Esta fecha la pone: Dictar el concepto." in pagina


def test_what_was_filed_before_the_clocks_tells_the_rule_it_keeps(elenco) -> None:
    solicitud = recibida(elenco)
    plazo = plazo_de_solicitud(LUNES)
    with transaction.atomic(), como_sistema("prueba: como antes"):
        Termino.objects.filter(solicitud=solicitud).update(reloj="legal")
        solicitud.regla_plazo = {**plazo.como_dict(), "frases": list(plazo.frases())}
        solicitud.save(update_fields=["regla_plazo"])
        dichos = relojes_de(releer(solicitud), [parte_de(solicitud)])
    assert [(r.reloj, r.obliga, r.vence) for r in dichos][-1] == ("lineamiento", True, plazo.vence)
    assert dichos[-1].explicacion.dias[-1].fecha == plazo.vence
