"""What an enlace follows after filing (interface.md W3, E6, E7)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from alcance import Alcance, como_sistema
from alcance.compiladas import Compilada
from bitacora.models import Suceso
from direcciones.roles import Rol
from solicitudes import respuestas
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.models import Archivo, Mensaje, Parte, Solicitud
from solicitudes.services.cola import empezar_a_atender
from solicitudes.services.conversacion import pedir_complemento
from solicitudes.views import entidad
from tests.fabricas import FabricaMembresia, actuar, radicada
from tests.soporte.asistente import ocultos, un_pdf

pytestmark = pytest.mark.django_db
LISTA = "/mis-solicitudes/"


def parte_de(solicitud) -> Parte:
    with transaction.atomic(), como_sistema("prueba"):
        return Parte.objects.select_related("asesor").get(solicitud=solicitud, lidera=True)


def atender(elenco, solicitud) -> Parte:
    with actuar(elenco.asesora), transaction.atomic():
        return empezar_a_atender(parte=parte_de(solicitud))


def pedir(elenco, solicitud, texto="Falta el acta.") -> Parte:
    atender(elenco, solicitud)
    with actuar(elenco.asesora), transaction.atomic():
        return pedir_complemento(parte=parte_de(solicitud), texto=texto, clave=uuid4())


def url(solicitud, resto="") -> str:
    return f"/solicitudes/{solicitud.radicado}/{resto}"


# --- The list ------------------------------------------------------------------------------------------------------
def test_la_lista_es_de_la_entidad_y_de_ninguna_mas(elenco, entrar):
    """E7: all my entity's and no one else's."""
    propia = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="La de la entidad")
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas], asunto="La de otra")

    pagina = entrar(elenco.colega).get(LISTA).content.decode()

    assert propia.radicado in pagina
    assert "La de otra" not in pagina


def test_las_pestanas_son_direcciones_y_cuentan(elenco, entrar):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    pedida = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="La pedida")
    with actuar(elenco.asesora), transaction.atomic():
        empezar_a_atender(parte=parte_de(pedida), codigo="disponibilidad", motivo="Acordada con la entidad")
        pedir_complemento(parte=parte_de(pedida), texto="Falta", clave=uuid4())
    cliente = entrar(elenco.enlace)
    cliente.post("/solicitudes/nueva/")

    pestanas = cliente.get(LISTA).context["pestanas"]
    esperan = cliente.get(f"{LISTA}?pestana=esperan").content.decode()

    assert [(p.texto, p.n) for p in pestanas] == [
        ("En curso", 1),
        ("Esperan por usted", 1),
        ("Borradores", 1),
        ("Respondidas", 0),
    ]
    assert "La pedida" in esperan
    assert "Borrador sin asunto" in cliente.get(f"{LISTA}?pestana=borradores").content.decode()


def test_las_ramas_de_la_lista_son_lo_visible_y_no_comparten_nada(elenco):
    """Whoever acts for an entidad sees its solicitudes and what they filed or registered elsewhere; a limited one,
    what touches them; a reserved one, whoever may open it."""
    propia = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    ajena = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    reservada = radicada(por=elenco.colega, temas=[elenco.tema_tablas])
    otra_rama = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    with transaction.atomic(), como_sistema("prueba"):
        Solicitud.objects.filter(pk=reservada.pk).update(reservada=True)
        Solicitud.objects.filter(pk=ajena.pk).update(radicada_por=elenco.enlace)
        Solicitud.objects.filter(pk=otra_rama.pk).update(registrada_por=elenco.enlace)
        suyo = Alcance.de_membresia(elenco.enlace.membresias.get())
    casos = {
        suyo: {propia.pk, ajena.pk, otra_rama.pk},
        replace(suyo, solo_temas=(10**6,)): {propia.pk, ajena.pk, otra_rama.pk},
        replace(suyo, persona_id=elenco.colega.pk): {propia.pk, reservada.pk},
        replace(suyo, persona_id=10**6, solo_temas=(10**6,)): set(),
        replace(suyo, persona_id=10**6, solo_temas=(elenco.tema_tablas.pk,)): {propia.pk},
        replace(suyo, nivel="auditor"): {propia.pk, ajena.pk, reservada.pk, otra_rama.pk},
        Alcance(): set(),
    }
    with transaction.atomic(), como_sistema("prueba"):
        for alcance, ve in casos.items():
            ramas = [
                pk for rama in Solicitud.objects.ramas_visibles(alcance) for pk in rama.values_list("pk", flat=True)
            ]
            assert set(Solicitud.objects.visibles_para(alcance).values_list("pk", flat=True)) == ve
            assert sorted(ramas) == sorted(ve)


def test_lo_que_uno_radico_para_otra_entidad_tambien_esta(elenco, entrar):
    ajena = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas], asunto="Radicada cuando era de la otra")
    with transaction.atomic(), como_sistema("prueba"):
        Solicitud.objects.filter(pk=ajena.pk).update(radicada_por=elenco.enlace)
    respuesta = entrar(elenco.enlace).get(LISTA)
    assert "Radicada cuando era de la otra" in respuesta.content.decode()
    assert respuesta.context["pestanas"][0].n == 1


@pytest.fixture
def hasta_dos(monkeypatch):
    """Of each tab no more are counted."""
    monkeypatch.setattr(entidad, "MUCHAS", 2)
    for cuenta, consulta in (
        ("_ABIERTAS", entidad._primeras_abiertas),
        ("_RESPONDIDAS", entidad._primeras_respondidas),
    ):
        monkeypatch.setattr(entidad, cuenta, Compilada(consulta, quien=Alcance))


@pytest.mark.parametrize(
    ("estado", "pestana"),
    [
        (EstadoSolicitud.RADICADA, "En curso"),
        (EstadoSolicitud.EN_COMPLEMENTO, "Esperan por usted"),
        (EstadoSolicitud.ATENDIDA, "Respondidas"),
    ],
)
@pytest.mark.usefixtures("hasta_dos")
def test_de_cada_pestana_se_cuentan_las_primeras(elenco, entrar, estado, pestana):
    """Beyond a hundred the tab says so and nothing counts them; the others are as they were."""
    cliente = entrar(elenco.enlace)
    for dicho in (1, "más de 100", "más de 100"):
        una = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
        with transaction.atomic(), como_sistema("prueba"):
            Solicitud.objects.filter(pk=una.pk).update(estado=estado)
        pestanas = {una.texto: una.n for una in cliente.get(LISTA).context["pestanas"]}
        assert pestanas == {"En curso": 0, "Esperan por usted": 0, "Borradores": 0, "Respondidas": 0} | {
            pestana: dicho
        }
    assert '<span class="cuenta-n">más de 100</span>' in cliente.get(LISTA).content.decode()


@pytest.mark.parametrize(
    ("estados", "dichos"),
    [
        ([EstadoSolicitud.RADICADA] * 3 + [EstadoSolicitud.EN_COMPLEMENTO], ("más de 100", 1)),
        ([EstadoSolicitud.EN_COMPLEMENTO] * 3 + [EstadoSolicitud.ASIGNADA], (1, "más de 100")),
    ],
)
@pytest.mark.usefixtures("hasta_dos")
def test_lo_radicado_para_otra_se_cuenta_en_cada_pestana(elenco, entrar, estados, dichos):
    """However many one tab has, those of the other are counted apart: of whoever filed for another entidad too."""
    for estado in estados:
        una = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
        with transaction.atomic(), como_sistema("prueba"):
            Solicitud.objects.filter(pk=una.pk).update(estado=estado, radicada_por=elenco.enlace)
    en_curso, esperan, *_ = entrar(elenco.enlace).get(LISTA).context["pestanas"]
    assert (en_curso.n, esperan.n) == dichos


@pytest.mark.parametrize("busca", ["RETENCION documental", "radicado", "1-2026-555"])
def test_se_busca_por_radicado_siga_y_asunto(elenco, entrar, busca):
    """R22: the SIGA number is searchable."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Tabla de retencion documental")
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto="Otra cosa")
    with transaction.atomic(), como_sistema("prueba"):
        Solicitud.objects.filter(pk=solicitud.pk).update(siga_entrada="1-2026-555")

    busca = solicitud.radicado if busca == "radicado" else busca
    pagina = entrar(elenco.enlace).get(LISTA, {"q": busca}).content.decode()

    assert solicitud.radicado in pagina
    assert "Otra cosa" not in pagina


