"""The wizard without JavaScript: what a person does with a keyboard and a plain browser (interface.md W2, E1–E4)."""

from datetime import timedelta

import pytest
from django.db import transaction

from alcance import como_sistema
from direcciones.models import AcuerdoServicio, Entidad, Modalidad
from direcciones.roles import Rol
from plazos.reloj import hoy
from solicitudes import relacionados
from solicitudes.models import Borrador, ConstanciaRadicacion, Movimiento, Solicitud
from tests.fabricas import FabricaMembresia, FabricaModalidad, actuar
from tests.soporte.asistente import CONTACTO, empezar, enviar, llenar, paso, radicar, un_pdf

pytestmark = pytest.mark.django_db


def la_solicitud() -> Solicitud:
    with transaction.atomic(), como_sistema("prueba: la única solicitud"):
        return Solicitud.objects.select_related("modalidad", "entidad").get()


def el_borrador() -> Borrador:
    with transaction.atomic(), como_sistema("prueba: el último borrador"):
        return Borrador.objects.order_by("-pk").first()


def con_la_persona(elenco, persona=None):
    return actuar(persona or elenco.enlace)


# --- The happy way -------------------------------------------------------------------------------------------------
def test_radicar_sin_javascript(elenco, entrar):
    """E1, E4, R33, R58: four steps, few answers, a number and a date; the file of the draft travels with it."""
    cliente = entrar(elenco.enlace)
    necesidad = empezar(cliente)
    detalle = enviar(cliente, necesidad, {"temas": [elenco.tema_tablas.pk]}).headers["Location"]
    respuestas = {"asunto": "Aplicación de la TRD", "necesidad": "Tenemos dudas.", "pregunta_1": "¿Desde cuándo?"}
    documentos = enviar(cliente, detalle, respuestas).headers["Location"]
    revisar = enviar(cliente, documentos, {**CONTACTO, "archivos": un_pdf()}).headers["Location"]
    assert "anexo.pdf" in cliente.get(revisar).content.decode()

    final = cliente.post(revisar, {"acepta_datos": "on"}, follow=True)

    solicitud = la_solicitud()
    assert (solicitud.preguntas, solicitud.modalidad) == (["¿Desde cuándo?"], elenco.concepto)
    assert solicitud.remitente_correo == CONTACTO["contacto_correo"]
    with actuar(elenco.enlace), transaction.atomic():
        assert [archivo.nombre for archivo in solicitud.archivos.order_by("pk")] == ["anexo.pdf"]
        primero = Movimiento.objects.get(solicitud=solicitud)
    assert primero.datos["tratamiento_datos"]
    assert solicitud.radicado in final.content.decode()
    assert "Responderemos a más tardar" in final.content.decode()


def test_abrir_la_pagina_no_crea_un_borrador(elenco, entrar):
    """Drafts are not made by looking (interface.md §2.2)."""
    entrar(elenco.enlace).get("/solicitudes/nueva/")

    with actuar(elenco.enlace), transaction.atomic():
        assert not Borrador.objects.exists()


def test_con_un_borrador_se_ofrece_continuar_o_empezar_otro(elenco, entrar):
    cliente = entrar(elenco.enlace)
    primera = empezar(cliente)

    pagina = cliente.get("/solicitudes/nueva/").content.decode()

    assert "Ya tiene un borrador" in pagina
    assert primera in pagina
    assert "Empezar otra" in pagina


def test_el_portafolio_manda_con_el_tema_elegido(elenco, entrar):
    cliente = entrar(elenco.enlace)

    url = cliente.post("/solicitudes/nueva/", {"tema": "DDAB-12"}).headers["Location"]

    assert el_borrador().datos["temas"] == [str(elenco.tema_tablas.pk)]
    assert "Eligió" in cliente.get(url).content.decode()


# --- Themes --------------------------------------------------------------------------------------------------------
def test_el_buscador_de_temas_perdona_los_acentos(elenco, entrar):
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)

    pagina = enviar(cliente, url, {"buscar_tema": "VALORACION", "temas": [elenco.tema_integridad.pk]}, "buscar")

    texto = pagina.content.decode()
    assert "Valoración documental" in texto
    assert "Organización de documentos" not in texto
    assert "checked" in texto.split("Integridad</label>")[0][-200:]


