"""R20, R30, R97, R98: the figures kept with the facts equal a recount, and the recount sees when they do not."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from alcance import como_sistema
from solicitudes.models import Movimiento, Parte
from tableros.historia import contradicciones
from tableros.models import Delta, Inversion, Resumen
from tableros.recuento import recontar
from tableros.services import compactar
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hace, hacer, parte_de, sistema

pytestmark = pytest.mark.django_db


def suma(medida, **donde):
    """Of the cells themselves, folded or not: without the sums that the summary keeps of them."""
    with sistema():
        celdas = [*Resumen.objects.filter(**donde).exclude(sector_id=0), *Delta.objects.filter(**donde)]
    return sum(getattr(celda, medida) for celda in celdas)


def test_lo_radicado_y_lo_respondido_se_cuenta_con_los_hechos(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    hacer(elenco.asesora, parte, "atender", resultado="Se explicó")

    assert suma("recibidas", familia="mes") == suma("atendidas", familia="mes") == 1
    assert suma("a_tiempo", familia="entidad", clave=elenco.secretaria.pk) == 1
    assert suma("inicios", familia="mes") == 1 and suma("adelantadas", familia="mes") == 0
    assert suma("abiertas", familia="vence") == suma("abiertas", familia="asesor") == 0
    assert recontar() == []


def test_compactar_no_cambia_ninguna_suma(elenco):
    for _ in range(3):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])

    assert compactar() > 0
    with sistema():
        assert not Delta.objects.exists()
    assert suma("recibidas", familia="mes") == suma("abiertas", familia="recibo") == 6
    assert recontar() == [] and compactar() == 0


def test_las_sumas_del_resumen_tambien_se_recuentan(elenco):
    """Over all sectors and over all months: a page without filters reads these."""
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    compactar()
    with sistema():
        assert Resumen.objects.get(familia="tema", sector_id=0).recibidas == 1
        Resumen.objects.filter(sector_id=0, familia="tema").update(recibidas=7)

    assert [(d.medida, d.faltan, d.familia, d.sector) for d in recontar()] == [("recibidas", -6, "tema", 0)]
    recontar(aplicar=True)
    assert recontar() == []


def test_una_inversion_con_motivo_y_la_reserva_la_siguen(elenco):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(nueva), "tomar", codigo="fecha_legal", motivo="Audiencia el viernes")
    assert suma("adelantadas", familia="mes") == suma("con_motivo", familia="mes") == 1
    assert recontar() == []

    hacer(elenco.subdirector, parte_de(nueva), "reservar")

    assert suma("con_motivo", familia="mes", reservada=True) == 1
    assert suma("inicios", familia="mes", reservada=False) == 0
    with sistema():
        assert Inversion.objects.get().reservada
    assert recontar() == []


def test_si_la_entidad_cambia_de_sector_las_cifras_la_siguen(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(solicitud), "tomar")
    nuevo = elenco.instituto.sector
    with sistema():
        elenco.secretaria.sector = nuevo
        elenco.secretaria.save()

    assert suma("recibidas", familia="tema", sector_id=nuevo.pk) == 1
    assert suma("inicios", familia="mes", sector_id=nuevo.pk) == 1
    assert recontar() == []


def test_sin_el_disparador_el_recuento_lo_dice_y_lo_corrige(elenco):
    """Negative control: a figure that the trigger did not write is missed, named and mended."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with como_sistema("prueba: como si el disparador no hubiera escrito"), connection.cursor() as cursor:
        cursor.execute("delete from tableros_delta where familia = 'tema'")
    hacer(elenco.asesora, parte_de(solicitud), "tomar")

    salida = StringIO()
    with pytest.raises(SystemExit) as fin:
        call_command("recontar", "--json", stdout=salida)
    assert fin.value.code == 1
    dicho = json.loads(salida.getvalue())
    assert [(f["medida"], f["faltan"], f["familia"]) for f in dicho["filas"]] == [("recibidas", 1, "tema")]

    call_command("recontar", "--aplicar", stdout=StringIO())
    assert recontar() == [] and suma("recibidas", familia="tema", clave=elenco.tema_tablas.pk) == 1


