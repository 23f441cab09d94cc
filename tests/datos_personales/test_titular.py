"""A07: all that is kept of a person, in one order; a correction reaches what is open; a suppression leaves no name."""

import json
from collections.abc import Iterator
from io import StringIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alcance import como_sistema
from bitacora.cadena import verificar
from bitacora.models import Suceso
from bitacora.services import registrar
from cuentas.services.personas import corregir_persona
from datos_personales.catalogo import columnas
from datos_personales.services import exportar, por_que_no_se_suprime, suprimir
from datos_personales.services.exportar import DE_OTROS, EN_ESPANOL, nombre_de
from direcciones.models import Membresia, Persona
from sdfi_portal.aislamiento import elenco as reparto
from sdfi_portal.aislamiento import objetos
from solicitudes.models import Mensaje, Solicitud
from solicitudes.services.acciones import ejecutar
from tests.expedientes.conftest import Sistema, abierta, archivos_aparte, despachar, terminar  # noqa: F401
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco, crear_elenco

TEXTOS = (models.CharField, models.TextField, models.JSONField)
Hallazgo = tuple[str, str, object]


@pytest.fixture
def mundo(db: None) -> reparto.Elenco:
    """One row of every tenant table."""
    with como_sistema("prueba"):
        elenco = reparto.crear()
        objetos.crear(elenco)
    return elenco


def tablas() -> list[type[models.Model]]:
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]


def filas_que_la_nombran(persona: Persona) -> Iterator[Hallazgo]:
    """By brute force, without the catalogue: every foreign key to her. Shape: model, column, key of the row."""
    for modelo in tablas():
        for campo in modelo._meta.concrete_fields:
            if campo.is_relation and campo.related_model is Persona:
                for clave in modelo._default_manager.filter(**{campo.name: persona.pk}).values_list("pk", flat=True):
                    yield modelo._meta.label, campo.name, clave


def columnas_que_dicen(*textos: str) -> Iterator[Hallazgo]:
    """By brute force: every column of text, of every table, where one of these is written."""
    for modelo in tablas():
        campos = [c.name for c in modelo._meta.concrete_fields if isinstance(c, TEXTOS)]
        for fila in modelo._default_manager.order_by("pk").values("pk", *campos):
            for campo in campos:
                if any(texto.lower() in str(fila[campo]).lower() for texto in textos):
                    yield modelo._meta.label, campo, fila["pk"]


def numeros(datos: dict, modelo: str) -> set[object]:
    return {fila["número"] for fila in datos["datos"].get(nombre_de(apps.get_model(modelo)), [])}


@pytest.mark.parametrize("quien", ["enlace_a", "asesor_x", "director_x"])
def test_the_export_has_every_row_that_names_her_and_nobody_else(mundo: reparto.Elenco, quien: str) -> None:
    persona = mundo.personas[quien]
    with Sistema():
        nombrada = list(filas_que_la_nombran(persona))
    datos = exportar(persona=persona)
    assert len(nombrada) >= 2
    assert [h for h in nombrada if h[2] not in numeros(datos, h[0])] == []
    texto = json.dumps(datos, ensure_ascii=False)
    assert persona.correo in texto and persona.nombre in texto
    otras = [p for clave, p in mundo.personas.items() if clave != quien]
    assert [p.correo for p in otras if p.correo in texto] == []
    assert [p.nombre for p in otras if f'"{p.nombre}"' in texto] == []


def test_what_was_written_at_work_stays_at_work(mundo: reparto.Elenco) -> None:
    """Notes, reviews and reasons are documents of the file: who changes post does not take them along."""
    with Sistema():
        nota = Mensaje.objects.filter(autor=mundo.personas["asesor_x"], interno=True).first()
    datos = exportar(persona=mundo.personas["asesor_x"])
    assert nota is not None and nota.pk in numeros(datos, "solicitudes.Mensaje")
    assert nota.texto not in json.dumps(datos, ensure_ascii=False)


def test_what_is_kept_by_libraries_is_told_in_spanish(mundo: reparto.Elenco) -> None:
    """Their models name themselves in English, as «access logs» and «created at» did in the file and in the page."""
    suyas = {(c.modelo, c.columna) for c in columnas() if c.titular and c.tabla._meta.app_label in DE_OTROS}
    assert len({modelo for modelo, _ in suyas}) == 6
    assert {nombre for par in suyas for nombre in par} - EN_ESPANOL.keys() == set()
    datos = exportar(persona=mundo.personas["director_x"])["datos"]
    assert "segundos factores" in datos and "authenticators" not in datos
    assert all("creado en" in fila and "created at" not in fila for fila in datos["segundos factores"])


def test_no_secret_leaves(mundo: reparto.Elenco) -> None:
    persona = mundo.personas["director_x"]
    texto = json.dumps(exportar(persona=persona), ensure_ascii=False)
    for columna in (c for c in columnas() if c.clase == "secreta"):
        with Sistema():
            valores = [v for v in columna.tabla._default_manager.values_list(columna.columna, flat=True) if v]
        assert not any(len(str(v)) > 8 and str(v) in texto for v in valores), columna