def test_una_busqueda_sin_resultados_dice_que_hacer(elenco, entrar):
    assert "Quitar la búsqueda" in entrar(elenco.enlace).get(LISTA, {"q": "zzz"}).content.decode()


def test_veintiseis_son_dos_paginas_sin_repetir(elenco, entrar):
    for n in range(27):
        radicada(por=elenco.enlace, temas=[elenco.tema_tablas], asunto=f"Número {n:02}")
    cliente = entrar(elenco.enlace)

    primera = cliente.get(LISTA)
    segunda = cliente.get(LISTA, {"desde": primera.context["pagina"].siguiente})

    vistas = [fila.id for una in (primera, segunda) for fila in una.context["pagina"]]
    assert (len(vistas), len(set(vistas))) == (27, 27)
    assert not segunda.context["pagina"].siguiente and segunda.context["pagina"].anterior


@pytest.mark.parametrize("pagina", ["lista", "borradores"])
def test_las_consultas_no_crecen_con_las_filas(elenco, entrar, pagina):
    """Same number of queries for 1, 3 and 25 rows (architecture §7)."""
    cliente = entrar(elenco.enlace)
    direccion = LISTA if pagina == "lista" else f"{LISTA}?pestana=borradores"
    cuentas = []
    for cuantas in (1, 2, 22):
        for _ in range(cuantas):
            radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
            cliente.post("/solicitudes/nueva/")
        with CaptureQueriesContext(
            connection,
        ) as consultas:
            cliente.get(direccion)
        cuentas.append(len(consultas))

    assert len(set(cuentas)) == 1, cuentas
    assert cuentas[0] <= 25


