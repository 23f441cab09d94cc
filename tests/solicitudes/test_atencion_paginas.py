"""The pages of those who attend: who opens what, what they cost, and what happens when two people meet."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from avisos.models import PoliticaAviso
from bitacora.models import Suceso
from direcciones.models import AsignacionSector
from direcciones.services.ausencias import registrar_ausencia
from plazos.fechas import fecha_corrida
from plazos.reloj import hoy
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Archivo, ExcepcionOrden, Mensaje, Parte, Solicitud
from solicitudes.paginas import TAMANO
from solicitudes.services import atender_siguiente
from solicitudes.vencimiento import vence_hasta
from solicitudes.views.atencion import cola
from tableros.services import compactar
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import habil, hace, hacer, parte_de, parte_de_pk, releer, sistema

pytestmark = pytest.mark.django_db
E = EstadoParte


@pytest.fixture
def una(elenco):
    return radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1), asunto="Tablas de retención")


def caso(solicitud, accion="", parte=None):
    url = f"/asesor/solicitudes/{solicitud.radicado}/"
    url += f"{accion}/" if accion else ""
    return f"{url}?parte={parte.pk}" if parte else url


def tomada(elenco, solicitud):
    with actuar(elenco.asesora):
        atender_siguiente(dependencia=elenco.sistema_archivos, persona=elenco.asesora)
    return parte_de(solicitud)


def formulario(respuesta, **datos):
    """What a browser would send back of the form that was shown, with these values changed."""
    form = respuesta.context["form"]
    valores = {campo.html_name: campo.value() for campo in form if campo.value() is not None}
    return {n: v for n, v in (valores | datos).items() if v not in (None, [], ())}


def test_who_asks_for_information_is_told_that_the_term_goes_on(elenco, entrar, una) -> None:
    """The entity may be given a month, and the ten days do not wait for it."""
    parte = tomada(elenco, una)
    pagina = entrar(elenco.asesora).get(caso(una, "pedir-complemento")).content.decode()
    assert f"La solicitud sigue venciendo el {fecha_corrida(parte.vence)}." in pagina


# --- Who opens what ----------------------------------------------------------------------------------------------
PAGINAS = ("/asesor/cola/", "/direccion/solicitudes/", "/direccion/equipo/", "/registro/")
ABREN = {
    "/asesor/cola/": {"asesora", "subdirector", "directora"},
    "/direccion/solicitudes/": {"subdirector", "directora"},
    "/direccion/equipo/": {"subdirector", "directora"},
    "/registro/": {
        "asesora", "revisora", "subdirector", "directora", "subsecretaria", "ventanilla", "administradora", "auditora",
    },
}  # fmt: skip


@pytest.mark.parametrize("url", PAGINAS)
def test_cada_pagina_se_abre_a_su_rol_y_a_nadie_mas(elenco, entrar, url):
    for nombre, persona in elenco.personas().items():
        if nombre in {"otra_asesora", "asesor_tecnica", "asesor_internacional", "director_desarrollo"}:
            continue
        esperado = 200 if nombre in ABREN[url] else 403
        assert entrar(persona).get(url).status_code == esperado, (url, nombre)


def test_lo_ajeno_no_existe(elenco, entrar, una):
    """404, never 403: another dependencia's solicitud is like one that was never filed (architecture §8.8)."""
    for url in (caso(una), caso(una, "trasladar"), caso(una, "nota"), "/asesor/solicitudes/AT-2020-999999/"):
        assert entrar(elenco.asesor_tecnica).get(url).status_code == 404, url
    assert entrar(elenco.enlace).get(caso(una)).status_code == 403


def test_el_rol_que_no_puede_recibe_403_con_la_razon(elenco, entrar, una):
    respuesta = entrar(elenco.asesora).get(caso(una, "declarar-no-competencia"))

    assert respuesta.status_code == 403
    assert "Su rol no permite esta acción" in respuesta.content.decode()


def test_una_accion_que_no_existe_o_es_de_la_entidad_es_404(elenco, entrar, una):
    for accion in ("borrar", "retirar", "complementar"):
        assert entrar(elenco.subdirector).get(caso(una, accion)).status_code == 404, accion


