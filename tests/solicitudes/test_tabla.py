"""The one table: every row × every role × every state, the document it writes, and what each row really does."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import transaction

from alcance import Alcance
from bandeja.models import Entrega
from bitacora.models import Suceso
from direcciones.roles import DE_DEPENDENCIA, DE_ENTIDAD, JEFES, Rol
from plazos.reloj import ahora, hoy
from solicitudes.documentacion import documento
from solicitudes.estados import ABIERTOS, ACCIONES, EN_TRABAJO, TRANSICIONES, EstadoParte
from solicitudes.models import Actuacion, Movimiento, Parte
from solicitudes.services import NoSePuede
from solicitudes.services.acciones import ejecutar
from solicitudes.services.asignacion import recibir_asignada
from solicitudes.services.transiciones import acciones_posibles, mover, no_es_momento, por_que_no
from solicitudes.services.trayectoria import Trayectoria, traer
from tests.fabricas import actuar, radicada
from tests.solicitudes.apoyos import habil, hace, parte_de, parte_de_pk, sistema

AQUI, OTRA = 10, 20  # dependencias
MIA, AJENA = 1, 2  # personas
ENTIDAD = 5
# The approved table, written apart from the one in estados.py: who may do what from where.
APROBADA: dict[str, tuple[set[str], set[str]]] = {
    "asignar": ({"subdirector", "director"}, {"en_cola"}),
    "tomar": ({"asesor", "subdirector", "director"}, {"en_cola"}),
    "empezar": ({"asesor", "subdirector", "director"}, {"asignada"}),
    "liberar": ({"asesor", "subdirector", "director"}, {"asignada", "en_atencion"}),
    "reasignar": ({"subdirector", "director"}, {"asignada", "en_atencion"}),
    "reasignar_en_espera": ({"subdirector", "director"}, {"en_complemento"}),
    "pedir_complemento": ({"asesor", "subdirector", "director"}, {"en_atencion"}),
    "complementar": ({"enlace", "admin_entidad", "ventanilla"}, {"en_complemento"}),
    "retomar": ({"asesor", "subdirector", "director"}, {"en_complemento"}),
    "trasladar": ({"asesor", "subdirector", "director", "ventanilla"}, {"en_cola", "asignada", "en_atencion"}),
    "trasladar_fuera": ({"subdirector", "director"}, {"en_cola", "asignada", "en_atencion"}),
    "marcar_duplicada": ({"asesor", "subdirector", "director", "ventanilla"}, {"en_cola", "asignada", "en_atencion"}),
    "declarar_no_competencia": ({"subdirector", "director"}, {"en_cola", "asignada", "en_atencion"}),
    "atender": ({"asesor", "subdirector", "director"}, {"en_atencion"}),
    "retirar": ({"enlace", "admin_entidad"}, {"en_cola", "asignada", "en_atencion", "en_complemento"}),
    "reabrir": ({"subdirector", "director"}, {"atendida"}),
    # Of nobody: the import of what existed before the portal.
    "recibir_asignada": (set(), {"en_cola"}),
    "recibir_en_atencion": (set(), {"en_cola"}),
    "recibir_en_espera": (set(), {"en_atencion"}),
}


def alcance(rol: str, *, dependencia: int = AQUI, entidad: int = ENTIDAD, persona: int = MIA) -> Alcance:
    return Alcance(
        persona_id=persona,
        rol=rol,
        entidad_id=entidad if rol in DE_ENTIDAD else None,
        dependencias=(dependencia,) if rol in DE_DEPENDENCIA else (),
        jefaturas=(dependencia,) if rol in JEFES else (),
    )


def parte(estado: str, asesor: int | None = MIA) -> Parte:
    """Not saved: the table is a pure question."""
    return Parte(
        estado=estado,
        dependencia_id=AQUI,
        entidad_id=ENTIDAD,
        asesor_id=asesor if estado != EstadoParte.EN_COLA else None,
        cerrada_en=None if estado in ABIERTOS else ahora(),
        lidera=True,
    )


@pytest.mark.parametrize("rol", Rol.values)
def test_cada_fila_por_cada_rol_y_cada_estado(rol):
    """What is allowed is exactly what was approved; everything else is refused."""
    for accion, fila in TRANSICIONES.items():
        roles, estados = APROBADA[accion]
        for estado in EstadoParte.values:
            permitido = por_que_no(parte(estado), fila, alcance(rol)) is None
            assert permitido is (rol in roles and estado in estados), (accion, rol, estado)


@pytest.mark.parametrize("accion", ACCIONES)
def test_fuera_de_su_lugar_nadie_hace_nada(accion):
    """R24: neither in another dependencia's part nor in another entidad's solicitud, whatever the role."""
    fila = ACCIONES[accion]
    for rol in sorted(fila.roles - {"sistema", Rol.VENTANILLA}):
        for estado in fila.desde:
            assert por_que_no(parte(estado), fila, alcance(rol, dependencia=OTRA, entidad=99)), (accion, rol, estado)


@pytest.mark.parametrize("accion", [a for a, t in ACCIONES.items() if t.solo_responsable or t.personal])
def test_lo_de_un_colega_lo_cambia_solo_su_jefatura(accion):
    fila = ACCIONES[accion]
    for estado in fila.desde & EN_TRABAJO:
        ajena = parte(estado, AJENA)
        assert por_que_no(ajena, fila, alcance(Rol.ASESOR))
        assert (por_que_no(ajena, fila, alcance(Rol.SUBDIRECTOR)) is None) is not fila.personal


def test_todo_estado_abierto_tiene_salida():
    """R19: from any open state somebody can go on; closed ones are final but for reopening."""
    for estado in EstadoParte:
        salidas = {fila.hacia for fila in TRANSICIONES.values() if estado in fila.desde} - {estado}
        assert bool(salidas) is (estado in ABIERTOS or estado == EstadoParte.ATENDIDA), estado


def test_el_documento_dice_lo_que_hace_la_tabla():
    """docs/estados.md is what `script/manage diagrama_estados` prints."""
    escrito = (Path(settings.RAIZ) / "docs" / "estados.md").read_text(encoding="utf-8")

    assert escrito == documento(), "La tabla cambió. Escríbala con: script/manage diagrama_estados --escribir"


# --- What each row really does, through the same door as the page ------------------------------------------------
def preparar(elenco, estado: str) -> Parte:
    """A parte of Archivo in that state, attended by `asesora` when somebody attends it."""
    solicitud = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], recibida=hace(days=1))
    camino = {
        "en_cola": [],
        "asignada": ["asignar"],
        "en_atencion": ["tomar"],
        "en_complemento": ["tomar", "pedir_complemento"],
        "atendida": ["tomar", "atender"],
        "trasladada": ["trasladar_fuera"],
        "duplicada": ["marcar_duplicada"],
        "no_competencia": ["declarar_no_competencia"],
        "retirada": ["retirar"],
    }[estado]
    for accion in camino:
        quien = elenco.enlace if accion == "retirar" else elenco.asesora
        quien = elenco.subdirector if TRANSICIONES[accion].roles <= JEFES else quien
        with actuar(quien), transaction.atomic():
            correr(elenco, parte_de(solicitud), accion)
    lista = parte_de(solicitud)
    assert lista.estado == estado
    return lista


def correr(elenco, cual: Parte, accion: str) -> None:
    """The act with good data. The entity's own go straight to `mover`."""
    if accion in {"complementar", "retirar"}:
        mover(parte=cual, accion=accion, motivo="Motivo de prueba")
        return
    if accion == "recibir_en_espera":
        traer(solicitud=cual.solicitud, trayectoria=Trayectoria(espera_desde=hoy()))
        return
    if accion.startswith("recibir_"):
        recibir_asignada(parte=cual, asesor=elenco.asesora, en_atencion=accion == "recibir_en_atencion")
        return
    ejecutar(parte=cual, accion=accion, datos=datos_buenos(elenco, cual))


