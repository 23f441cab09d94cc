"""The pages: editor, review, signature, delivery. Without JavaScript, as a browser posts."""

import io
import random
import re
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alcance import como_sistema
from avisos.models import Aviso
from conceptos import services
from conceptos.models import Concepto, Version
from conceptos.services import Choque
from conceptos.services.comun import ultima_version, version_congelada
from cuentas import segundo_factor
from direcciones.models import Encargo
from plazos.reloj import hoy
from tests.conceptos.conftest import completo
from tests.fabricas import actuar

pytestmark = pytest.mark.django_db
SECRETO = "JBSWY3DPEHPK3PXP"


def _campos(visto: int, **cambios: str) -> dict[str, Any]:
    """What the editor's form posts."""
    dice = completo()
    respuestas = {f"respuesta_{n}": texto for n, texto in enumerate(dice.pop("respuestas"), start=1)}
    return {**dice, **respuestas, "normas": "Ley 594 de 2000", "version": visto, **cambios}


def _url(nombre: str, concepto: Any, *mas: Any) -> str:
    return reverse(f"conceptos:{nombre}", args=[concepto.pk, *mas])


@pytest.fixture
def asesora(mesa, entrar):
    return entrar(mesa.elenco.asesora)


# --- Writing -----------------------------------------------------------------------------------------------------
def test_se_empieza_desde_la_solicitud(mesa, asesora) -> None:
    parte = mesa.parte()
    url = reverse("conceptos:nuevo", args=[parte.pk])
    assert "Redactar concepto" in asesora.get(url).content.decode()
    respuesta = asesora.post(url, follow=True)
    pagina = respuesta.content.decode()
    assert respuesta.redirect_chain[0][0].endswith("/editar/")
    assert "Pregunta 1. ¿Se requiere TVD?" in pagina
    assert "Análisis técnico" in pagina


def test_el_editor_guarda_lo_escrito_y_lo_que_falta_no_estorba(mesa, asesora) -> None:
    concepto = mesa.empezado()
    datos = _campos(1, analisis="", conclusiones="")
    respuesta = asesora.post(_url("editar", concepto), datos, follow=True)
    assert "Borrador guardado a las" in respuesta.content.decode()
    with actuar(mesa.elenco.asesora):
        contenido = ultima_version(concepto).contenido
    assert contenido["respuestas"][0] == {"pregunta": "¿Se requiere TVD?", "respuesta": "Sí, se requiere."}
    assert (contenido["analisis"], contenido["normas"]) == ("", ["Ley 594 de 2000"])


def test_el_autoguardado_responde_la_version_y_la_hora(mesa, asesora) -> None:
    concepto = mesa.empezado()
    url, json = _url("editar", concepto), {"Accept": "application/json"}
    primera = asesora.post(url, _campos(1), headers=json)
    igual = asesora.post(url, _campos(2), headers=json)
    assert (primera.status_code, primera.json()["version"]) == (200, 2)
    assert igual.json()["version"] == 2
    assert "m." in primera.json()["hora"]


def test_quien_guarda_tarde_recibe_los_dos_textos(mesa, asesora) -> None:
    """C04: 409 with both, in JSON for the autosave and as a page for the button."""
    concepto = mesa.empezado()
    url = _url("editar", concepto)
    asesora.post(url, _campos(1, analisis="Lo que guardó la otra ventana."))
    json = asesora.post(url, _campos(1, analisis="Lo mío."), headers={"Accept": "application/json"})
    pagina = asesora.post(url, _campos(1, analisis="Lo mío."))
    texto = pagina.content.decode()
    assert (json.status_code, json.json()["campos"]["analisis"]) == (409, "Lo que guardó la otra ventana.")
    assert json.json()["version"] == 2
    assert pagina.status_code == 409
    assert "Lo mío." in texto
    assert "<del>" in texto
    guardado = asesora.post(url, _campos(2, analisis="Lo mío."), follow=True)
    assert "Borrador guardado" in guardado.content.decode()