def test_la_reservada_no_esta_en_ninguna_lista_ajena(elenco, entrar):
    """Reserved: only the responsible one, the heads and the auditor; each opening is recorded."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True, motivo_reserva="Investigación")
    tomada(elenco, solicitud)

    for persona, ve in ((elenco.asesora, True), (elenco.subdirector, True), (elenco.otra_asesora, False)):
        cliente = entrar(persona)
        for url in ("/asesor/cola/?vista=todas", "/registro/", f"/registro/?buscar={solicitud.radicado}"):
            principal = cliente.get(url).content.decode().split("<main")[1]
            # What the person typed comes back in the box, in the filters of the printed sheet and in the links.
            for antes, despues in (('value="', '"'), ("Buscar: ", "."), ("buscar=", "")):
                principal = principal.replace(f"{antes}{solicitud.radicado}{despues}", "")
            assert (solicitud.radicado in principal) is ve, (persona, url)
        assert cliente.get(caso(solicitud)).status_code == (200 if ve else 404)
    with sistema():
        aperturas = Suceso.objects.filter(accion="solicitud.abrir_reservada").values_list("actor_id", flat=True)
        assert sorted(aperturas) == sorted([elenco.asesora.pk, elenco.subdirector.pk])


# --- The queue ---------------------------------------------------------------------------------------------------
def llenar(elenco, cuantas):
    for n in range(cuantas):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(hours=cuantas - n))


def consultas(cliente, url):
    with CaptureQueriesContext(
        connection,
    ) as capturadas:
        assert cliente.get(url).status_code == 200
    return [q["sql"] for q in capturadas if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))
            and "set_config" not in q["sql"]]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "tope"),
    [
        ("/asesor/cola/?vista=todas", 10),
        ("/asesor/cola/?vista=sin-asignar", 10),
        ("/registro/", 12),
        ("/direccion/solicitudes/", 16),
    ],
)
def test_las_listas_cuestan_lo_mismo_con_una_o_con_veinticinco(elenco, entrar, url, tope):
    """interface.md §6: ≤ 10 queries of its own for the queue; the same with 1, 3 and 25 rows."""
    cliente = entrar(elenco.subdirector)
    medidas = []
    for cuantas in (1, 2, 22):
        llenar(elenco, cuantas)
        consultas(cliente, url)
        medidas.append(consultas(cliente, url))

    assert len({len(m) for m in medidas}) == 1, [len(m) for m in medidas]
    propias = [sql for sql in medidas[-1] if "solicitudes_" in sql or "direcciones_" in sql or "plazos_" in sql]
    assert len(propias) <= tope, "\n".join(propias)


def test_el_sondeo_sin_novedades_es_204_y_barato(elenco, entrar, una):
    cliente = entrar(elenco.asesora)
    pagina = cliente.get("/asesor/cola/?vista=sin-asignar")
    url = f"/asesor/cola/?vista=sin-asignar&parcial=1&version={pagina.context['version']}"

    respuesta = cliente.get(url)
    assert (respuesta.status_code, respuesta.content) == (204, b"")

    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    assert cliente.get(url).json() == {"texto": "Llegó 1 solicitud."}
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    assert cliente.get(url).json() == {"texto": "Llegaron 2 solicitudes."}


def test_el_sondeo_dice_lo_que_otra_persona_tomo_de_la_cola(elenco, entrar, una):
    """Whoever has the shared queue in front does not open for nothing what a colleague has just taken."""
    otra = entrar(elenco.otra_asesora)
    version = otra.get("/asesor/cola/?vista=sin-asignar").context["version"]
    url = "/asesor/cola/?vista={}&parcial=1&version=" + version
    tomada(elenco, una)
    assert otra.get(url.format("sin-asignar")).json() == {"texto": "1 solicitud ya tiene quien la atienda."}
    assert otra.get(url.format("mias")).status_code == 204
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    dicho = otra.get(url.format("sin-asignar")).json()["texto"]
    assert dicho == "Llegó 1 solicitud. 1 solicitud ya tiene quien la atienda."


def test_el_sondeo_no_cuenta_lo_ajeno_ni_lo_propio(elenco, entrar, una):
    cliente = entrar(elenco.asesora)
    version = cliente.get("/asesor/cola/").context["version"]
    url = f"/asesor/cola/?vista=todas&parcial=1&version={version}"

    radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    tomada(elenco, una)

    assert cliente.get(url).status_code == 204
    assert cliente.get("/asesor/cola/?parcial=1&version=no-es").status_code == 204


def test_atender_la_siguiente_abre_la_mas_antigua(elenco, entrar, una):
    """E9: one click gives the next in order."""
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    respuesta = entrar(elenco.asesora).post("/asesor/cola/siguiente/", follow=True)

    assert respuesta.redirect_chain[-1][0] == caso(una, parte=parte_de(una))
    assert "Ahora usted la atiende." in respuesta.content.decode()
    assert parte_de(una).asesor == elenco.asesora


def test_sin_nada_en_espera_lo_dice(elenco, entrar):
    respuesta = entrar(elenco.asesora).post("/asesor/cola/siguiente/", follow=True)

    assert "No hay solicitudes en espera. Buen trabajo." in respuesta.content.decode()


def test_atender_la_siguiente_no_se_hace_por_get(elenco, entrar, una):
    assert entrar(elenco.asesora).get("/asesor/cola/siguiente/").status_code == 405
    assert parte_de(una).estado == E.EN_COLA


def test_quien_dirige_varias_elige_de_cual(elenco, entrar, una):
    """A head with several dependencias below says which queue; one not theirs is refused."""
    otra = elenco.sistema_archivos
    cliente = entrar(elenco.directora)
    pagina = cliente.get("/asesor/cola/")

    assert pagina.context["dependencias"] == [otra]  # the dirección itself has no queue
    assert cliente.post("/asesor/cola/siguiente/", {"dependencia": "STDI"}).status_code == 403
    assert cliente.post("/asesor/cola/siguiente/", {"dependencia": "SSDA"}).status_code == 302
    assert parte_de(una).asesor == elenco.directora


def test_las_pestanas_cuentan_lo_que_muestran(elenco, entrar, una):
    """E18 for the queue: each number is the count of its list."""
    llenar(elenco, 3)
    hacer(elenco.asesora, tomada(elenco, una), "pedir_complemento", texto="Falta el acta", hasta=None)
    cliente = entrar(elenco.asesora)

    pagina = cliente.get("/asesor/cola/")

    for pestana in pagina.context["pestanas"]:
        lista = cliente.get(f"/asesor/cola/{pestana.url}").context["pagina"]
        assert len(lista) == pestana.n, pestana


def test_las_cuentas_llevadas_son_las_de_las_filas(elenco, entrar):
    """Of every queue and of one, with reserved ones of the person, of others and filed by the person."""
    casos = [
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=n)) for n in (9, 9, 8, 3, 3, 2)
    ]
    casos += [radicada(por=elenco.enlace, temas=[elenco.tema_integridad], recibida=hace(days=1)) for _ in range(2)]
    hacer(elenco.asesora, tomada(elenco, casos[0]), "pedir_complemento", texto="Falta el acta", hasta=None)
    for caso_ in (casos[1], casos[2]):
        tomada(elenco, caso_)
    for caso_ in (casos[1], casos[3], casos[4]):
        hacer(elenco.subdirector, parte_de(caso_), "reservar")
    with sistema():
        Solicitud.objects.filter(pk=casos[4].pk).update(radicada_por=elenco.asesora)
    for compactada in (False, True):
        if compactada:
            compactar()
        for quien in (elenco.asesora, elenco.otra_asesora, elenco.subdirector, elenco.directora):
            with actuar(quien) as alcance, transaction.atomic():
                for miradas in {alcance.dependencias, alcance.dependencias[-1:]}:
                    cuentas, ultimo = cola._cuentas(alcance, miradas, cola.pestanas_de())
                    (contadas,) = cola._CUENTAS(quien=alcance, miradas=miradas, hasta=vence_hasta())
                    assert (*cuentas.values(), ultimo) == (*contadas, cola._version())
    assert contadas[-1] == 6


def test_lo_que_espera_a_la_entidad_sale_de_mias_y_vuelve_solo(elenco, entrar, una):
    """E14: it leaves the list and comes back with «Respondió la entidad»."""
    from solicitudes.services.conversacion import complementar  # noqa: PLC0415

    parte = hacer(elenco.asesora, tomada(elenco, una), "pedir_complemento", texto="Falta el acta", hasta=None)
    cliente = entrar(elenco.asesora)
    assert una.radicado not in cliente.get("/asesor/cola/").content.decode()
    assert una.radicado in cliente.get("/asesor/cola/?vista=esperando").content.decode()

    with actuar(elenco.enlace):
        complementar(parte=parte, texto="Aquí está", clave=uuid4())

    pagina = cliente.get("/asesor/cola/").content.decode()
    assert una.radicado in pagina
    assert "Respondió la entidad" in pagina


def test_los_filtros_viven_en_la_direccion(elenco, entrar, una):
    """E12: the URL is the view; a value nobody offered is ignored."""
    otra = radicada(por=elenco.otra_enlace, temas=[elenco.tema_visitas], asunto="Organización de fondos")
    cliente = entrar(elenco.asesora)
    for consulta, estan in (
        ("buscar=retención", {una}),
        (f"buscar={una.radicado[-6:]}", {una}),
        ("buscar=IDARTES", {otra}),
        (f"entidad={elenco.instituto.pk}", {otra}),
        (f"tema={elenco.tema_visitas.pk}", {otra}),
        (f"modalidad={elenco.concepto.pk}", {una}),
        ("entidad=999999", {una, otra}),
    ):
        filas = cliente.get(f"/asesor/cola/?vista=todas&{consulta}").context["pagina"]
        assert {fila.solicitud_id for fila in filas} == {s.pk for s in estan}, consulta


def test_las_paginas_van_y_vuelven_sin_saltar_ni_repetir(elenco, entrar):
    """Keyset pages: every row once, forwards and backwards, also with equal instants."""
    instante = hace(days=2)
    for _ in range(TAMANO * 2 + 3):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=instante)
    cliente = entrar(elenco.asesora)

    def recorrer(sentido, cursor=""):
        vistas = []
        while True:
            pagina = cliente.get("/asesor/cola/", {"vista": "todas", "desde": cursor}).context["pagina"]
            vistas.append([fila.id for fila in pagina])
            cursor = getattr(pagina, sentido)
            if not cursor:
                return vistas, pagina

    adelante, ultima = recorrer("siguiente")
    atras, _ = recorrer("anterior", ultima.anterior)

    assert [len(p) for p in adelante] == [TAMANO, TAMANO, 3]
    assert len({pk for p in adelante for pk in p}) == TAMANO * 2 + 3
    assert atras == adelante[1::-1]


def test_un_cursor_inventado_abre_la_primera_pagina(elenco, entrar, una):
    cliente = entrar(elenco.asesora)
    for cursor in ("d:hola", "x", "d:2026-01-01_1_1", "d:2026-01-01T00:00:00_1_99999999999999999999", "a:__"):
        assert cliente.get("/asesor/cola/", {"vista": "todas", "desde": cursor}).status_code == 200, cursor


# --- The page of a solicitud -------------------------------------------------------------------------------------
def test_la_pagina_cuenta_todo_lo_que_pasa(elenco, entrar, una):
    parte = tomada(elenco, una)
    hacer(elenco.asesora, parte, "mensaje", texto="Ya la estamos revisando")
    hacer(elenco.asesora, parte, "nota", texto="Ojo con la tabla vieja")

    pagina = entrar(elenco.asesora).get(caso(una)).content.decode()

    for texto in (
        una.asunto, "Usted la atiende", "Ya la estamos revisando", "Ojo con la tabla vieja", "no la ve la entidad",
        "Por qué vence ese día", "Empezó a atenderla", "Radicó la solicitud", "Secretaría Distrital de Gobierno",
    ):  # fmt: skip
        assert texto in pagina, texto


def test_otra_persona_ve_quien_la_esta_atendiendo(elenco, entrar, una):
    """E11: the collision notice."""
    tomada(elenco, una)

    assert "Ana Ruiz la está atendiendo" in entrar(elenco.otra_asesora).get(caso(una)).content.decode()


def test_la_pagina_abierta_se_entera_de_lo_que_hacen_los_demas(elenco, entrar, una):
    cliente = entrar(elenco.otra_asesora)
    version = cliente.get(caso(una)).context["version"]
    url = f"{caso(una)}?parcial=1&version={version}"
    assert cliente.get(url).status_code == 204

    tomada(elenco, una)

    assert "Ana Ruiz" in cliente.get(url).json()["texto"]
    assert entrar(elenco.asesora).get(url).status_code == 204


def test_la_pagina_cuesta_lo_mismo_con_mucha_historia(elenco, entrar, una):
    parte = tomada(elenco, una)
    cliente = entrar(elenco.asesora)
    consultas(cliente, caso(una))
    antes = len(consultas(cliente, caso(una)))
    for _ in range(5):
        hacer(elenco.asesora, parte, "mensaje", texto="Otro mensaje")
        radicada(por=elenco.colega, temas=[elenco.tema_tablas])

    assert len(consultas(cliente, caso(una))) == antes


def test_a_otra_persona_la_pagina_le_cuesta_lo_mismo(elenco, entrar, una):
    """Who answers today for whoever has it comes with the parte: no question more."""
    tomada(elenco, una)
    suya, ajena = ([sql for _ in range(2) for sql in consultas(entrar(quien), caso(una))]
                   for quien in (elenco.asesora, elenco.otra_asesora))  # fmt: skip
    assert len(suya) == len(ajena)
    assert not [sql for sql in ajena if "direcciones_responsable" in sql]


def test_quien_cubre_a_otra_persona_actua_en_lo_suyo(elenco, entrar, una):
    tomada(elenco, una)
    cliente = entrar(elenco.otra_asesora)
    assert "pedir-complemento" not in cliente.get(caso(una)).content.decode()
    with actuar(elenco.asesora), transaction.atomic():
        registrar_ausencia(persona=elenco.asesora, desde=hoy(), hasta=hoy(), suplente=elenco.otra_asesora)

    assert "pedir-complemento" in cliente.get(caso(una)).content.decode()


def test_una_parte_inventada_es_404(elenco, entrar, una):
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    assert entrar(elenco.asesora).get(caso(una, parte=parte_de(otra))).status_code == 404


# --- Acting ------------------------------------------------------------------------------------------------------
def test_cada_boton_de_la_pagina_abre_su_formulario(elenco, entrar, una):
    """Whatever the page offers works: the form opens, and what needs nothing is done by one POST."""
    tomada(elenco, una)
    for persona in (elenco.asesora, elenco.subdirector):
        cliente = entrar(persona)
        for boton in cliente.get(caso(una)).context["botones"]:
            if "/asesor/" in boton.url and not boton.envia:
                assert cliente.get(boton.url).status_code == 200, boton


def test_fuera_de_orden_pide_el_motivo_y_nombra_las_anteriores(elenco, entrar, una):
    """R20: the page lists the older ones and asks for a coded reason."""
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.asesora)

    pagina = cliente.get(caso(nueva, "tomar"))
    assert una.radicado in pagina.content.decode()
    sin_motivo = cliente.post(caso(nueva, "tomar"), formulario(pagina, codigo=""))
    assert (sin_motivo.status_code, parte_de(nueva).estado) == (422, E.EN_COLA)

    cliente.post(caso(nueva, "tomar"), formulario(pagina, codigo="fecha_evento", motivo="El evento es mañana"))
    assert parte_de(nueva).asesor == elenco.asesora
    with sistema():
        assert ExcepcionOrden.objects.get().motivo == "El evento es mañana"
    equipo = entrar(elenco.directora).get("/direccion/equipo/").content.decode()
    assert "El evento es mañana" in equipo
    assert "antes que 1 más antigua" in equipo
    pagina = cliente.get(caso(nueva)).content.decode()
    assert "Antes que otra más antigua. El evento o viaje tiene fecha fija: El evento es mañana" in pagina


def test_la_bandeja_por_sector_va_por_llegada_y_la_de_turno_por_vencimiento(elenco, entrar):
    """Issue 2: the sector's asesor sees their tray by arrival, even when a later one is due before."""
    for tema, persona, por_llegada in (
        (elenco.tema_integridad, elenco.asesor_tecnica, True),
        (elenco.tema_tablas, elenco.asesora, False),
    ):
        partes = [parte_de(radicada(por=elenco.enlace, temas=[tema], recibida=hace(days=dias))) for dias in (3, 2)]
        with sistema():
            Parte.objects.filter(pk=partes[1].pk).update(vence=hoy())
            Parte.objects.filter(pk__in=[p.pk for p in partes]).update(asesor=persona, estado=E.ASIGNADA)
        pagina = entrar(persona).get("/asesor/cola/")
        en_orden = [p.pk for p in partes] if por_llegada else [p.pk for p in reversed(partes)]
        assert [fila.id for fila in pagina.context["pagina"]] == en_orden
        assert ("Por orden de llegada" in pagina.content.decode()) is por_llegada


