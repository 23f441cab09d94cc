"""Saved views of the register: one's own, shared by a head, the one that opens by itself; the columns."""

import re

import pytest

from solicitudes.columnas import COLUMNAS, VISIBLES
from solicitudes.models import Vista
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import hace, sistema

pytestmark = pytest.mark.django_db
NUEVA = "/registro/vistas/nueva/"


def guardar(cliente, consulta, nombre, **datos):
    respuesta = cliente.post(f"{NUEVA}?{consulta}", {"nombre": nombre, **datos})
    assert respuesta.status_code == 302, respuesta.context["form"].errors
    with sistema():
        return Vista.objects.latest("pk")


def pestanas(cliente, url="/registro/?vista="):
    """Names of the saved views on the register."""
    return re.findall(r'href="/registro/\?[^"]*vista=\d+"[^>]*>([^<]+)<', cliente.get(url).content.decode())


def titulos(respuesta):
    return [c.clave for g in respuesta.context["grupos"] for c in (g.columna, *g.debajo)]


def test_una_vista_devuelve_el_registro_como_estaba(elenco, entrar):
    """E12: the address comes back with its filters and columns, and nothing that is not of the register is kept."""
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))
    cliente = entrar(elenco.asesora)

    vista = guardar(cliente, "estado=en_cola&columna=asunto&desde_fila=d:1&hasta=&otra=x&contar=si", "Sin asignar")

    assert vista.consulta == "estado=en_cola&columna=asunto"
    respuesta = cliente.get(vista.get_absolute_url())
    assert respuesta.context["filtros"].valores == {"estado": "en_cola"}
    assert set(titulos(respuesta)) == {"asunto"} | {c.clave for c in COLUMNAS if c.fija}
    assert 'aria-current="page">Sin asignar<' in respuesta.content.decode()


def test_cada_quien_ve_las_suyas_y_las_que_le_comparten(elenco, entrar):
    asesora, jefe = entrar(elenco.asesora), entrar(elenco.subdirector)
    guardar(asesora, "estado=en_cola", "Mía")
    guardar(jefe, "cumplimiento=vencida", "De todos", dependencia=elenco.sistema_archivos.pk)
    guardar(entrar(elenco.subsecretaria), "sector=1", "De la subsecretaría")

    assert pestanas(asesora) == ["De todos", "Mía"]
    assert pestanas(entrar(elenco.otra_asesora)) == ["De todos"]
    assert pestanas(jefe) == ["De todos"]
    assert pestanas(entrar(elenco.asesor_tecnica)) == []
    assert pestanas(entrar(elenco.subsecretaria)) == ["De la subsecretaría"]


def test_solo_quien_dirige_comparte(elenco, entrar):
    """The field is not even offered to an asesor, and a forged one is ignored; a head shares with their own only."""
    vista = guardar(entrar(elenco.asesora), "estado=en_cola", "Mía", dependencia=elenco.sistema_archivos.pk)
    assert vista.dependencia_id is None

    respuesta = entrar(elenco.subdirector).post(
        f"{NUEVA}?estado=en_cola", {"nombre": "Ajena", "dependencia": elenco.tecnica.pk}
    )
    assert respuesta.status_code == 422 and "dependencia" in respuesta.context["form"].errors


def test_lo_compartido_lo_cambia_y_lo_borra_solo_su_duena(elenco, entrar):
    jefe = entrar(elenco.subdirector)
    vista = guardar(jefe, "estado=en_cola", "De todos", dependencia=elenco.sistema_archivos.pk)

    for url in (f"/registro/vistas/{vista.pk}/", f"/registro/vistas/{vista.pk}/borrar/"):
        assert entrar(elenco.asesora).post(url, {"nombre": "Otra"}).status_code == 404
    with actuar(elenco.asesora):  # the third net alone: she sees it, and can neither change it nor take it away
        assert Vista.objects.filter(pk=vista.pk).exists()
        assert Vista.objects.filter(pk=vista.pk).update(nombre="Robada") == 0
        assert Vista.objects.filter(pk=vista.pk).delete()[0] == 0
    jefe.post(f"/registro/vistas/{vista.pk}/", {"nombre": "En espera", "dependencia": ""})
    assert pestanas(jefe) == ["En espera"] and pestanas(entrar(elenco.asesora)) == []
    assert "siguen en el registro" in jefe.get(f"/registro/vistas/{vista.pk}/borrar/").content.decode()
    assert pestanas(jefe) == ["En espera"]
    jefe.post(f"/registro/vistas/{vista.pk}/borrar/")
    assert pestanas(jefe) == []


def test_la_predeterminada_se_abre_sola_y_es_una(elenco, entrar):
    cliente = entrar(elenco.asesora)
    guardar(cliente, "estado=en_cola", "Una", predeterminada="on")
    otra = guardar(cliente, "estado=atendida", "Otra", predeterminada="on")

    assert cliente.get("/registro/").headers["Location"] == otra.get_absolute_url()
    assert cliente.get("/registro/?vista=").status_code == 200
    with sistema():
        assert Vista.objects.filter(predeterminada=True).count() == 1
    assert entrar(elenco.otra_asesora).get("/registro/").status_code == 200


def test_dos_vistas_con_el_mismo_nombre_no(elenco, entrar):
    cliente = entrar(elenco.asesora)
    guardar(cliente, "estado=en_cola", "Una")

    respuesta = cliente.post(f"{NUEVA}?estado=atendida", {"nombre": "Una"})

    assert respuesta.status_code == 422 and "Ya tiene una vista con ese nombre" in respuesta.content.decode()


def test_las_columnas_se_eligen_y_los_minimos_se_quedan(elenco, entrar):
    radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1), asunto="Un asunto que se muestra")
    cliente = entrar(elenco.asesora)

    assert set(titulos(cliente.get("/registro/"))) == {c.clave for c in VISIBLES}
    respuesta = cliente.get("/registro/?columna=asunto&columna=quien_pide&estado=abierta")
    texto = respuesta.content.decode()
    assert "Un asunto que se muestra" in texto and elenco.enlace.nombre in texto
    assert set(titulos(respuesta)) == {"asunto", "quien_pide"} | {c.clave for c in COLUMNAS if c.fija}
    # Each form keeps what the other chose.
    assert texto.count('type="hidden" name="columna" value="asunto"') == 1
    assert texto.count('type="hidden" name="estado" value="abierta"') == 1
    todas = cliente.get("/registro/?" + "&".join(f"columna={c.clave}" for c in COLUMNAS))
    assert len(titulos(todas)) == len(COLUMNAS)