# --- One solicitud -------------------------------------------------------------------------------------------------
def test_el_detalle_dice_donde_esta_quien_la_tiene_y_que_sigue(elenco, entrar):
    """E6: state, asesor, due date, «Qué sigue» and history, without calling."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])

    pagina = entrar(elenco.enlace).get(url(solicitud)).content.decode()

    assert elenco.asesor_tecnica.nombre in pagina and elenco.asesor_tecnica.correo in pagina
    assert "es la siguiente en su bandeja" in pagina
    assert "Responderemos a más tardar el" in pagina
    assert "¿Por qué vence el" in pagina
    assert "Radicó la solicitud" in pagina


def test_el_turno_se_ve_y_nada_mas_de_los_otros(elenco, entrar):
    """The entity sees its turn, never whose are the others."""
    radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas], asunto="Asunto ajeno")
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    pagina = entrar(elenco.enlace).get(url(solicitud)).content.decode()

    assert "antes hay otra" in pagina
    assert "Asunto ajeno" not in pagina


def test_con_varias_partes_se_ve_quien_atiende_cada_una(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])

    pagina = entrar(elenco.enlace).get(url(solicitud)).content.decode()

    assert "Quién atiende cada parte" in pagina and "(lidera)" in pagina


def test_con_una_parte_no_se_habla_de_partes(elenco, entrar):
    """architecture §8.1: with one part, people never see the word."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    assert "cada parte" not in entrar(elenco.enlace).get(url(solicitud)).content.decode()