def test_ventanilla_registra_lo_que_la_entidad_respondio_por_otro_canal(elenco, entrar):
    """R22: who asked by mail answers by mail; the solicitud comes back to its asesor with what was answered."""
    solicitud = radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="telefono"
    )
    hacer(elenco.asesora, tomada(elenco, solicitud), "pedir_complemento", texto="Falta el acta", hasta=None)
    ventanilla = entrar(elenco.ventanilla)
    assert "Registrar lo que respondió la entidad" in ventanilla.get(caso(solicitud)).content.decode()
    pagina = ventanilla.get(caso(solicitud, "complementar"))
    acta = SimpleUploadedFile("acta.txt", b"Acta 3", "text/plain")
    enviado = formulario(pagina, texto="Llegó por correo el acta.", archivos=[acta])
    assert ventanilla.post(caso(solicitud, "complementar"), enviado).status_code == 302
    assert parte_de(solicitud).estado == E.EN_ATENCION
    with sistema():
        mensaje = Mensaje.objects.get(solicitud=solicitud, tipo="complemento")
        assert (mensaje.autor, mensaje.de_la_entidad) == (elenco.ventanilla, True)
        assert Archivo.objects.get(mensaje=mensaje).nombre == "acta.txt"
    assert "Respondió la entidad" in entrar(elenco.asesora).get("/asesor/cola/").content.decode()