def test_el_autoguardado_no_choca_con_su_propio_boton(mesa, asesora) -> None:
    """Leaving the last field saves at once and the button sends the same text right after, with the version it had."""
    concepto = mesa.empezado()
    url, campos = _url("editar", concepto), _campos(1, analisis="Lo mismo.")
    asesora.post(url, campos, headers={"accept": "application/json"})
    assert asesora.post(url, {**campos, "enviar": "1"}).headers["Location"] == _url("enviar", concepto)


def test_solo_dice_opcional_lo_que_se_puede_enviar_vacio(mesa, asesora) -> None:
    pagina = asesora.get(_url("editar", mesa.empezado())).content.decode()
    opcionales = re.findall(r'<label[^>]*>([^<]*) <span class="opcional">', pagina)
    assert opcionales == ["Recomendaciones", "Normas citadas"]


def _guardar_a_ciegas(mesa, veces: int) -> None:
    """Two editors with stale versions at random: what is stored is always the last accepted text, never less."""
    concepto, azar = mesa.empezado(), random.Random(4)
    vistas, aceptado = [1, 1], ""
    with actuar(mesa.elenco.asesora), transaction.atomic():
        for turno in range(veces):
            quien = azar.randrange(2)
            texto = f"texto {turno} de {quien}"
            try:
                guardada = services.guardar(concepto=concepto, visto=vistas[quien], escrito={"analisis": texto})
                vistas[quien], aceptado = guardada.guardado, texto
            except Choque as choque:
                assert choque.version.contenido["analisis"] == aceptado
                vistas[quien] = choque.version.guardado
            assert ultima_version(concepto).contenido["analisis"] == aceptado


def test_nada_se_pierde_en_cien_guardados_a_ciegas(mesa) -> None:
    """C04."""
    _guardar_a_ciegas(mesa, 100)


@pytest.mark.larga
def test_nada_se_pierde_en_quinientos_guardados_a_ciegas(mesa) -> None:
    """C04."""
    _guardar_a_ciegas(mesa, 500)


def test_enviar_dice_lo_que_falta(mesa, asesora) -> None:
    concepto = mesa.empezado()
    pagina = asesora.get(_url("enviar", concepto)).content.decode()
    assert "Escriba la sección «Análisis técnico»." in pagina
    assert "Responda la pregunta 2." in pagina
    mesa.escribir(concepto)
    assert "el texto queda fijo" in asesora.get(_url("enviar", concepto)).content.decode()
    enviado = asesora.post(_url("enviar", concepto), follow=True).content.decode()
    assert "pasó a revisión" in enviado
    assert "Retomar el borrador" in enviado


def test_la_vista_previa_es_un_borrador(mesa, asesora) -> None:
    concepto = mesa.empezado()
    respuesta = asesora.get(_url("vista_previa", concepto))
    assert respuesta["Content-Type"] == "application/pdf"
    assert b"".join(respuesta.streaming_content).startswith(b"%PDF")


def test_ya_en_revision_no_se_edita(mesa, asesora) -> None:
    concepto = mesa.en_revision()
    assert asesora.get(_url("editar", concepto)).status_code == 302
    asesora.post(_url("editar", concepto), _campos(2, analisis="Colado"))
    assert asesora.post(_url("retomar", concepto), follow=True).status_code == 200
    with actuar(mesa.elenco.asesora):
        assert ultima_version(concepto).contenido["analisis"] != "Colado"