def test_varias_direcciones_son_una_solicitud_y_se_elige_quien_lidera(elenco, entrar):
    """R23, R24: one radicado, one part per dirección, one leader, chosen by the person."""
    cliente = entrar(elenco.enlace)
    temas = [elenco.tema_tablas.pk, elenco.tema_integridad.pk]
    url = empezar(cliente)
    detalle = enviar(cliente, url, {"temas": temas}).headers["Location"]
    assert "tema_principal" in cliente.get(detalle).content.decode()
    enviar(cliente, detalle, {
        "asunto": "a", "necesidad": "b", "pregunta_1": "¿c?", "tema_principal": elenco.tema_integridad.pk,
    })  # fmt: skip
    enviar(cliente, paso(url, "documentos"), CONTACTO)
    # The main theme changed the modality: its form has no questions.
    respuesta = cliente.post(paso(url, "revisar"), {"acepta_datos": "on"})
    if respuesta.status_code == 200:
        enviar(cliente, detalle, {"asunto": "a", "necesidad": "b", "medio": "virtual",
                                  "tema_principal": elenco.tema_integridad.pk})  # fmt: skip
        cliente.post(paso(url, "revisar"), {"acepta_datos": "on"})

    solicitud = la_solicitud()
    assert solicitud.temas == [elenco.tema_integridad.pk, elenco.tema_tablas.pk]
    with actuar(elenco.enlace), transaction.atomic():
        partes = {parte.dependencia_id: parte.lidera for parte in solicitud.partes.order_by("pk")}
    assert partes == {elenco.tecnica.pk: True, elenco.sistema_archivos.pk: False}


def test_sin_tema_no_se_sigue_y_dice_como(elenco, entrar):
    cliente = entrar(elenco.enlace)

    respuesta = enviar(cliente, empezar(cliente), {})

    assert respuesta.status_code == 200
    assert "Elija al menos un tema" in respuesta.content.decode()
    assert "<title>Error:" in respuesta.content.decode()


def test_dice_que_debe_traer_lo_que_se_pide(elenco, entrar):
    """R91: what the agreements of whoever attends it say, once the tema is chosen."""
    AcuerdoServicio.objects.create(
        dependencia=elenco.archivo, etapa="Responder", dias=8, desde=hoy(), requisitos="La tabla firmada, en PDF."
    )
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    assert "Qué debe traer" not in cliente.get(paso(url, "detalle")).content.decode()
    enviar(cliente, url, {"temas": [elenco.tema_tablas.pk]})
    pagina = cliente.get(paso(url, "detalle")).content.decode()
    assert "Qué debe traer" in pagina and "La tabla firmada, en PDF." in pagina


def test_los_conceptos_publicados_se_ofrecen_antes_de_radicar(elenco, entrar, monkeypatch):
    """E8, R95: at most three, while writing and again on the last page, when the words are known."""
    hallados = [relacionados.Relacionado(f"C-2026-{n:04}", f"Concepto {n}", f"/banco/{n}/") for n in range(5)]
    pedidos = []
    monkeypatch.setattr(relacionados, "_buscador", lambda busqueda: pedidos.append(busqueda) or hallados)
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    enviar(cliente, url, {"temas": [elenco.tema_tablas.pk]})

    pagina = cliente.get(paso(url, "detalle")).content.decode()

    assert "C-2026-0002" in pagina and "C-2026-0003" not in pagina
    assert pedidos[-1].temas == [elenco.tema_tablas.pk]
    enviar(cliente, paso(url, "detalle"), {"asunto": "Cierre de expedientes", "necesidad": "b"})
    assert "C-2026-0002" in cliente.get(paso(url, "revisar")).content.decode()
    assert pedidos[-1].texto.startswith("Cierre de expedientes")