def test_quien_atiende_encuentra_donde_registrar_lo_que_llego(elenco, entrar):
    """R22: what came by mail or telephone is registered by the asesor too, from the queue."""
    cliente = entrar(elenco.asesora)
    assert 'href="/registrar/"' in cliente.get("/asesor/cola/").content.decode()
    assert cliente.get("/registrar/").status_code == 200


@pytest.mark.parametrize(
    ("modalidad", "principal"), [("visita", "programar"), ("asesoria", "programar"), ("comision", "responder")]
)
def test_el_boton_principal_es_lo_que_se_pidio(elenco, entrar, una, modalidad, principal):
    """Interface W5: one main action, the one the modality asks for; after the session, its outcome."""
    parte = tomada(elenco, una)
    with sistema():
        Parte.objects.filter(pk=parte.pk).update(modalidad=getattr(elenco, modalidad))
    cliente = entrar(elenco.asesora)

    def principales():
        return [b.url.split("/")[-2] for b in cliente.get(caso(una)).context["botones"] if b.clase == ""]

    assert principales() == [principal]
    hacer(
        elenco.asesora, parte, "programar", archivos=[],
        actuacion={"modalidad": elenco.visita, "estado": "realizada", "asunto": "Visita", "medio": "presencial",
                   "lugar": "Sede", "inicio": hace(hours=2), "resultado": "Plan acordado"},
    )  # fmt: skip
    assert principales() == ["atender"]