# --- Review ------------------------------------------------------------------------------------------------------
def test_revisar_devolver_corregir_y_aprobar(mesa, asesora, entrar) -> None:
    """R58: the questions are the reviewer's checklist; a stale digest approves nothing."""
    concepto = mesa.en_revision()
    revisora = entrar(mesa.elenco.revisora)
    assert concepto.numero in revisora.get(reverse("conceptos:por_revisar")).content.decode()
    with actuar(mesa.elenco.revisora):
        sha256 = version_congelada(concepto).sha256
    pagina = revisora.get(_url("revisar", concepto)).content.decode()
    assert "¿Responde la pregunta 2?" in pagina
    assert sha256 in pagina
    sin_motivo = revisora.post(_url("revisar", concepto), {"sha256": sha256, "decision": "devolver"})
    assert "Escriba qué debe cambiar." in sin_motivo.content.decode()
    datos = {
        "sha256": sha256,
        "decision": "devolver",
        "motivo": "Cite el acta.",
        "observacion_analisis": "Falta el acta.",
    }
    assert "Devolvió el concepto" in revisora.post(_url("revisar", concepto), datos, follow=True).content.decode()
    editor = asesora.get(_url("editar", concepto)).content.decode()
    assert "Cite el acta." in editor
    assert "Falta el acta." in editor
    mesa.escribir(concepto, analisis="La norma y el acta fijan un tiempo mínimo de retención.")
    asesora.post(_url("enviar", concepto))
    comparado = revisora.get(_url("comparar", concepto)).content.decode()
    assert '<ins><span class="oculto">Entra: </span>' in comparado
    escrito = {"sha256": sha256, "decision": "aprobar", "observacion_analisis": "Ya cita el acta."}
    viejo = revisora.post(_url("revisar", concepto), escrito)
    assert viejo.status_code == 409
    assert "El texto cambió desde que usted lo abrió" in viejo.content.decode()
    assert "Ya cita el acta." in viejo.content.decode()
    with actuar(mesa.elenco.revisora):
        nuevo = version_congelada(concepto).sha256
    assert f'name="sha256" value="{nuevo}"' in viejo.content.decode()
    aprobado = revisora.post(_url("revisar", concepto), {"sha256": nuevo, "decision": "aprobar"}, follow=True)
    assert "espera la firma" in aprobado.content.decode()


def test_quien_escribe_no_abre_la_revision(mesa, entrar) -> None:
    """G09."""
    concepto = mesa.empezado()
    mesa.escribir(concepto, quien=mesa.elenco.subdirector)
    with actuar(mesa.elenco.asesora), transaction.atomic():
        services.enviar(concepto=concepto)
    respuesta = entrar(mesa.elenco.subdirector).get(_url("revisar", concepto), follow=True)
    assert "Quien escribió el concepto no puede revisarlo" in respuesta.content.decode()


# --- Signature ---------------------------------------------------------------------------------------------------
def _codigo(persona: Any) -> str:
    return segundo_factor.codigo_libre(persona)[0]


@pytest.fixture
def directora(mesa, entrar):
    segundo_factor.inscribir_totp(mesa.elenco.directora, SECRETO)
    return entrar(mesa.elenco.directora)


def test_firmar_con_segundo_factor(mesa, directora) -> None:
    """R57, G02: the digest shown is the one signed; a wrong code signs nothing."""
    concepto = mesa.para_firma()
    with actuar(mesa.elenco.directora):
        sha256 = version_congelada(concepto).sha256
    pagina = directora.get(_url("firmar", concepto)).content.decode()
    assert sha256 in pagina
    assert "sin cambios desde que la revisó Clara Niño" in pagina
    datos = {"sha256": sha256, "audiencia": "publico", "codigo": "000000"}
    assert "El código no es correcto" in directora.post(_url("firmar", concepto), datos).content.decode()
    reservado = {**datos, "audiencia": "reservado", "codigo": _codigo(mesa.elenco.directora)}
    assert "Escriba por qué no se publica." in directora.post(_url("firmar", concepto), reservado).content.decode()
    datos["codigo"] = _codigo(mesa.elenco.directora)
    firmado = directora.post(_url("firmar", concepto), datos, follow=True).content.decode()
    assert f"Firmó el concepto {concepto.numero}" in firmado
    assert "Preparamos el PDF firmado" in firmado
    assert mesa.fresco(concepto).estado == "firmado"