# --- The form adapts -----------------------------------------------------------------------------------------------
def test_las_preguntas_se_agregan_y_se_quitan_sin_javascript(elenco, entrar):
    """R58: the list of questions becomes the reviewer's checklist."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    detalle = enviar(cliente, url, {"temas": [elenco.tema_tablas.pk]}).headers["Location"]
    enviar(cliente, detalle, {"pregunta_1": "Uno"}, "agregar_pregunta")
    enviar(cliente, detalle, {"pregunta_1": "Uno", "pregunta_2": "Dos"}, "agregar_pregunta")
    ida = enviar(
        cliente, detalle, {"pregunta_1": "Uno", "pregunta_2": "Dos", "pregunta_3": "Tres"}, "quitar_pregunta:2"
    )

    assert ida.headers["Location"].endswith("#id_pregunta_2")
    assert 'value="quitar_pregunta:2"' in cliente.get(detalle).content.decode()
    datos = el_borrador().datos
    assert (datos["n_preguntas"], datos["pregunta_1"], datos["pregunta_2"]) == ("2", "Uno", "Tres")
    assert "Pregunta 3" not in cliente.get(detalle).content.decode()


def test_una_sesion_grupal_exige_participantes_y_logistica(elenco, entrar):
    """R52: refused without participants; kept with place, date options, people and accessibility."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    detalle = enviar(cliente, url, {"temas": [elenco.tema_tablas.pk], "modalidad": elenco.jornada.pk}).headers[
        "Location"
    ]
    manana = (hoy() + timedelta(days=9)).isoformat()
    sesion = {"asunto": "Jornada", "necesidad": "b", "personas": "40", "medio": "presencial", "lugar": "Auditorio",
              "opcion_1": f"{manana}T09:00", "accesibilidad": "Intérprete de lengua de señas"}  # fmt: skip

    rehusada = enviar(cliente, detalle, sesion)
    assert "Escriba qué entidades participan" in rehusada.content.decode()
    enviar(cliente, detalle, {**sesion, "participantes": "SDG\nIDARTES\n"})
    enviar(cliente, paso(url, "documentos"), CONTACTO)
    cliente.post(paso(url, "revisar"), {"acepta_datos": "on"})

    logistica = la_solicitud().logistica
    assert logistica["participantes"] == ["SDG", "IDARTES"]
    assert logistica["opcion_1"].startswith(f"{manana}T09:00")
    assert la_solicitud().modalidad == elenco.jornada


def comision(**cambios):
    dias = cambios.pop("dias", 60)
    salida = hoy() + timedelta(days=dias)
    return {
        "asunto": "Invitación a Madrid", "necesidad": "Foro de ciudades", "objeto": "Foro", "destino": "Madrid",
        "viaje_desde": salida.isoformat(), "viaje_hasta": (salida + timedelta(days=4)).isoformat(),
        "ya_aceptada": "no", "financiacion": "total", "naturaleza": "publico", "financiador": "AECID", **cambios,
    }  # fmt: skip


@pytest.mark.parametrize("falta", ["objeto", "viaje_desde", "financiacion", "naturaleza", "financiador"])
def test_una_comision_exige_objeto_fecha_y_financiacion(elenco, entrar, falta):
    """R136, R137: three mandatory blocks, the funder only when there is one."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    detalle = enviar(cliente, url, {"temas": [elenco.tema_comision.pk]}).headers["Location"]

    respuesta = enviar(cliente, detalle, {**comision(), falta: ""})

    assert respuesta.status_code == 200
    assert "<title>Error:" in respuesta.content.decode()


@pytest.mark.parametrize(("dias", "alerta"), [(44, True), (45, False)])
def test_la_alerta_de_45_dias_informa_y_no_impide(elenco, entrar, dias, alerta):
    """R138: 44 days → alert, 45 → none; it files anyway. R135: accepted already → said and kept."""
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco, tema=elenco.tema_comision, **comision(dias=dias, ya_aceptada="si"))

    pagina = cliente.get(revisar).content.decode()
    cliente.post(revisar, {"acepta_datos": "on"})

    assert ("Ministerio del Interior" in pagina) is alerta
    assert "ya se aceptó" in pagina
    assert la_solicitud().logistica["ya_aceptada"] == "si"


def test_un_tema_sensible_nace_reservado_y_se_dice(elenco, entrar):
    """Commissions abroad are reserved from birth; there is no box to uncheck."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)
    detalle = enviar(cliente, url, {"temas": [elenco.tema_comision.pk]}).headers["Location"]

    pagina = cliente.get(detalle).content.decode()

    assert "reservada</strong> por su tema" in pagina
    assert 'name="reservada"' not in pagina