def test_si_llega_una_mas_antigua_la_pagina_pide_el_motivo(elenco, entrar):
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.asesora)
    pagina = cliente.get(caso(nueva, "tomar"))
    radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="correo",
        recibida=hace(days=3),
    )  # fmt: skip

    respuesta = cliente.post(caso(nueva, "tomar"), formulario(pagina))

    assert respuesta.status_code == 422
    assert "codigo" in respuesta.context["form"].errors
    assert parte_de(nueva).estado == E.EN_COLA


def test_trasladar_por_la_pagina_y_dejar_de_verla(elenco, entrar, una):
    cliente = entrar(elenco.asesora)
    pagina = cliente.get(caso(una, "trasladar"))

    respuesta = cliente.post(
        caso(una, "trasladar"),
        formulario(pagina, dependencia=elenco.tecnica.pk, tema=elenco.tema_integridad.pk, motivo="Es de integridad"),
        follow=True,
    )

    assert respuesta.redirect_chain[-1][0] == "/asesor/cola/"
    assert "Quedó trasladada" in respuesta.content.decode()
    assert parte_de(una).dependencia == elenco.tecnica


def test_un_id_ajeno_en_el_formulario_no_cambia_nada(elenco, entrar, una):
    """T09: a foreign person, dependencia, tema or radicado is refused with the row unchanged."""
    ajena = radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])
    parte = tomada(elenco, una)
    intentos = (
        (elenco.subdirector, "reasignar", {"asesor": elenco.asesor_tecnica.pk, "motivo": "x"}),
        (elenco.asesora, "trasladar", {"dependencia": elenco.archivo.pk + 9999, "motivo": "x"}),
        (elenco.asesora, "marcar-duplicada", {"principal": ajena.radicado, "motivo": "x"}),
        (elenco.asesora, "agregar-dependencia", {"tema": elenco.tema_tablas.pk, "motivo": "x"}),
    )
    for persona, accion, datos in intentos:
        cliente = entrar(persona)
        pagina = cliente.get(caso(una, accion))
        respuesta = cliente.post(caso(una, accion), formulario(pagina, **datos))
        assert respuesta.status_code == 422, accion
    quedo = parte_de(una)
    assert (quedo.estado, quedo.asesor, quedo.dependencia) == (parte.estado, parte.asesor, parte.dependencia)


def test_responder_con_archivos(elenco, entrar, una):
    """The written reply closes the part, with its files."""
    tomada(elenco, una)
    cliente = entrar(elenco.asesora)
    pagina = cliente.get(caso(una, "responder"))

    respuesta = cliente.post(
        caso(una, "responder"),
        formulario(pagina, texto="Aplique la tabla vigente.")
        | {"archivos": [SimpleUploadedFile("respuesta.txt", b"Respuesta de prueba", "text/plain")]},
    )

    assert respuesta.status_code == 302, respuesta.context and respuesta.context["form"].errors
    assert parte_de(una).estado == E.ATENDIDA
    with sistema():
        archivo = Archivo.objects.select_related("mensaje").get(solicitud=una)
    assert (archivo.nombre, archivo.mensaje.tipo) == ("respuesta.txt", "respuesta")