def datos_buenos(elenco, cual: Parte) -> dict:
    otra = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    actual = parte_de_pk(cual.pk)
    return {
        "clave": uuid4(),
        "motivo": "Motivo de prueba",
        "texto": "Texto de prueba",
        "respuesta": "Respuesta motivada",
        "resultado": "Se entregó",
        "codigo": "disponibilidad",
        "hasta": None,
        "asesor": elenco.otra_asesora if actual.asesor_id == elenco.asesora.pk else elenco.asesora,
        "dependencia": elenco.tecnica,
        "tema": elenco.tema_integridad,
        "destino": "Secretaría de Hacienda",
        "principal": otra,
        "parte_lider": actual,
        "actuacion": {
            "modalidad": elenco.asesoria,
            "medio": Actuacion.Medio.VIRTUAL,
            "lugar": "https://reunion.example/1",
            "asunto": "Sesión",
            "programada_para": habil(),
        },
    }


def quien_puede(elenco, accion: str):
    fila = TRANSICIONES[accion]
    if accion in {"complementar", "retirar"}:
        return elenco.enlace
    return elenco.subdirector if fila.roles <= JEFES else elenco.asesora


@pytest.mark.django_db
@pytest.mark.parametrize("accion", TRANSICIONES)
def test_cada_fila_mueve_y_deja_rastro(elenco, accion):
    """One move: the state of the table, one line of history with who, from and to, the bitácora and the outbox."""
    fila, quien = TRANSICIONES[accion], quien_puede(elenco, accion)
    for estado in sorted(fila.desde):
        cual = preparar(elenco, estado)
        with actuar(quien), transaction.atomic():
            correr(elenco, cual, accion)
        movida = parte_de_pk(cual.pk)
        # Transferred to a dependencia that shares by sector, its asesor has it at once.
        assert movida.estado == (EstadoParte.ASIGNADA if accion == "trasladar" else fila.hacia), (accion, estado)
        with sistema():
            linea = Movimiento.objects.filter(parte=cual, accion=accion).latest("id")
            assert (linea.de, linea.a, linea.persona_id) == (estado, fila.hacia, quien.pk)
            assert Suceso.objects.filter(accion=f"parte.{accion}", objeto_id=str(cual.pk)).count() == 1
            assert Entrega.objects.filter(tipo="solicitudes.movimiento", carga__parte=cual.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("estado", EstadoParte.values)
def test_lo_que_no_esta_en_la_tabla_no_cambia_nada(elenco, estado):
    """From every state, every row that does not start there is refused and leaves no trace."""
    cual = preparar(elenco, estado)
    with sistema():
        antes = Movimiento.objects.count()
    for accion, fila in TRANSICIONES.items():
        if estado in fila.desde:
            continue
        with actuar(quien_puede(elenco, accion)), transaction.atomic(), pytest.raises(NoSePuede):
            mover(parte=cual, accion=accion, motivo="Motivo de prueba", cambios={"asesor": elenco.otra_asesora})
    assert parte_de_pk(cual.pk).estado == estado
    with sistema():
        assert Movimiento.objects.count() == antes


@pytest.mark.django_db
def test_los_botones_son_las_filas_de_la_tabla(elenco):
    """The page draws exactly what the service would accept."""
    for estado in EstadoParte.values:
        cual = preparar(elenco, estado)
        for quien in (elenco.asesora, elenco.subdirector, elenco.enlace, elenco.auditora, elenco.otra_asesora):
            with actuar(quien) as suyo:
                ofrece = {fila.accion for fila in acciones_posibles(cual, suyo)}
            assert ofrece == {
                a for a, t in TRANSICIONES.items() if por_que_no(cual, t, suyo) is None and not no_es_momento(cual, t)
            }
            if quien is elenco.auditora:
                assert not ofrece
