"""The audit page: who may read it, its filters and its pages."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alcance import Alcance, como_sistema, con_alcance
from bitacora.cambios import CONOCIDOS
from bitacora.models import Suceso
from bitacora.palabras import PALABRAS
from bitacora.services import registrar
from solicitudes.estados import TRANSICIONES
from tests.soporte.elenco import Elenco
from tests.soporte.settings import RAIZ_PROYECTO

pytestmark = pytest.mark.django_db
RUTA = "/auditoria/"


def anotar(elenco: Elenco, accion: str, dependencia: int, **mas) -> None:
    with con_alcance(Alcance(persona_id=elenco.asesora.pk, rol="asesor")):
        registrar(accion=accion, dependencias=[dependencia], **mas)


def test_cada_quien_ve_lo_suyo(elenco: Elenco, entrar) -> None:
    """Auditor and administrator all; a head, their dependencias; nobody else opens it."""
    anotar(elenco, "del.archivo", elenco.sistema_archivos.pk, texto="AT-2026-000001", despues={"estado": "<u>"})
    anotar(elenco, "de.tecnica", elenco.tecnica.pk)
    vistas = {
        "auditora": {"del.archivo", "de.tecnica"},
        "administradora": {"del.archivo", "de.tecnica"},
        "directora": {"del.archivo"},
        "subdirector": {"del.archivo"},
        "director_desarrollo": {"de.tecnica"},
    }
    for parte, esperadas in vistas.items():
        html = entrar(getattr(elenco, parte)).get(RUTA).content.decode()
        assert {a for a in ("del.archivo", "de.tecnica") if a in html} == esperadas, parte
        assert "<u>" not in html
    for parte in ("enlace", "admin_entidad", "asesora", "ventanilla", "subsecretaria", "ajena"):
        assert entrar(getattr(elenco, parte)).get(RUTA).status_code == 403


def test_filtros_y_paginas(elenco: Elenco, entrar) -> None:
    for n in range(60):
        anotar(elenco, f"paso.{n:02}", elenco.tecnica.pk, texto=f"AT-2026-{n:06}", motivo=f"motivo {n}")
    auditora = entrar(elenco.auditora)
    html = auditora.get(RUTA, {"radicado": "AT-2026-000007"}).content.decode()
    assert "motivo 7" in html and "motivo 8" not in html and elenco.asesora.nombre in html
    assert "motivo 7" in auditora.get(RUTA, {"radicado": "at-2026-000007"}).content.decode()
    de_ella = {"quien": elenco.asesora.nombre.split()[0].lower(), "accion": "paso.07"}
    assert "motivo 7" in auditora.get(RUTA, de_ella).content.decode()
    assert "Ningún suceso" in auditora.get(RUTA, {**de_ella, "quien": elenco.auditora.correo}).content.decode()
    assert auditora.get(RUTA, {"accion": "paso.1"}).content.decode().count("motivo 1") == 10
    assert "Ningún suceso" in auditora.get(RUTA, {"hasta": "2020-01-01"}).content.decode()
    assert "comienzo de la acción" in auditora.get(RUTA, {"accion": "a b"}).content.decode()
    with como_sistema("prueba"):
        ultimas = list(Suceso.objects.filter(accion__startswith="paso.").order_by("-id").values_list("pk", flat=True))
    segunda = auditora.get(RUTA, {"accion": "paso.", "antes": str(ultimas[49])}).content.decode()
    assert "motivo 9<" in segunda and "motivo 10<" not in segunda
    assert auditora.get(RUTA, {"antes": "9" * 30}).status_code == 200


def test_consultas_constantes(elenco: Elenco, entrar) -> None:
    """L05: the same number of queries with 1 and with 30 rows."""
    auditora = entrar(elenco.auditora)
    cuentas = []
    for cuantos in (1, 29):
        for n in range(cuantos):
            anotar(elenco, f"x.{n}", elenco.tecnica.pk)
        with CaptureQueriesContext(connection) as consultas:
            auditora.get(RUTA)
        cuentas.append(len(consultas))
    assert cuentas[0] == cuentas[1]


def test_cada_accion_se_dice_en_palabras(elenco: Elenco, entrar) -> None:
    """The code stays, small: it is what is chained and searched by."""
    anotar(elenco, "parte.tomar", elenco.sistema_archivos.pk)
    anotar(elenco, "cosa.que_nadie_nombro", elenco.sistema_archivos.pk)

    texto = entrar(elenco.auditora).get(RUTA).content.decode()

    assert "<span>Tomó la solicitud de la cola</span><small>parte.tomar</small>" in texto
    assert "<span>Cosa: que nadie nombro</span>" in texto


def test_toda_accion_del_codigo_tiene_sus_palabras() -> None:
    """Of the rooms that write every day. Elsewhere the code is shown as it can be read until somebody names it."""
    escritas = set()
    for cuarto in ("archivos", "conceptos", "cuentas", "direcciones", "encuestas", "solicitudes"):
        for ruta in (RAIZ_PROYECTO / cuarto).rglob("*.py"):
            escritas |= set(re.findall(r'accion="([a-z]+\.[a-z_]+)"', ruta.read_text(encoding="utf-8")))
    tablas = {f"parte.{accion}" for accion in TRANSICIONES}
    assert (escritas | tablas) - set(PALABRAS) == set()
    assert len(escritas) > 30


def test_los_cambios_se_leen_sin_numeros_ni_codigos(elenco: Elenco, entrar) -> None:
    """A name for each id, words for each code, a date as dates are written; what stayed as it was is not said."""
    with como_sistema("prueba"):
        membresia = elenco.asesora.membresias.first()
    anotar(
        elenco,
        "membresia.terminar",
        elenco.sistema_archivos.pk,
        objeto=membresia,
        antes={"hasta": None, "rol": "asesor", "persona": elenco.asesora.pk},
        despues={"hasta": "2026-03-09", "rol": "asesor", "persona": elenco.enlace.pk},
    )
    anotar(
        elenco,
        "sector.asignar",
        elenco.sistema_archivos.pk,
        antes={"asesor": elenco.asesora.pk, "activa": True},
        despues={"asesor": elenco.otra_asesora.pk, "activa": False, "dependencias": [elenco.tecnica.pk]},
    )

    texto = re.sub(r"<time[^>]*>|</time>", "", entrar(elenco.auditora).get(RUTA).content.decode())

    assert f"→ {elenco.enlace.nombre}</small>" in texto
    assert "Vigente hasta: — → 9 mar" in texto and "2026-03-09" not in texto
    assert "Rol: " not in texto
    assert f"<small>Membresía n.º {membresia.pk}</small>" in texto and "direcciones.membresia" not in texto
    assert f"Asesor: {elenco.asesora.nombre} → {elenco.otra_asesora.nombre}" in texto
    assert "Activa: sí → no" in texto
    assert f"Dependencias: — → {elenco.tecnica.nombre}" in texto


def test_lo_que_ya_no_existe_se_dice_por_su_numero(elenco: Elenco, entrar) -> None:
    anotar(elenco, "sector.asignar", elenco.sistema_archivos.pk, despues={"asesor": 987654, "cuando": "2026-13-45"})

    texto = entrar(elenco.auditora).get(RUTA).content.decode()

    assert "Asesor: — → n.º 987654" in texto and "Cuando: — → 2026-13-45" in texto


def test_cada_tabla_que_se_nombra_existe_y_tiene_nombre() -> None:
    assert all(apps.get_model(tabla)._meta.get_field("nombre") for tabla in CONOCIDOS.values())