# --- Two people meet (C04) ---------------------------------------------------------------------------------------
def test_quien_escribe_sobre_algo_viejo_ve_lo_nuevo_y_no_pierde_su_texto(elenco, entrar, una):
    """C04, E11: 409 with both texts; sending again goes through; nothing is lost."""
    parte = parte_de(una)
    cliente = entrar(elenco.otra_asesora)
    pagina = cliente.get(caso(una, "mensaje"))
    hacer(elenco.asesora, parte, "mensaje", texto="Ana ya respondió esto")

    choque = cliente.post(caso(una, "mensaje"), formulario(pagina, texto="Rosa escribe lo suyo"))

    texto = choque.content.decode()
    assert choque.status_code == 409
    assert "Ana ya respondió esto" in texto
    assert "Rosa escribe lo suyo" in texto
    assert "Su texto no se ha perdido" in texto
    otra_vez = cliente.post(caso(una, "mensaje"), formulario(choque))
    assert otra_vez.status_code == 302
    with sistema():
        mensajes = list(Mensaje.objects.filter(solicitud=una).order_by("id").values_list("texto", flat=True))
    assert mensajes == ["Ana ya respondió esto", "Rosa escribe lo suyo"]


def test_si_otra_persona_la_toma_la_nota_a_medias_no_se_borra(elenco, entrar, una):
    """The fault of others (interface.md §2.2): a half-written note survives the colleague who takes the solicitud."""
    cliente = entrar(elenco.otra_asesora)
    pagina = cliente.get(caso(una, "trasladar"))
    tomada(elenco, una)

    respuesta = cliente.post(
        caso(una, "trasladar"),
        formulario(pagina, dependencia=elenco.tecnica.pk, motivo="Esto es de la Técnica porque habla de integridad"),
    )

    assert respuesta.status_code == 403 or "Esto es de la Técnica" in respuesta.content.decode()
    assert parte_de(una).asesor == elenco.asesora


def test_lo_que_ya_no_se_puede_ofrece_guardar_el_texto(elenco, entrar, una):
    """The state changed under the form: it says so, keeps the text and offers to keep it as an internal note."""
    parte = tomada(elenco, una)
    cliente = entrar(elenco.asesora)
    pagina = cliente.get(caso(una, "responder"))
    hacer(elenco.subdirector, parte, "liberar", motivo="Se la doy a otra persona")

    respuesta = cliente.post(caso(una, "responder"), formulario(pagina, texto="Mi respuesta larga"))

    texto = respuesta.content.decode()
    assert respuesta.status_code == 409
    assert "Mi respuesta larga" in texto
    assert "Guardar mi texto como nota interna" in texto
    assert parte_de(una).estado == E.EN_COLA


def test_el_doble_clic_no_escribe_dos_veces(elenco, entrar, una):
    cliente = entrar(elenco.asesora)
    enviado = formulario(cliente.get(caso(una, "mensaje")), texto="Una sola vez")

    for _ in range(2):
        assert cliente.post(caso(una, "mensaje"), enviado).status_code == 302

    with sistema():
        assert Mensaje.objects.filter(solicitud=una).count() == 1


# --- Sessions (R16, R27, R28) ------------------------------------------------------------------------------------
def sesion(pagina, **datos):
    return formulario(pagina, asunto="Visita de asistencia", **datos)


def test_programar_exige_lo_que_pide_cada_medio(elenco, entrar, una):
    """R27: a virtual one needs a link, one in person a place, one by telephone a number."""
    tomada(elenco, una)
    cliente = entrar(elenco.asesora)
    for medio, malo, bueno, hora in (
        ("virtual", "Sala 3", "https://reunion.example/1", "08:00"),
        ("telefonica", "su despacho", "601 381 3000", "10:00"),
        ("presencial", " ", "Carrera 8 # 10-65", "15:00"),
    ):
        manana = habil(hora=hora).strftime("%Y-%m-%dT%H:%M")
        pagina = cliente.get(caso(una, "programar"))
        datos = {"modalidad": elenco.visita.pk, "estado": "programada", "medio": medio, "programada_para": manana}
        falla = cliente.post(caso(una, "programar"), sesion(pagina, lugar=malo, **datos))
        assert falla.status_code == 422 and "lugar" in falla.context["form"].errors, medio
        assert cliente.post(caso(una, "programar"), sesion(pagina, lugar=bueno, **datos)).status_code == 302
    with sistema():
        assert Actuacion.objects.filter(solicitud=una, estado="programada").count() == 3
    assert parte_de(una).programada_para is not None


def test_una_sesion_programada_no_deja_cerrar_hasta_que_pase(elenco, entrar, una):
    """R12: closes only when all are done or cancelled with a reason; delivered on the day of the session."""
    parte = tomada(elenco, una)
    cliente = entrar(elenco.asesora)
    manana = habil().strftime("%Y-%m-%dT%H:%M")
    pagina = cliente.get(caso(una, "programar"))
    cliente.post(
        caso(una, "programar"),
        sesion(pagina, modalidad=elenco.visita.pk, estado="programada", medio="presencial", lugar="Sede",
               programada_para=manana),
    )  # fmt: skip
    with sistema():
        actuacion = Actuacion.objects.get(solicitud=una)
    cerrar = cliente.post(caso(una, "atender"), formulario(cliente.get(caso(una, "atender")), resultado="Listo"))
    assert cerrar.status_code == 422
    assert "Queda una sesión programada" in cerrar.content.decode()

    url = f"{caso(una)}sesiones/{actuacion.pk}/"
    inicio = timezone.localtime() - timedelta(hours=3)
    sin_resultado = cliente.post(url, {"que": "realizada", "inicio": inicio.strftime("%Y-%m-%dT%H:%M")})
    assert sin_resultado.status_code == 422
    hecha = cliente.post(
        url,
        {"que": "realizada", "inicio": inicio.strftime("%Y-%m-%dT%H:%M"), "resultado": "Acordamos el plan",
         "participantes": "Laura Pérez, Secretaría de Gobierno\nAna Ruiz",
         "productos": "Acta de la visita\n\nInforme técnico "},
    )  # fmt: skip
    assert hecha.status_code == 302, hecha.context["form"].errors
    assert releer(actuacion).participantes[0] == {"nombre": "Laura Pérez", "cargo": "Secretaría de Gobierno"}
    assert releer(actuacion).productos == ["Acta de la visita", "Informe técnico"]
    cliente.post(caso(una, "atender"), formulario(cliente.get(caso(una, "atender")), resultado="Plan acordado"))

    cerrada = parte_de_pk(parte.pk)
    assert cerrada.estado == E.ATENDIDA
    assert abs(cerrada.prestada_en - inicio) < timedelta(minutes=1)
    assert "Acta de la visita; Informe técnico" in cliente.get(caso(una)).content.decode()
    assert "Acta de la visita; Informe técnico" in cliente.get("/registro/").content.decode()