def test_firmar_un_texto_que_cambio_no_firma_ni_gasta_el_codigo(mesa, directora) -> None:
    """E16: the page comes back with the text of now and its digest; the same code then signs it."""
    concepto = mesa.para_firma()
    with actuar(mesa.elenco.directora):
        visto = version_congelada(concepto).sha256
    mesa.devolver(concepto)
    mesa.escribir(concepto, analisis="El análisis de ahora.")
    with actuar(mesa.elenco.asesora), transaction.atomic():
        services.enviar(concepto=concepto)
    mesa.aprobar(concepto)
    datos = {"sha256": visto, "audiencia": "entidades", "codigo": _codigo(mesa.elenco.directora)}
    negada = directora.post(_url("firmar", concepto), datos)
    pagina = negada.content.decode()
    assert negada.status_code == 409
    assert "El texto cambió desde que usted lo abrió" in pagina
    assert "El análisis de ahora." in pagina
    assert mesa.fresco(concepto).estado == "para_firma"
    with actuar(mesa.elenco.directora):
        ahora_es = version_congelada(concepto).sha256
    assert f'name="sha256" value="{ahora_es}"' in pagina
    firmado = directora.post(_url("firmar", concepto), {**datos, "sha256": ahora_es}, follow=True).content.decode()
    assert f"Firmó el concepto {concepto.numero}" in firmado


def test_devolver_un_texto_que_cambio_conserva_el_motivo(mesa, directora) -> None:
    concepto = mesa.para_firma()
    negada = directora.post(_url("devolver", concepto), {"sha256": "0" * 64, "motivo": "Falta el acta del comité."})
    assert negada.status_code == 409
    assert "Falta el acta del comité." in negada.content.decode()
    assert mesa.fresco(concepto).estado == "para_firma"


def test_las_listas_dicen_desde_cuando_se_espera(mesa, directora, entrar) -> None:
    """E15: what waits for somebody shows for how long, and its term in words."""
    for lista, hacer, quien in (
        ("por_revisar", mesa.en_revision, entrar(mesa.elenco.revisora)),
        ("por_firmar", mesa.para_firma, directora),
    ):
        hacer()
        pagina = quien.get(reverse(f"conceptos:{lista}")).content.decode()
        assert "Espera desde" in pagina
        assert "hoy · " in pagina
        assert "Vence en" in pagina


def test_quien_firma_por_encargo_encuentra_lo_que_espera(mesa, asesora, entrar) -> None:
    """R57: an asesor with an encargo has no «Por firmar» in the menu; the page of conceptos leads there."""
    e = mesa.elenco
    with transaction.atomic():
        Encargo.objects.create(
            dependencia=e.archivo, persona=e.otra_asesora, cargo="Directora", acto="Resolución 12 de 2026",
            desde=hoy(), hasta=hoy() + timedelta(days=3),
        )  # fmt: skip
    concepto, encargada = mesa.para_firma(), entrar(e.otra_asesora)
    lista = reverse("conceptos:por_firmar")
    assert lista in encargada.get(reverse("conceptos:mios")).content.decode()
    assert concepto.numero in encargada.get(lista).content.decode()
    assert lista not in asesora.get(reverse("conceptos:mios")).content.decode()


def test_un_codigo_sirve_una_vez(mesa, directora) -> None:
    """security.md N09."""
    primero, segundo = mesa.para_firma(), mesa.para_firma()
    codigo = _codigo(mesa.elenco.directora)
    for concepto in (primero, segundo):
        with actuar(mesa.elenco.directora):
            sha256 = version_congelada(concepto).sha256
        directora.post(_url("firmar", concepto), {"sha256": sha256, "audiencia": "publico", "codigo": codigo})
    assert [mesa.fresco(c).estado for c in (primero, segundo)] == ["firmado", "para_firma"]