def test_las_notas_internas_no_se_ven(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with transaction.atomic(), como_sistema("prueba"):
        Mensaje.objects.create(solicitud=solicitud, clave=uuid4(), tipo="nota", texto="Ojo con esto", interno=True)

    assert "Ojo con esto" not in entrar(elenco.enlace).get(url(solicitud)).content.decode()


def test_los_documentos_de_la_respuesta_los_pone_la_app_de_arriba(elenco, entrar, monkeypatch):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    documento = respuestas.DocumentoRespuesta("Concepto C-2026-0001 (PDF)", "/conceptos/1.pdf")
    monkeypatch.setattr(respuestas, "_proveedores", [lambda solicitud, alcance: [documento]])

    assert 'href="/conceptos/1.pdf"' in entrar(elenco.enlace).get(url(solicitud)).content.decode()


def test_las_consultas_del_detalle_no_crecen(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.enlace)
    cuentas = []
    for cuantos in (1, 2, 22):
        with transaction.atomic(), como_sistema("prueba"):
            for _ in range(cuantos):
                Mensaje.objects.create(solicitud=solicitud, clave=uuid4(), texto="Hola", autor=elenco.colega)
        with CaptureQueriesContext(connection) as consultas:
            cliente.get(url(solicitud))
        cuentas.append(len(consultas))

    assert len(set(cuentas)) == 1, cuentas


PAGINAS = ["", "radicada/", "constancia.pdf", "mensaje/", "retirar/"]


@pytest.mark.parametrize("pagina", PAGINAS)
def test_una_ajena_no_existe(elenco, entrar, pagina):
    """E7, T01: every address of another's solicitud is 404, as one that was never filed."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    otra = entrar(elenco.otra_enlace)

    assert otra.get(url(solicitud, pagina)).status_code == 404
    assert otra.get(f"/solicitudes/AT-2026-999999/{pagina}").status_code == 404
    if pagina in {"mensaje/", "retirar/"}:
        assert otra.post(url(solicitud, pagina), {"texto": "x", "motivo": "x", "clave": uuid4()}).status_code == 404


def test_el_personal_no_escribe_como_entidad(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    for pagina in ("mensaje/", "retirar/"):
        assert entrar(elenco.asesora).get(url(solicitud, pagina)).status_code == 403


def test_un_enlace_limitado_no_ve_lo_de_otras_direcciones(elenco, entrar):
    """domain.md §2.1: list, page and file of what is not theirs do not exist."""
    FabricaMembresia(
        persona=elenco.ajena, rol=Rol.ENLACE, entidad=elenco.secretaria, solo_direcciones=[elenco.desarrollo.pk]
    )
    de_archivo = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    de_desarrollo = radicada(por=elenco.enlace, temas=[elenco.tema_integridad])
    limitado = entrar(elenco.ajena)

    lista = limitado.get(LISTA).content.decode()

    assert de_desarrollo.radicado in lista and de_archivo.radicado not in lista
    assert limitado.get(url(de_archivo)).status_code == 404
    assert limitado.get(url(de_desarrollo)).status_code == 200
    assert limitado.get(url(de_archivo, "constancia.pdf")).status_code == 404


# --- Reserved ------------------------------------------------------------------------------------------------------
def test_abrir_una_reservada_queda_en_la_bitacora(elenco, entrar):
    """Every opening of a reserved solicitud is recorded; of another, not."""
    reservada = radicada(por=elenco.enlace, temas=[elenco.tema_comision])
    comun = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.enlace)

    cliente.get(url(reservada))
    cliente.get(url(reservada))
    cliente.get(url(comun))

    with transaction.atomic(), como_sistema("prueba"):
        sucesos = list(Suceso.objects.filter(accion="solicitud.abrir_reservada").order_by("pk"))
    assert [(s.actor_id, s.solicitud_id) for s in sucesos] == [(elenco.enlace.pk, reservada.pk)] * 2


def test_una_colega_no_ve_la_reservada(elenco, entrar):
    reservada = radicada(por=elenco.enlace, temas=[elenco.tema_comision])
    colega = entrar(elenco.colega)

    assert reservada.radicado not in colega.get(LISTA).content.decode()
    for pagina in PAGINAS:
        assert colega.get(url(reservada, pagina)).status_code == 404


# --- Conversation --------------------------------------------------------------------------------------------------
def test_enviar_un_mensaje_con_archivo(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.enlace)
    datos = {**ocultos(cliente.get(url(solicitud))), "texto": "Va el acta", "archivos": un_pdf("acta.pdf")}

    pagina = cliente.post(url(solicitud, "mensaje/"), datos, follow=True).content.decode()

    assert "Va el acta" in pagina and "acta.pdf" in pagina
    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.get().mensaje == Mensaje.objects.get()


def test_el_mismo_mensaje_dos_veces_es_uno(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.enlace)
    escondidos = ocultos(cliente.get(url(solicitud)))

    for _ in range(2):
        cliente.post(url(solicitud, "mensaje/"), {**escondidos, "texto": "Hola", "archivos": un_pdf()})

    with transaction.atomic(), como_sistema("prueba"):
        assert (Mensaje.objects.count(), Archivo.objects.count()) == (1, 1)


def test_un_mensaje_sin_sesion_vuelve_con_su_texto(elenco, entrar):
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    cliente = entrar(elenco.enlace)
    escondidos = ocultos(cliente.get(url(solicitud)))
    cliente.logout()
    cliente.post(url(solicitud, "mensaje/"), {**escondidos, "texto": "No me pierdas"})
    cliente.force_login(elenco.enlace, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert "No me pierdas" in cliente.get(url(solicitud, "mensaje/")).content.decode()


def test_responder_lo_que_piden(elenco, entrar):
    """When it is the entity's turn it is said, asked by name, and it goes back by itself (E14)."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    parte = pedir(elenco, solicitud, "Falta el acta del comité.")
    cliente = entrar(elenco.colega)

    detalle = cliente.get(url(solicitud)).content.decode()
    assert "Responder lo que piden" in detalle and "Ana Ruiz necesita información" in detalle
    responder = url(solicitud, f"responder/{parte.pk}/")
    pagina = cliente.get(responder)
    assert "Falta el acta del comité." in pagina.content.decode()
    cliente.post(responder, {**ocultos(pagina), "texto": "Aquí está", "archivos": un_pdf("acta.pdf")})

    assert parte_de(solicitud).estado == EstadoParte.EN_ATENCION
    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.get().parte_id == parte.pk
    assert cliente.get(responder).headers["Location"] == url(solicitud)


def test_responder_una_parte_de_otra_solicitud_es_404(elenco, entrar):
    """T09: a foreign id in the address."""
    ajena = radicada(por=elenco.otra_enlace, temas=[elenco.tema_tablas])
    propia = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])

    respuesta = entrar(elenco.enlace).get(url(propia, f"responder/{parte_de(ajena).pk}/"))

    assert respuesta.status_code == 404


# --- Withdraw ------------------------------------------------------------------------------------------------------
def test_retirar_pide_motivo_y_conserva_todo(elenco, entrar):
    """R19: a reason, a page before, and nothing is deleted; every open part is withdrawn."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas, elenco.tema_integridad])
    cliente = entrar(elenco.enlace)

    assert "¿Retira esta solicitud?" in cliente.get(url(solicitud, "retirar/")).content.decode()
    assert "Escriba por qué" in cliente.post(url(solicitud, "retirar/"), {"motivo": " "}).content.decode()
    cliente.post(url(solicitud, "retirar/"), {"motivo": "Ya lo resolvimos"})

    with transaction.atomic(), como_sistema("prueba"):
        assert Solicitud.objects.get().estado == EstadoSolicitud.RETIRADA
        assert set(Parte.objects.values_list("estado", flat=True)) == {EstadoParte.RETIRADA}
    pagina = cliente.get(url(solicitud)).content.decode()
    assert "Ya lo resolvimos" in pagina and "Retirar la solicitud" not in pagina
    assert f"Retiró la solicitud {solicitud.radicado}" in pagina and "¿Por qué vencía el" in pagina
    assert cliente.get(url(solicitud, "retirar/")).headers["Location"] == url(solicitud)
