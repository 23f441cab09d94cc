"""The columns of the register, told once (R25, R26): what each says, in one statement of SQL."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from solicitudes.columnas import COLUMNAS, VISIBLES, elegidas, valores
from solicitudes.models import Parte
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import habil, hace, hacer, parte_de, sistema

pytestmark = pytest.mark.django_db


def fila(solicitud, **filtro):
    """Shape: key of the column → what it says of the leading parte."""
    with sistema(), CaptureQueriesContext(connection) as consultas:
        (una,) = valores(Parte.objects.filter(solicitud=solicitud, **({"lidera": True} | filtro)))
    assert len(consultas) == 1
    return dict(zip((c.clave for c in COLUMNAS), una, strict=True))


def test_cada_columna_dice_lo_suyo(elenco):
    solicitud = radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.secretaria, temas=[elenco.tema_tablas, elenco.tema_visitas],
        canal="telefono", recibida=hace(days=1), asunto="Tablas de retención",
    )  # fmt: skip

    dice = fila(solicitud)

    assert dice | {
        "radicado": solicitud.radicado, "recepcion": solicitud.recibido_en, "fecha_efectiva": solicitud.fecha_efectiva,
        "primera_atencion": None, "prestada": None, "cierre": None, "asunto": "Tablas de retención",
        "tema": elenco.tema_tablas.nombre, "otros_temas": elenco.tema_visitas.nombre,
        "direccion": elenco.archivo.nombre, "dependencia": elenco.sistema_archivos.nombre,
        "entidad": "Secretaría Distrital de Gobierno", "sigla": "SDG", "sector": "Gobierno",
        "modalidad": elenco.tema_tablas.modalidad.nombre, "modelo": "Por demanda", "medio": "", "canal": "Teléfono",
        "asesor": "", "estado": "Sin asignar", "vence": solicitud.vence, "cumplimiento": "En término",
        "siga_entrada": "", "siga_salida": "", "productos": "", "quien_pide": "Remitente de prueba",
        "reservada": "No",
    } == dice  # fmt: skip


def test_el_cumplimiento_en_palabras_es_el_del_filtro(elenco):
    """The column and the filter of the same name never say different things of one parte."""
    vieja = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=40))
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(vieja), "tomar"), "responder", texto="Tarde")
    vencida = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=39))
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    pronta = radicada(por=elenco.enlace, temas=[elenco.tema_cooperacion])
    hacer(elenco.asesor_internacional, parte_de(pronta), "empezar")
    hacer(elenco.asesor_internacional, parte_de(pronta), "responder", texto="Pronta")
    ajena = radicada(por=elenco.enlace, temas=[elenco.tema_visitas])
    hacer(elenco.subdirector, parte_de(ajena), "declarar_no_competencia", respuesta="No nos corresponde")

    palabras = {vieja: "Tarde", vencida: "Vencida", nueva: "En término", pronta: "A tiempo", ajena: ""}
    assert {s: fila(s)["cumplimiento"] for s in palabras} == palabras
    nombres = {"Tarde": "tarde", "Vencida": "vencida", "En término": "en_termino", "A tiempo": "a_tiempo"}
    with sistema():
        for solicitud, palabra in palabras.items():
            for cual, nombre in nombres.items():
                hay = Parte.objects.filter(solicitud=solicitud).por_cumplimiento(nombre).exists()
                assert hay is (cual == palabra), (palabra, nombre)


def test_el_ultimo_dia_se_cuenta_en_bogota(elenco):
    """Delivered at 11 p. m. of the last day (the next one already in UTC) is on time."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=40))
    parte = parte_de(solicitud)
    noche = timezone.make_aware(timezone.datetime.combine(parte.vence, timezone.datetime.max.time()))
    for cuando, dice in ((noche, "A tiempo"), (noche + timedelta(seconds=1), "Tarde")):
        with sistema():
            Parte.objects.filter(pk=parte.pk).update(
                estado="atendida", asesor=elenco.asesora, prestada_en=cuando, cerrada_en=cuando
            )
        assert fila(solicitud)["cumplimiento"] == dice


def test_el_medio_y_los_productos_son_los_de_la_ultima_sesion_en_pie(elenco):
    """The database copies them from the sessions; one cancelled gives the place back to the one before."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=2))
    parte = hacer(elenco.asesora, parte_de(solicitud), "tomar")
    comun = {"modalidad": elenco.asesoria, "asunto": "Mesa", "programada_para": habil()}
    with actuar(elenco.asesora):
        registrar_actuacion(
            parte=parte,
            datos=comun | {"medio": "presencial", "lugar": "Sala 2", "productos": ["Acta", "Plan; con «; »"]},
        )
        assert fila(solicitud)["medio"] == "Presencial"
        despues = comun | {"programada_para": habil(hora="15:00")}
        otra = registrar_actuacion(parte=parte, datos=despues | {"medio": "telefonica", "lugar": "601 381 3000"})
    assert (fila(solicitud)["medio"], fila(solicitud)["productos"]) == ("Telefónica", "")
    with actuar(elenco.asesora):
        cambiar_actuacion(actuacion=otra, cambios={"estado": "cancelada", "motivo_cancelacion": "No llegaron"})

    assert (fila(solicitud)["medio"], fila(solicitud)["productos"]) == ("Presencial", "Acta; Plan; con «; »")


def test_sin_productos_dice_el_resultado(elenco):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=2))
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(solicitud), "tomar"), "responder", texto="Aplica el acuerdo")

    assert fila(solicitud)["productos"] == parte_de(solicitud).resultado != ""


def test_los_cuatro_campos_minimos_no_se_apagan():
    """R26: reception, attention, tema and entidad are always there, in the order of the register."""
    minimos = {"recepcion", "primera_atencion", "tema", "entidad"}
    for pedidas in (["asesor"], ["canal", "asunto"], ["no_existe", "estado"]):
        claves = [c.clave for c in elegidas(pedidas)]
        assert minimos | (set(pedidas) - {"no_existe"}) <= set(claves)
        assert claves == [c.clave for c in COLUMNAS if c.clave in claves]
    assert elegidas([]) == elegidas(["no_existe"]) == VISIBLES
    assert len({c.clave for c in COLUMNAS}) == len({c.titulo for c in COLUMNAS}) == len(COLUMNAS)