def test_sin_segundo_factor_no_hay_pagina_de_firma(mesa, entrar) -> None:
    concepto = mesa.para_firma()
    pagina = entrar(mesa.elenco.subdirector).get(_url("firmar", concepto), follow=True).content.decode()
    assert "Firmar y enviar" not in pagina


def test_la_asesora_no_llega_a_la_firma(mesa, asesora) -> None:
    concepto = mesa.para_firma()
    pagina = asesora.get(_url("firmar", concepto), follow=True).content.decode()
    assert "Solo firma quien dirige la dependencia" in pagina


def test_por_firmar_devuelve_con_observaciones(mesa, directora) -> None:
    concepto = mesa.para_firma()
    assert concepto.numero in directora.get(reverse("conceptos:por_firmar")).content.decode()
    with actuar(mesa.elenco.directora):
        sha256 = version_congelada(concepto).sha256
    datos = {"sha256": sha256, "motivo": "Falta la fecha."}
    assert "Devolvió el concepto" in directora.post(_url("devolver", concepto), datos, follow=True).content.decode()
    assert mesa.fresco(concepto).estado == "devuelto"


@pytest.mark.parametrize("lista", ["por_revisar", "por_firmar", "mios"])
def test_las_listas_cuestan_lo_mismo_con_una_fila_o_tres(mesa, asesora, directora, entrar, lista) -> None:
    """Architecture §7."""
    cliente = {"por_revisar": entrar(mesa.elenco.revisora), "por_firmar": directora, "mios": asesora}[lista]
    hacer = mesa.para_firma if lista == "por_firmar" else mesa.en_revision
    cuentas = []
    for cuantas in (1, 2):
        for _ in range(cuantas):
            hacer()
        cliente.get(reverse(f"conceptos:{lista}"))  # marks the activity of the session, if making them took long
        with CaptureQueriesContext(connection) as consultas:
            assert cliente.get(reverse(f"conceptos:{lista}")).status_code == 200
        cuentas.append(len(consultas))
    assert cuentas[0] == cuentas[1]


# --- Delivery ----------------------------------------------------------------------------------------------------
def test_la_entidad_no_ve_nada_hasta_que_se_envia(mesa, entrar) -> None:
    concepto = mesa.para_firma()
    enlace, ajena = entrar(mesa.elenco.enlace), entrar(mesa.elenco.otra_enlace)
    for nombre in ("detalle", "pdf"):
        assert enlace.get(_url(nombre, concepto)).status_code == 404
    services.sellar(firma_id=mesa.firmar(concepto, audiencia="reservado", motivo_audiencia="Datos personales").pk)
    concepto = mesa.fresco(concepto)
    pagina = enlace.get(_url("detalle", concepto)).content.decode()
    pdf = enlace.get(_url("pdf", concepto))
    assert "Descargar el PDF firmado" in pagina
    assert "Clara Niño" not in pagina  # the review is deliberation
    assert pdf["Content-Disposition"] == f'attachment; filename="{concepto.numero}.pdf"'
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    for nombre in ("detalle", "pdf"):
        assert ajena.get(_url(nombre, concepto)).status_code == 404


def test_siga_sustituir_y_anular(mesa, asesora, directora) -> None:
    viejo, nuevo = mesa.entregado(), mesa.entregado()
    guardado = asesora.post(_url("siga", viejo), {"numero": "2-2026-13091"}, follow=True)
    assert "2-2026-13091" in guardado.content.decode()
    ninguno = directora.post(_url("sustituir", viejo), {"por": "C-2026-999999", "motivo": "Cambió la norma."})
    assert "No encontramos un concepto" in ninguno.content.decode()
    datos = {"por": nuevo.numero.lower(), "motivo": "Cambió la norma."}
    assert (
        f"sustituido por el {nuevo.numero}"
        in directora.post(_url("sustituir", viejo), datos, follow=True).content.decode()
    )
    assert "No se puede deshacer" in directora.get(_url("anular", nuevo)).content.decode()
    anulado = directora.post(_url("anular", nuevo), {"motivo": "Norma derogada."}, follow=True)
    assert "Norma derogada." in anulado.content.decode()
    assert asesora.get(_url("anular", nuevo)).status_code == 403