def test_una_persona_puede_reservarla_con_motivo(elenco, entrar):
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco, reservada="on")
    assert "Explique por qué es reservada" in cliente.get(revisar).content.decode()

    enviar(cliente, paso(revisar, "detalle"), {
        "asunto": "a", "necesidad": "b", "pregunta_1": "¿c?", "reservada": "on", "motivo_reserva": "Datos de salud",
    })  # fmt: skip
    cliente.post(revisar, {"acepta_datos": "on"})

    solicitud = la_solicitud()
    assert (solicitud.reservada, solicitud.motivo_reserva) == (True, "Datos de salud")


# --- Who may file --------------------------------------------------------------------------------------------------
def test_sin_entidad_activa_no_se_radica_y_se_explica(elenco, entrar):
    """R7: only those tied to an active entity may file."""
    respuesta = entrar(elenco.ajena).get("/solicitudes/nueva/")

    assert respuesta.status_code == 403
    assert "no está vinculada a una entidad activa" in respuesta.content.decode()
    assert entrar(elenco.ajena).post("/solicitudes/nueva/").status_code == 403


@pytest.mark.parametrize("tipo", Entidad.Tipo.values)
def test_cada_tipo_de_entidad_radica(elenco, entrar, tipo):
    """R7: central, decentralised, localities, control, private bodies with public functions."""
    Entidad.objects.filter(pk=elenco.secretaria.pk).update(tipo=tipo)

    final = radicar(entrar(elenco.enlace), elenco)

    assert "Solicitud radicada" in final.content.decode()


def test_una_entidad_que_ya_no_esta_vigente_no_radica(elenco, entrar):
    """R7: the draft stays; the filing is refused with a sentence."""
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    Entidad.objects.filter(pk=elenco.secretaria.pk).update(hasta="2026-01-01")

    respuesta = cliente.post(revisar, {"acepta_datos": "on"})

    assert "ya no está vigente" in respuesta.content.decode()
    assert cliente.get("/solicitudes/nueva/").status_code == 403


def test_una_prestadora_justifica_fuera_del_archivo(elenco, entrar):
    """R11: with the Archivo she files; with the DDDI she is warned and must justify."""
    cliente = entrar(elenco.enlace_prestadora)
    assert "Solicitud radicada" in radicar(cliente, elenco).content.decode()

    revisar = llenar(cliente, elenco, tema=elenco.tema_integridad, medio="virtual")
    pagina = cliente.get(revisar).content.decode()
    assert "Explique por qué corresponde" in pagina
    enviar(cliente, paso(revisar, "detalle"), {
        "asunto": "a", "necesidad": "b", "medio": "virtual", "justificacion_alcance": "Operamos un servicio delegado.",
    })  # fmt: skip
    cliente.post(revisar, {"acepta_datos": "on"})

    with actuar(elenco.enlace_prestadora), transaction.atomic():
        ultima = Solicitud.objects.order_by("-pk").first()
    assert ultima.logistica["justificacion_alcance"] == "Operamos un servicio delegado."


def test_el_personal_no_radica_como_entidad(elenco, entrar):
    respuesta = entrar(elenco.asesora).get("/solicitudes/nueva/")

    assert respuesta.headers["Location"] == "/registrar/"
    assert entrar(elenco.auditora).get("/solicitudes/nueva/").status_code == 403