def test_una_inversion_que_no_se_anoto_la_encuentra_la_historia(elenco):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=3))
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, parte_de(nueva), "tomar", codigo="fecha_legal", motivo="Audiencia el viernes")
    with sistema(), connection.cursor() as cursor:
        cursor.execute("delete from tableros_inversion")

    assert {d.medida for d in recontar()} == {"inversiones", "adelantadas", "con_motivo"}
    recontar(aplicar=True)
    assert recontar() == []


def forzar(parte, cambio):
    """As nothing in the portal may: the parte alone, with no line of its history."""
    with como_sistema("prueba: como si alguien escribiera en la base"), connection.cursor() as cursor:
        cursor.execute(f"update solicitudes_parte set {cambio} where id = %s", [parte.pk])


def nombradas(solicitud):
    """The fields of it that its history denies; nobody else is named."""
    halladas = contradicciones()
    assert {c.radicado for c in halladas} <= {solicitud.radicado}
    return {c.campo for c in halladas}


@pytest.mark.parametrize(
    ("cambio", "campo"),
    [
        ("estado = 'no_competencia'", "estado"),
        ("asesor_id = (select id from direcciones_persona where nombre = 'Rosa Mejía')", "asesor"),
        ("dependencia_id = (select id from direcciones_dependencia where codigo = 'STDI')", "dependencia"),
        ("recibido_en = recibido_en - interval '1 day'", "recibido_en"),
        ("prestada_en = prestada_en + interval '1 day'", "prestada_en"),
        ("prestada_en = prestada_en - interval '1 day'", "prestada_en"),
        ("prestada_en = null", "prestada_en"),
        ("cerrada_en = cerrada_en + interval '1 hour'", "cerrada_en"),
    ],
)
def test_la_parte_que_contradice_su_historia_se_nombra(elenco, cambio, campo):
    """Negative control: kept and counted alike, so the figures agree; its history does not."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.secretaria, temas=[elenco.tema_tablas], canal="correo",
        recibida=hace(days=3),
    )  # fmt: skip
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    hacer(elenco.asesora, parte, "atender", resultado="Se explicó")
    assert contradicciones() == []

    forzar(parte, cambio)

    assert recontar() == [] and nombradas(solicitud) == {campo}


@pytest.mark.parametrize(
    ("cambio", "campos"),
    [
        ("dependencia_id = (select id from direcciones_dependencia where codigo = 'STDI')", {"dependencia"}),
        ("estado = 'retirada', cerrada_en = clock_timestamp()", {"estado", "cerrada_en"}),
        ("prestada_en = clock_timestamp()", {"prestada_en"}),
    ],
)
def test_tambien_la_que_nadie_movio(elenco, cambio, campos):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    forzar(parte_de(solicitud), cambio)

    assert recontar() == [] and nombradas(solicitud) == campos


def test_la_linea_que_no_empieza_donde_termino_la_anterior_se_nombra(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    aqui = [parte.dependencia_id, elenco.asesora.pk]
    with sistema():
        Movimiento.objects.create(
            solicitud=solicitud, parte=parte, accion="reasignar", de="asignada", a="en_atencion", texto="De prueba",
            datos={"lugar": {"de": [parte.dependencia_id, elenco.otra_asesora.pk], "a": aqui}},
        )  # fmt: skip

    assert nombradas(solicitud) == {"historia"}


def test_la_orden_nombra_lo_que_contradice_su_historia_y_no_lo_corrige(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    forzar(parte_de(solicitud), "estado = 'retirada', cerrada_en = clock_timestamp()")

    for opciones in (["--json"], ["--json", "--aplicar"]):
        salida = StringIO()
        with pytest.raises(SystemExit) as fin:
            call_command("recontar", *opciones, stdout=salida)
        assert fin.value.code == 1
        dicho = json.loads(salida.getvalue())
        assert dicho["diferencias"] == 0 and dicho["corregidas"] is False
        assert {(c["radicado"], c["campo"]) for c in dicho["contradicciones"]} == {
            (solicitud.radicado, "estado"), (solicitud.radicado, "cerrada_en"),
        }  # fmt: skip
    salida = StringIO()
    with pytest.raises(SystemExit):
        call_command("recontar", stdout=salida)
    assert f"{solicitud.radicado} (parte" in salida.getvalue()
    assert "estado: dice retirada; su historia, en_cola" in salida.getvalue()
    with sistema():
        assert Parte.objects.get(solicitud=solicitud).estado == "retirada"