def test_abrir_uno_reservado_queda_registrado(mesa, asesora) -> None:
    from bitacora.models import Suceso  # noqa: PLC0415

    concepto = mesa.empezado(reservada=True)
    asesora.get(_url("detalle", concepto))
    with transaction.atomic(), como_sistema("prueba"):
        assert Suceso.objects.filter(accion="concepto.abrir", objeto_id=str(concepto.pk)).exists()


def test_bajar_una_version_de_uno_reservado_queda_registrado(mesa, asesora) -> None:
    from bitacora.models import Suceso  # noqa: PLC0415

    for reservada in (True, False):
        concepto = mesa.en_revision(reservada=reservada)
        with transaction.atomic(), como_sistema("prueba"):
            numero = Version.objects.get(concepto=concepto).numero
        assert asesora.get(_url("version_pdf", concepto, numero)).status_code == 200
        with transaction.atomic(), como_sistema("prueba"):
            bajadas = Suceso.objects.filter(accion="concepto.descargar", objeto_id=str(concepto.pk))
            assert [bajada.despues for bajada in bajadas] == ([f'{{"version":{numero}}}'] if reservada else [])


def test_la_version_congelada_se_descarga_tal_cual(mesa, entrar) -> None:
    concepto = mesa.en_revision()
    with transaction.atomic(), como_sistema("prueba"):
        version = Version.objects.get(concepto=concepto)
    respuesta = entrar(mesa.elenco.revisora).get(_url("version_pdf", concepto, version.numero))
    with default_storage.open(version.ruta) as archivo:
        assert b"".join(respuesta.streaming_content) == archivo.read()


# --- Bank and verification ---------------------------------------------------------------------------------------
@pytest.fixture
def visitante(client):
    client.defaults["wsgi.url_scheme"] = "https"
    return client


def _banco(cliente: Any, **filtros: Any) -> str:
    return cliente.get(reverse("conceptos:banco"), filtros).content.decode()


def test_el_banco_se_encuentra_con_tildes_o_sin_ellas(mesa, visitante) -> None:
    """R95."""
    concepto = mesa.entregado()
    for busqueda in ("historias clínicas", "historia clinica", "ELIMINACION", "Ley 594", "retención"):
        assert concepto.numero in _banco(visitante, q=busqueda), busqueda
    assert concepto.numero not in _banco(visitante, q="pavimentos")


def test_cada_audiencia_encuentra_lo_suyo(mesa, visitante, entrar) -> None:
    """R95: public, members of the SDA, entidades, nobody."""
    e = mesa.elenco
    with transaction.atomic():
        e.instituto.integra_sda = False
        e.instituto.save()
    por_audiencia = {
        cual: mesa.entregado(audiencia=cual, motivo_audiencia="x" if cual == "reservado" else "").numero
        for cual in ("publico", "sda", "entidades", "reservado")
    }

    def ve(cliente: Any) -> set[str]:
        lista = _banco(cliente)
        en_lista = {cual for cual, numero in por_audiencia.items() if numero in lista}
        abre = {
            cual
            for cual, numero in por_audiencia.items()
            if cliente.get(reverse("conceptos:publicado", args=[numero])).status_code == 200
        }
        assert en_lista == abre
        return abre

    assert ve(visitante) == {"publico"}
    assert ve(entrar(e.enlace)) == {"publico", "sda", "entidades"}
    assert ve(entrar(e.otra_enlace)) == {"publico", "entidades"}
    assert ve(entrar(e.asesor_tecnica)) == {"publico", "sda", "entidades"}
    assert ve(entrar(e.ajena)) == {"publico"}