@pytest.mark.django_db
def test_who_wrote_by_another_channel_has_rights_too(elenco: Elenco) -> None:
    solicitud = radicada(registrada_por=elenco.ventanilla, canal="telefono", entidad=elenco.secretaria,
                         temas=[elenco.tema_tablas])  # fmt: skip
    with Sistema():
        Solicitud.objects.filter(pk=solicitud.pk).update(remitente_correo="Sin.Cuenta@entidad.example")
    salida = StringIO()
    call_command("exportar_persona", "sin.cuenta@entidad.example", stdout=salida)
    [fila] = json.loads(salida.getvalue())["datos"]["solicitudes"]
    assert (fila["radicado"], fila["remitente correo"]) == (solicitud.radicado, "Sin.Cuenta@entidad.example")
    suprimir(persona=None, correo="sin.cuenta@entidad.example", motivo="Lo pidió por carta")
    with Sistema():
        actual = Solicitud.objects.get(pk=solicitud.pk)
    assert (actual.radicado, actual.remitente_correo) == (solicitud.radicado, "")
    assert actual.remitente_nombre == "Persona suprimida"


@pytest.mark.django_db
def test_a_correction_reaches_what_is_open_and_not_what_ended(elenco: Elenco) -> None:
    ended = terminar(elenco, abierta(elenco))
    viva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.enlace), transaction.atomic():
        corregir_persona(persona=elenco.enlace, nombre="Laura Pérez de Gómez", telefono="601 000 1111")
    despachar()
    with Sistema():
        nombres = {s.pk: (s.remitente_nombre, s.remitente_telefono) for s in Solicitud.objects.all()}
    assert nombres[viva.pk] == ("Laura Pérez de Gómez", "601 000 1111")
    assert nombres[ended.pk][0] == "Laura Pérez"


@pytest.mark.django_db
def test_who_still_has_work_or_a_role_is_not_suppressed(elenco: Elenco) -> None:
    abierta(elenco)
    razones = por_que_no_se_suprime(elenco.asesora)
    assert any("1 solicitudes en sus manos" in r for r in razones) and any("rol" in r for r in razones)
    with pytest.raises(ValidationError):
        suprimir(persona=elenco.asesora, motivo="Lo pidió")
    with pytest.raises(ValidationError):
        suprimir(persona=elenco.ajena, motivo=" ")


def test_suppressed_she_is_named_nowhere_it_is_not_the_law(base_propia: str) -> None:
    """Radicado, dates and the chain of the bitácora stay valid; what keeps her name says why in the catalogue."""
    elenco = crear_elenco()
    ella = elenco.enlace
    ella.correo = "laura.perez@gobierno.example"  # in no other address
    ella.save(update_fields=["correo"])
    dicha = (ella.nombre, ella.correo)
    cerrada = terminar(elenco, abierta(elenco))
    with actuar(elenco.subdirector), transaction.atomic():
        parte = cerrada.partes.get()
        ejecutar(parte=parte, accion="reabrir", datos={"clave": uuid4(), "motivo": "Faltó una pregunta"})
    with actuar(ella), transaction.atomic():
        otra = radicada(por=ella, temas=[elenco.tema_tablas])
        registrar(accion="prueba", motivo="Palabras de ella")
    despachar()
    with Sistema():
        antes = list(Solicitud.objects.order_by("pk").values("radicado", "recibido_en", "radicado_en", "vence"))
        assert len(list(columnas_que_dicen(*dicha))) > 8
        Membresia.objects.filter(persona=ella).update(hasta="2025-01-01", desde="2024-01-01")
    salida = StringIO()
    call_command("suprimir_persona", ella.correo, stdout=salida)
    assert "No se puede deshacer" in salida.getvalue()
    call_command("suprimir_persona", ella.correo, "--motivo", "Lo pidió", "--confirmar", stdout=salida)
    se_quedan = {(c.modelo, c.columna) for c in columnas() if c.al_suprimir == "conservar"}
    with Sistema():
        quedan = {(modelo, columna) for modelo, columna, _ in columnas_que_dicen(*dicha, "Palabras de ella")}
        despues = list(Solicitud.objects.order_by("pk").values("radicado", "recibido_en", "radicado_en", "vence"))
        ruptura = list(verificar())
        suceso = Suceso.objects.get(accion="prueba")
    assert quedan - se_quedan == set()
    assert despues == antes and otra.radicado in {s["radicado"] for s in despues}
    assert ruptura == []
    assert (suceso.motivo, len(suceso.motivo_huella)) == ("", 64)
    ella.refresh_from_db()
    assert not ella.is_active and not ella.has_usable_password()
    assert ella.nombre == f"Persona suprimida {ella.pk}"
    que_la_nombran = {t for t, filas in exportar(persona=ella)["datos"].items() if "Laura" in json.dumps(filas)}
    assert que_la_nombran == set()


# --- The page --------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_page_has_the_notice_the_counts_and_the_file(elenco: Elenco, entrar) -> None:
    navegador, consultas = entrar(elenco.enlace), []
    pagina = navegador.get(reverse("datos_personales:mis_datos")).content.decode()
    assert "Quién responde por sus datos" in pagina and "15 días hábiles" in pagina
    publica = navegador.get(reverse("privacidad")).content.decode()
    assert "Quién responde por sus datos" in publica  # one text, in two places
    for cuantas in (1, 3, 25):
        for _ in range(cuantas):
            radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        with CaptureQueriesContext(connection) as captura:
            navegador.get(reverse("datos_personales:mis_datos"))
        consultas.append(len(captura))
    assert len(set(consultas)) == 1, consultas
    respuesta = navegador.post(reverse("datos_personales:descargar"))
    assert "attachment" in respuesta["Content-Disposition"]
    datos = json.loads(b"".join(respuesta.streaming_content))
    assert datos["titular"] == elenco.enlace.correo and len(datos["datos"]["solicitudes"]) == 29
    with Sistema():
        assert Suceso.objects.filter(accion="persona.exportar_datos", objeto_id=str(elenco.enlace.pk)).count() == 1
    assert navegador.get(reverse("datos_personales:descargar")).status_code == 405