def test_la_sesion_de_otra_persona_no_se_toca(elenco, entrar, una):
    parte = tomada(elenco, una)
    hacer(elenco.asesora, parte, "programar", actuacion={
        "modalidad": elenco.visita, "medio": "presencial", "lugar": "Sede", "asunto": "Visita",
        "programada_para": habil()})  # fmt: skip
    with sistema():
        url = f"{caso(una)}sesiones/{Actuacion.objects.get().pk}/"

    assert entrar(elenco.otra_asesora).get(url).status_code == 403
    assert entrar(elenco.asesor_tecnica).get(url).status_code == 404


# --- Heads -------------------------------------------------------------------------------------------------------
def test_repartir_varias_de_una_vez(elenco, entrar, una):
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.subdirector)

    respuesta = cliente.post(
        "/direccion/solicitudes/",
        {"parte": [parte_de(una).pk, parte_de(otra).pk], "asesor": elenco.asesora.pk, "motivo": "Reparto del lunes"},
    )

    assert respuesta.status_code == 302
    assert {parte_de(s).asesor for s in (una, otra)} == {elenco.asesora}


def test_una_lista_con_una_ajena_se_rechaza_entera(elenco, entrar, una):
    """T10: mixed list [own, foreign] → refused, 0 rows changed."""
    ajena = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])

    respuesta = entrar(elenco.subdirector).post(
        "/direccion/solicitudes/",
        {"parte": [parte_de(una).pk, parte_de(ajena).pk], "asesor": elenco.asesora.pk, "motivo": "x"},
    )

    assert respuesta.status_code == 404
    assert parte_de(una).estado == E.EN_COLA


def test_repartir_una_nueva_dejando_la_vieja_se_rechaza(elenco, entrar, una):
    """R20 also for several at once."""
    nueva = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    respuesta = entrar(elenco.subdirector).post(
        "/direccion/solicitudes/", {"parte": [parte_de(nueva).pk], "asesor": elenco.asesora.pk, "motivo": "x"}
    )

    assert respuesta.status_code == 422
    assert f"Hay más antiguas que {nueva.radicado} sin asignar" in respuesta.content.decode()
    assert parte_de(nueva).estado == E.EN_COLA


def test_cada_cifra_del_panel_es_la_cuenta_de_su_lista(elenco, entrar, una):
    """E18: the number and the list it leads to agree, to the unit."""
    llenar(elenco, 4)
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=40))
    tomada(elenco, una)
    otra = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, hacer(elenco.asesora, parte_de(otra), "tomar", codigo="fecha_legal", motivo="Plazo"),
          "responder", texto="A tiempo")  # fmt: skip
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=12))
    cliente = entrar(elenco.subdirector)

    panel = cliente.get("/direccion/solicitudes/").context
    *kpis, entregadas = panel["kpis"]
    for kpi in kpis:
        lista = cliente.get(f"/direccion/solicitudes/{kpi['url']}").context["pagina"]
        assert len(lista) == kpi["cifra"], kpi
    lista = cliente.get(entregadas["url"]).context
    assert len(lista["pagina"]) == lista["cuantas"] == entregadas["cifra"] == 1
    assert len(panel["alertas"]) == panel["hace_mucho"] >= 1


def test_cuanto_es_mucho_sin_asignar_lo_dice_la_politica_tambien_en_el_tablero(elenco, entrar):
    """The notice and the board count with one row: where a dirección has its own, with that."""
    una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=12))
    panel = entrar(elenco.subdirector).get("/direccion/solicitudes/")
    assert una in [parte.solicitud for parte in panel.context["alertas"]]
    assert "lleva 2 días hábiles o más sin asignar" in panel.content.decode()
    PoliticaAviso.objects.create(
        dependencia=elenco.archivo,
        evento="solicitudes.sin_asignar",
        reloj="recepcion",
        dias=30,
        a_quien="jefatura",
        desde=hoy(),
    )
    PoliticaAviso.objects.filter(dependencia=None, reloj="recepcion").update(hasta=hoy() - timedelta(days=1))
    assert entrar(elenco.subdirector).get("/direccion/solicitudes/").context["alertas"] == []