def test_el_banco_filtra_y_pagina(mesa, visitante, monkeypatch) -> None:
    monkeypatch.setattr(sys.modules["conceptos.views.banco"], "POR_PAGINA", 1)
    uno, otro = mesa.entregado(), mesa.entregado()
    primera, segunda = _banco(visitante), _banco(visitante, desde="1")
    assert (otro.numero in primera, uno.numero in primera) == (True, False)
    assert (otro.numero in segunda, uno.numero in segunda) == (False, True)
    anio = otro.notificado_en.year
    assert otro.numero in _banco(visitante, anio=anio, tema=mesa.elenco.tema_tablas.pk, vigente="on")
    assert "Todavía no hay conceptos" not in _banco(visitante, dependencia=mesa.elenco.sistema_archivos.pk)


def test_el_banco_ofrece_solo_lo_que_tiene(mesa, visitante) -> None:
    """Temas, dependencias and years with something for whoever asks; also the years between the first and the last."""
    publico, mas_viejo, reservado = mesa.entregado(), mesa.entregado(), mesa.entregado(audiencia="entidades")
    anio = publico.notificado_en.year
    with transaction.atomic(), como_sistema("prueba"):
        for concepto, antes in ((mas_viejo, 3), (reservado, 2)):
            Concepto.objects.filter(pk=concepto.pk).update(
                notificado_en=concepto.notificado_en.replace(year=anio - antes, day=1)
            )
    pagina = _banco(visitante)
    assert [f'value="{anio - k}"' in pagina for k in range(5)] == [True, False, False, True, False]
    lugares = (mesa.elenco.tema_tablas, mesa.elenco.sistema_archivos, mesa.elenco.tecnica)
    assert [f'value="{uno.pk}">{uno.nombre}</option>' in pagina for uno in lugares] == [True, True, False]
    assert mas_viejo.numero not in _banco(visitante, anio=anio)
    with transaction.atomic(), como_sistema("prueba"):
        Concepto.objects.filter(pk=reservado.pk).update(audiencia="publico")
    assert f'value="{anio - 2}"' in _banco(visitante)


def test_el_banco_dice_cuantos_hay(mesa, visitante, monkeypatch) -> None:
    """Exactly with words, or when asked to; without them, up to where nobody reads on."""
    modulo = sys.modules["conceptos.services.banco"]
    monkeypatch.setattr(modulo, "SE_CUENTAN", 1)
    monkeypatch.setattr(modulo._CONTADOS, "_armadas", {})
    monkeypatch.setattr(sys.modules["conceptos.views.banco"], "POR_PAGINA", 1)
    mesa.entregado(), mesa.entregado(), mesa.entregado()
    assert "Más de 1 resultado" in _banco(visitante)
    assert "Más de 1 resultado" in _banco(visitante, desde="2")
    assert "3 resultados" in _banco(visitante, contar="si")
    assert "3 resultados, los más útiles primero" in _banco(visitante, q="retención")


def test_un_concepto_publicado_se_lee_entero_y_se_baja(mesa, visitante) -> None:
    concepto = mesa.entregado()
    pagina = visitante.get(reverse("conceptos:publicado", args=[concepto.numero])).content.decode()
    pdf = visitante.get(reverse("conceptos:publicado_pdf", args=[concepto.numero]))
    assert "La norma fija un tiempo mínimo" in pagina
    assert "Laura Pérez" not in pagina  # no personal data on the page (interface.md W7)
    assert b"".join(pdf.streaming_content).startswith(b"%PDF")


