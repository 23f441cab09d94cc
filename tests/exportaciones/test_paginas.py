"""Pages of the exports: what each shows, to whom, and what it costs."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from archivos.almacen import escribir
from bandeja.models import Entrega
from bitacora.models import Suceso
from direcciones.models import Membresia
from exportaciones.estados import EstadoExportacion as E
from exportaciones.models import Exportacion
from tests.fabricas import escribiendo, radicada
from tests.soporte.aspecto import Vitrina
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
SONDEO = {"HX-Request": "true", "Accept": "application/json"}


def crear(persona: Any, estado: E = E.LISTA, **datos: Any) -> Exportacion:
    with escribiendo():
        archivo = escribir(ContentFile(b"radicado\r\n"), carpeta="exportaciones") if estado == E.LISTA else None
        activa = estado in {E.PEDIDA, E.EN_CURSO}
        propios = {
            "membresia": Membresia.objects.activas().filter(persona=persona).first(),
            "columnas": ["radicado"],
            "formato": "csv",
            "huella": f"{Exportacion.objects.count():064}",
            "ruta": archivo.ruta if archivo else "",
            "sha256": archivo.sha256 if archivo else "",
            "bytes": archivo.bytes if archivo else 0,
            "terminada_en": None if activa else timezone.now(),
            "vence_en": timezone.now() + timedelta(days=7) if archivo else None,
        }
        return Exportacion.objects.create(persona=persona, estado=estado, **propios | datos)


def cambiar(exportacion: Exportacion, **campos: Any) -> None:
    with escribiendo():
        assert Exportacion.objects.filter(pk=exportacion.pk).update(**campos) == 1


def test_se_pide_desde_el_registro_con_sus_filtros(elenco: Elenco, entrar) -> None:
    """The button carries the address of the register; twice is one, and the bitácora keeps no typed words."""
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    navegador = entrar(elenco.directora)
    registro = navegador.get(reverse("atencion:registro"), {"estado": "abierta", "buscar": "Tabla", "desde_fila": ""})
    [boton] = re.findall(r'href="([^"]*exportaciones/nueva/[^"]*)"', registro.content.decode())
    pagina = navegador.get(boton.replace("&amp;", "&"))
    assert b"Es 1 registro" in pagina.content and b"Todas las abiertas" in pagina.content
    for _ in range(2):
        hecha = navegador.post(boton.replace("&amp;", "&"), {"formato": "xlsx", "columnas": "todas"})
        assert hecha.status_code == 302 and hecha["Location"] == reverse("exportaciones:lista")
    with como_sistema("prueba"):
        [pedida] = Exportacion.objects.all()
        [suceso] = Suceso.objects.filter(accion="exportacion.pedir")
        assert Entrega.objects.filter(tipo="exportaciones.elaborar").count() == 1
    assert (pedida.consulta, pedida.formato, pedida.estado) == ("buscar=Tabla&estado=abierta", "xlsx", E.PEDIDA)
    assert "satisfaccion" in pedida.columnas and "Buscar: Tabla" in pedida.en_palabras
    assert "Tabla" not in suceso.despues and '"estado":"abierta"' in suceso.despues
    assert "En espera" in navegador.get(reverse("exportaciones:lista")).content.decode()


def test_quien_no_lee_encuestas_no_las_exporta(elenco: Elenco, entrar) -> None:
    """R98: the reviewer and ventanilla export the register without the satisfaction, also if they ask for it."""
    for persona in (elenco.revisora, elenco.ventanilla):
        direccion = reverse("exportaciones:nueva") + "?columna=satisfaccion&columna=asunto"
        for columnas in ("elegidas", "todas"):
            entrar(persona).post(direccion, {"formato": "csv", "columnas": columnas})
    with como_sistema("prueba"):
        pedidas = list(Exportacion.objects.all())
    assert len(pedidas) == 4 and all("satisfaccion" not in pedida.columnas for pedida in pedidas)


def test_no_mas_de_cinco_a_la_vez(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.asesora)
    for n in range(6):
        direccion = f"{reverse('exportaciones:nueva')}?vence_desde=2026-01-0{n + 1}"
        respuesta = navegador.post(direccion, {"formato": "csv", "columnas": "todas"})
    assert respuesta.status_code == 200 and b"Ya tiene 5 exportaciones" in respuesta.content
    with como_sistema("prueba"):
        assert Exportacion.objects.count() == 5


def test_el_sondeo_solo_responde_cuando_algo_cambio(elenco: Elenco, entrar) -> None:
    exportacion = crear(elenco.asesora, E.EN_CURSO, filas=200, total=1000)
    navegador, direccion = entrar(elenco.asesora), reverse("exportaciones:lista")
    pagina = navegador.get(direccion).content.decode()
    assert "htmx-2.min.js" in pagina and "200 de 1.000 registros" in pagina and "Actualizar" in pagina
    [sondeo] = re.findall(r'hx-get="([^"]+)"', pagina)
    assert navegador.get(direccion + sondeo, headers=SONDEO).status_code == 204
    cambiar(exportacion, filas=900)
    parte = navegador.get(direccion + sondeo, headers=SONDEO)
    assert parte.status_code == 200 and b"900 de 1.000" in parte.content and b"<html" not in parte.content
    cambiar(exportacion, estado=E.FALLIDA, terminada_en=timezone.now(), porque="Hubo un error al hacerla.")
    final = navegador.get(direccion + sondeo, headers=SONDEO).content.decode()
    assert 'hx-swap-oob="innerHTML">Terminaron sus exportaciones.' in final  # said once to who does not see it
    assert "Hubo un error al hacerla." in final and "hx-get" not in final and "Pedir de nuevo" in final


def test_cancelar_se_confirma_y_ya_terminada_no_se_puede(elenco: Elenco, entrar) -> None:
    exportacion, navegador = crear(elenco.asesora, E.EN_CURSO), entrar(elenco.asesora)
    direccion = reverse("exportaciones:cancelar", args=[exportacion.pk])
    assert "¿Cancela esta exportación?" in navegador.get(direccion).content.decode()
    for esperado in ("quedó cancelada", "ya había terminado"):
        assert esperado in navegador.post(direccion, follow=True).content.decode()
    with como_sistema("prueba"):
        assert Exportacion.objects.get(pk=exportacion.pk).estado == E.CANCELADA
        assert Suceso.objects.filter(accion="exportacion.cancelar").count() == 1


def test_la_descarga_es_de_quien_la_pidio_y_queda_anotada(elenco: Elenco, entrar) -> None:
    """404 to anybody else, whatever they may see; to its person also when it expired, and nothing of it is stored."""
    exportacion = crear(elenco.asesora)
    direccion = reverse("exportaciones:descargar", args=[exportacion.pk])
    respuesta = entrar(elenco.asesora).get(direccion)
    assert b"".join(respuesta.streaming_content) == b"radicado\r\n"
    assert respuesta["Content-Disposition"].startswith('attachment; filename="registro-20')
    assert "no-store" in respuesta["Cache-Control"] and respuesta["Content-Type"] == "text/csv; charset=utf-8"
    for persona in (elenco.directora, elenco.otra_asesora, elenco.administradora, elenco.auditora):
        assert entrar(persona).get(direccion).status_code == 404
    with como_sistema("prueba"):
        [suceso] = Suceso.objects.filter(accion="exportacion.descargar")
    assert suceso.actor_id == elenco.asesora.pk and exportacion.sha256 in suceso.despues
    cambiar(exportacion, vence_en=timezone.now())
    assert entrar(elenco.asesora).get(direccion).status_code == 404


def test_con_otro_rol_no_se_abre_lo_de_antes(elenco: Elenco, entrar) -> None:
    """Who moved to another dependencia does not take along what the first one let them see."""
    exportacion = crear(elenco.asesora)
    with escribiendo():
        de_antes = Membresia.objects.get(persona=elenco.asesora)
        Membresia.objects.filter(pk=de_antes.pk).update(hasta=timezone.localdate() - timedelta(days=1))
        Membresia.objects.create(
            persona=elenco.asesora, rol="asesor", dependencia=elenco.tecnica, desde=timezone.localdate()
        )
    navegador = entrar(elenco.asesora)
    assert navegador.get(reverse("exportaciones:descargar", args=[exportacion.pk])).status_code == 404
    assert "No ha pedido exportaciones" in navegador.get(reverse("exportaciones:lista")).content.decode()


def test_las_paginas_cuestan_lo_mismo_con_1_3_y_25(elenco: Elenco, entrar) -> None:
    navegador, cuantas = entrar(elenco.asesora), []
    for hasta in (1, 3, 25):
        with escribiendo():
            faltan = hasta - Exportacion.objects.count()
        for _ in range(faltan):
            crear(elenco.asesora, E.CANCELADA)
        with CaptureQueriesContext(
            connection,
        ) as consultas:
            assert navegador.get(reverse("exportaciones:lista")).status_code == 200
        cuantas.append(len(consultas))
    assert cuantas[0] == cuantas[1] == cuantas[2]


def test_pedir_de_nuevo_vuelve_a_la_misma_pregunta(elenco: Elenco, entrar) -> None:
    vieja = crear(elenco.asesora, E.VENCIDA, consulta="estado=abierta", columnas=["radicado", "asunto"])
    assert entrar(elenco.asesora).post(reverse("exportaciones:repetir", args=[vieja.pk])).status_code == 302
    with como_sistema("prueba"):
        [nueva] = Exportacion.objects.exclude(pk=vieja.pk)
    assert (nueva.estado, nueva.consulta, nueva.formato) == (E.PEDIDA, "estado=abierta", "csv")
    assert set(nueva.columnas) > {"radicado", "asunto"}  # and the fixed ones


def test_en_el_navegador_el_avance_se_mueve_solo(elenco: Elenco, entrar, pestana) -> None:
    """htmx under our content policy: it changes what moved, says aloud that it ended, and stops asking."""
    exportacion = crear(elenco.asesora, E.EN_CURSO, filas=20, total=100)
    vitrina = Vitrina(pestana, entrar(elenco.asesora))
    vitrina.abrir(reverse("exportaciones:lista"))
    cambiar(exportacion, filas=70)
    pestana.get_by_text("70 de 100 registros").wait_for()
    assert pestana.locator("progress").evaluate("p => p.value / p.max") == 0.7
    cambiar(exportacion, estado=E.CANCELADA, terminada_en=timezone.now())
    pestana.get_by_text("Cancelada", exact=True).wait_for()
    assert pestana.locator("[role=status]#novedad").inner_text() == "Terminaron sus exportaciones."
    assert pestana.locator("[hx-get]").count() == 0 and vitrina.quejas == []