def test_el_equipo_dice_que_sector_no_tiene_asesor(elenco, entrar):
    """R41: every sector has an active asesor, or an alert shows; the head mends it on the same screen."""
    with sistema():
        AsignacionSector.objects.filter(dependencia=elenco.tecnica, sector=elenco.instituto.sector).update(
            hasta=timezone.localdate() - timedelta(days=1)
        )
    cliente = entrar(elenco.director_desarrollo)
    pagina = cliente.get("/direccion/equipo/")
    assert [c.sector for c in pagina.context["sin_asesor"]] == [elenco.instituto.sector]
    url = f"/direccion/equipo/STDI/{elenco.instituto.sector.codigo}/"

    assert cliente.post(url, {"asesor": elenco.asesor_tecnica.pk}).status_code == 302

    assert not cliente.get("/direccion/equipo/").context["sin_asesor"]
    assert parte_de(radicada(por=elenco.otra_enlace, temas=[elenco.tema_integridad])).asesor == elenco.asesor_tecnica
    assert entrar(elenco.directora).get(url).status_code == 404


def test_cambiar_el_asesor_de_un_sector_conserva_la_historia(elenco, entrar):
    with sistema():
        AsignacionSector.objects.filter(dependencia=elenco.tecnica).update(desde=hoy() - timedelta(days=100))
    from tests.fabricas import FabricaMembresia, FabricaPersona  # noqa: PLC0415

    nueva = FabricaPersona(nombre="Nueva Asesora")
    FabricaMembresia(persona=nueva, rol="asesor", entidad=None, dependencia=elenco.tecnica)
    url = f"/direccion/equipo/STDI/{elenco.secretaria.sector.codigo}/"

    entrar(elenco.director_desarrollo).post(url, {"asesor": nueva.pk, "suplente": elenco.asesor_tecnica.pk})

    filas = AsignacionSector.objects.filter(dependencia=elenco.tecnica, sector=elenco.secretaria.sector)
    vieja, actual = filas.order_by("desde")
    assert (vieja.asesor, vieja.hasta) == (elenco.asesor_tecnica, hoy() - timedelta(days=1))
    assert (actual.asesor, actual.suplente, actual.desde, actual.hasta) == (nueva, elenco.asesor_tecnica, hoy(), None)


# --- The register (R25, R26) -------------------------------------------------------------------------------------
def test_el_registro_trae_lo_de_la_dependencia_y_nada_mas(elenco, entrar, una):
    """R25: everything of its own, whatever the channel, and nothing from others; consolidated for oversight."""
    por_telefono = radicada(
        registrada_por=elenco.ventanilla, entidad=elenco.instituto, temas=[elenco.tema_tablas], canal="telefono",
        recibida=hace(days=2),
    )  # fmt: skip
    ajena = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])

    def ve(persona):
        return {p.solicitud_id for p in entrar(persona).get("/registro/").context["pagina"]}

    propias = {una.pk, por_telefono.pk}
    assert ve(elenco.asesora) == ve(elenco.revisora) == ve(elenco.directora) == propias
    assert ve(elenco.asesor_tecnica) == {ajena.pk}
    assert ve(elenco.subsecretaria) == ve(elenco.auditora) == ve(elenco.administradora) == propias | {ajena.pk}


def test_ninguna_fila_sin_los_campos_minimos(elenco, entrar, una):
    """R26: reception, attention (once answered), tema and entidad."""
    hacer(elenco.asesora, tomada(elenco, una), "responder", texto="Listo")

    fila = entrar(elenco.asesora).get("/registro/").context["pagina"].filas[0]

    assert all((fila.recibido_en, fila.primera_atencion_en, fila.prestada_en, fila.tema_id, fila.entidad_id))


def test_el_cumplimiento_solo_cuenta_lo_entregado(elenco, entrar):
    """Issue 2: on time is only what was delivered on time; what is open and late is neither."""
    tarde = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=40))
    vencida = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=39))
    a_tiempo = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    hacer(elenco.asesora, tomada(elenco, tarde), "responder", texto="Tarde")
    parte = hacer(elenco.asesora, parte_de(a_tiempo), "tomar", codigo="fecha_legal", motivo="Plazo judicial")
    hacer(elenco.asesora, parte, "responder", texto="A tiempo")
    cliente = entrar(elenco.asesora)

    for cual, solicitud in (("tarde", tarde), ("a_tiempo", a_tiempo), ("vencida", vencida)):
        filas = cliente.get(f"/registro/?cumplimiento={cual}").context["pagina"]
        assert [p.solicitud_id for p in filas] == [solicitud.pk], cual


def test_los_filtros_del_registro(elenco, entrar, una):
    hacer(elenco.asesora, tomada(elenco, una), "responder", texto="Listo")
    otra = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.directora)
    for consulta, cual in (
        ("estado=abierta", otra),
        ("estado=atendida", una),
        (f"sector={elenco.instituto.sector.pk}", otra),
        (f"asesor={elenco.asesora.pk}", una),
        (f"desde={hoy().isoformat()}", otra),
        (f"hasta={(hoy() - timedelta(days=1)).isoformat()}", una),
    ):
        filas = cliente.get(f"/registro/?{consulta}").context["pagina"]
        assert [p.solicitud_id for p in filas] == [cual.pk], consulta
        assert "1 registro<" in cliente.get(f"/registro/?{consulta}").content.decode()
    assert not cliente.get("/registro/?canal=telefono").context["pagina"].filas
    assert len(cliente.get("/registro/?dependencia=SSDA").context["pagina"]) == 2
    assert Parte._meta.ordering


def test_las_encuestas_se_encuentran_desde_el_registro(elenco, entrar):
    """Issue 2: results visible to the dirección; who may not open them is not sent there."""
    for persona in (elenco.asesora, elenco.directora, elenco.subsecretaria, elenco.auditora, elenco.revisora):
        cliente = entrar(persona)
        enlazada = 'href="/encuestas/"' in cliente.get("/registro/").content.decode()
        assert enlazada is (cliente.get("/encuestas/").status_code == 200), persona