def test_la_verificacion_responde_tres_cosas(mesa, visitante) -> None:
    """G05, G07: authentic, does not match, annulled; nothing uploaded is kept."""
    concepto = mesa.entregado()
    with default_storage.open(concepto.ruta_firmada) as archivo:
        firmado = archivo.read()
    antes = _archivos_guardados()
    url = reverse("conceptos:verificar_codigo", args=[concepto.codigo])
    por_codigo = visitante.get(url)
    assert "Auténtico" in por_codigo.content.decode()
    assert concepto.asunto in por_codigo.content.decode()
    assert "Auténtico" in visitante.post(url, {"archivo": _subida(firmado)}).content.decode()
    assert "No coincide" in visitante.post(url, {"archivo": _subida(firmado + b" ")}).content.decode()
    general = reverse("conceptos:verificar")
    assert "Auténtico" in visitante.post(general, {"archivo": _subida(firmado)}).content.decode()
    assert "No coincide" in visitante.post(general, {"archivo": _subida(b"%PDF otro")}).content.decode()
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.anular(concepto=concepto, motivo="Norma derogada.")
    assert "Anulado" in visitante.get(url).content.decode()
    assert "Anulado" in visitante.post(url, {"archivo": _subida(firmado)}).content.decode()
    assert _archivos_guardados() == antes


def _subida(contenido: bytes) -> io.BytesIO:
    archivo = io.BytesIO(contenido)
    archivo.name = "concepto.pdf"
    return archivo


def _archivos_guardados() -> list[str]:
    def recorrer(carpeta: str) -> list[str]:
        carpetas, archivos = default_storage.listdir(carpeta)
        hijas = [ruta for hija in carpetas for ruta in recorrer(f"{carpeta}/{hija}")]
        return [f"{carpeta}/{archivo}" for archivo in archivos] + hijas

    return sorted(recorrer("."))


def test_el_codigo_se_puede_escribir_como_sea(mesa, visitante) -> None:
    concepto = mesa.entregado(audiencia="reservado", motivo_audiencia="Datos personales")
    escrito = concepto.codigo.lower().replace("0", "o").replace("1", "l")
    respuesta = visitante.post(reverse("conceptos:verificar"), {"codigo": f" {escrito} "}, follow=True)
    pagina = respuesta.content.decode()
    assert "Auténtico" in pagina
    assert concepto.asunto not in pagina  # reserved: not even its subject
    assert "Reservado" in pagina
    assert "son 16 letras" in visitante.post(reverse("conceptos:verificar"), {"codigo": "XX"}).content.decode()
    assert "Revise un dato" not in visitante.get(reverse("conceptos:verificar")).content.decode()
    vacio = visitante.post(reverse("conceptos:verificar"), {})
    assert "Escriba el código o elija el archivo" in vacio.content.decode()
    desconocido = visitante.get(reverse("conceptos:verificar_codigo", args=["0000-0000-0000-0000"]))
    assert desconocido.status_code == 404
    assert "No coincide" in desconocido.content.decode()
    assert "?codigo=0000-0000-0000-0000" in desconocido.content.decode()  # it comes back written, to be corrected
    corrige = visitante.get(reverse("conceptos:verificar"), {"codigo": "0000-0000-0000-0000"})
    assert 'value="0000-0000-0000-0000"' in corrige.content.decode()


def test_abrir_el_concepto_da_por_leido_lo_que_llevaba_a_el(mesa, entrar) -> None:
    """As opening a solicitud does; what else is told of it, and of another concepto, is still to be read."""
    e, concepto = mesa.elenco, mesa.para_firma()
    with como_sistema("prueba"):
        for clave, ruta in {
            "suyo": reverse("conceptos:firmar", args=[concepto.pk]),
            "del caso": reverse("atencion:caso", args=[concepto.solicitud.radicado]),
            "otro": f"{reverse('conceptos:detalle', args=[concepto.pk])[:-1]}0/",
        }.items():
            Aviso.objects.create(
                persona=e.subdirector, clave=clave, titulo=clave, texto=clave, ruta=ruta,
                solicitud_id=concepto.solicitud_id,
            )  # fmt: skip
    assert entrar(e.subdirector).get(reverse("conceptos:detalle", args=[concepto.pk])).status_code == 200
    with como_sistema("prueba"):
        sin_leer = Aviso.objects.filter(persona=e.subdirector, leido_en=None, clave__in=["suyo", "del caso", "otro"])
        assert set(sin_leer.values_list("clave", flat=True)) == {"del caso", "otro"}