# --- Review --------------------------------------------------------------------------------------------------------
def test_revisar_dice_todo_lo_que_falta_con_su_enlace(elenco, entrar):
    """Drafts accept missing fields; the review lists them by step."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)

    pagina = cliente.get(paso(url, "revisar")).content.decode()

    assert "Elija al menos un tema" in pagina and "Escriba el asunto" in pagina
    assert cliente.post(paso(url, "revisar"), {"acepta_datos": "on"}).status_code == 200
    with actuar(elenco.enlace), transaction.atomic():
        assert not Solicitud.objects.exists()


def test_sin_autorizar_los_datos_no_se_radica(elenco, entrar):
    """Ley 1581 de 2012, art. 9."""
    respuesta = entrar(elenco.enlace).post(llenar(entrar(elenco.enlace), elenco), {})

    assert "autorice el tratamiento" in respuesta.content.decode()


def test_volver_despues_de_radicar_lleva_a_la_misma(elenco, entrar):
    """Double send, refresh and the button «back»: one solicitud (E4)."""
    cliente = entrar(elenco.enlace)
    revisar = llenar(cliente, elenco)
    primera = cliente.post(revisar, {"acepta_datos": "on"}).headers["Location"]

    for otra in (
        cliente.post(revisar, {"acepta_datos": "on"}),
        cliente.get(revisar),
        cliente.post(paso(revisar, "detalle"), {"asunto": "otro"}),
    ):
        assert otra.headers["Location"] == primera
    with actuar(elenco.enlace), transaction.atomic():
        assert (Solicitud.objects.count(), ConstanciaRadicacion.objects.count()) == (1, 1)


def test_una_modalidad_nueva_se_puede_pedir_sin_codigo(elenco, entrar):
    """R3: what the catalogue adds is selectable and has a form."""
    nueva = FabricaModalidad(codigo="conversatorio", nombre="Conversatorio", formulario=Modalidad.Formulario.SESION)
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)

    detalle = enviar(cliente, url, {"temas": [elenco.tema_tablas.pk], "modalidad": nueva.pk}).headers["Location"]

    assert "Entidades que participan" in cliente.get(detalle).content.decode()


# --- Foreign -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", ["colega", "otra_enlace", "asesora", "ventanilla"])
def test_un_borrador_ajeno_no_existe(elenco, entrar, quien):
    """T09: not even for a colleague of the same entity."""
    url = empezar(entrar(elenco.enlace))
    otro = entrar(getattr(elenco, quien))

    assert otro.get(url).status_code == 404
    assert otro.post(url, {"temas": [elenco.tema_tablas.pk]}).status_code == 404
    assert otro.post(f"{url}guardar/", {"version": "1"}).status_code == 404
    assert otro.post(paso(url, "documentos") + "archivos/", {"archivo": un_pdf()}).status_code == 404
    assert otro.get(url.replace("necesidad", "descartar")).status_code == 404


def test_un_borrador_no_toma_campos_que_no_pregunta(elenco, entrar):
    """I03: what a step does not ask is not kept, whatever the POST says."""
    cliente = entrar(elenco.enlace)
    url = empezar(cliente)

    enviar(cliente, url, {
        "temas": [elenco.tema_tablas.pk], "estado": "atendida", "entidad": elenco.instituto.pk, "radicado": "AT-1",
        "recibido_en": "2020-01-01", "asunto": "de otro paso",
    })  # fmt: skip

    borrador = el_borrador()
    assert set(borrador.datos) == {"temas", "modalidad"}
    assert borrador.entidad == elenco.secretaria


@pytest.mark.parametrize("tema", ["999999", "abc", "-1", "1.5", "9" * 30])
def test_un_tema_que_no_existe_se_dice(elenco, entrar, tema):
    """T09: a foreign or invented id in a form."""
    respuesta = enviar(entrar(elenco.enlace), empezar(entrar(elenco.enlace)), {"temas": [tema]})

    assert respuesta.status_code in {200, 404}


def test_una_persona_con_dos_entidades_radica_por_la_activa(elenco, entrar):
    FabricaMembresia(persona=elenco.enlace, rol=Rol.ENLACE, entidad=elenco.instituto)
    cliente = entrar(elenco.enlace)

    radicar(cliente, elenco)

    assert la_solicitud().entidad == elenco.secretaria
