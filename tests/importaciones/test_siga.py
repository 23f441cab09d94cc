"""R25, R26: a file of SIGA is filed in its true order, annotates what is here, and twice it changes nothing."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alcance import como_sistema
from bandeja.models import Entrega
from bandeja.services import entregar
from clasificador.modelo import Propuesta, Sugerencia
from importaciones.campos import CAMPOS, adivinar
from importaciones.models import FilaImportada, Importacion, Mapeo
from importaciones.services import siga as de_siga
from importaciones.valores import BOGOTA
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, radicar
from solicitudes.services.inversiones import contar_inversiones
from solicitudes.services.siga import NumeroRepetido, YaTieneOtro, anotar_siga
from tests.fabricas import actuar, radicada
from tests.importaciones.apoyos import confirmar, csv_de, ensayar, filas, importar, resultados, subir, ultima, xlsx
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
TITULOS = ["Número de radicado", "Fecha y hora", "Remitente", "Entidad", "Asunto", "Anexos", "Radicado de salida",
           "Radicado AT", "Tema"]  # fmt: skip


@pytest.fixture(autouse=True)
def dicho(monkeypatch: pytest.MonkeyPatch) -> dict[str, Sugerencia]:
    """What the classifier says of each subject, by its first word; of the rest, nothing. Its own tests measure it."""
    dicho: dict[str, Sugerencia] = {}
    monkeypatch.setattr(
        de_siga, "sugerir", lambda modelo, texto: dicho.get((texto.split() or [""])[0], Sugerencia(medida=True))
    )
    return dicho


def propone(*temas: tuple[Any, int], medida: bool = True) -> Sugerencia:
    return Sugerencia(temas=tuple(Propuesta(t.codigo, c) for t, c in temas), medida=medida)


def fila(numero: str = "", cuando: str = "23/03/2026 10:42", **otras: str) -> list[str]:
    celdas = {"remitente": "Ana Gil", "entidad": "SDG", "asunto": "Aplicar la tabla", "anexos": "2 folios",
              "salida": "", "at": "", "tema": "DDAB-12"} | otras  # fmt: skip
    return [numero, cuando, *(celdas[c] for c in ("remitente", "entidad", "asunto", "anexos", "salida", "at", "tema"))]


def la(radicado: str) -> Solicitud:
    with como_sistema("prueba"), transaction.atomic():
        return Solicitud.objects.get(radicado=radicado)


@pytest.mark.parametrize("forma", [xlsx, csv_de])
@pytest.mark.parametrize("quien", ["ventanilla", "administradora"])
def test_it_is_filed_with_its_true_instant_and_its_order(elenco: Elenco, entrar, forma, quien) -> None:
    """The one that SIGA received last is last, whatever its line; whoever attends and whoever asks are told."""
    ya = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    archivo = forma(TITULOS, fila("1-2026-9", "24/03/2026 09:00:31"), fila("1-2026-8", "23/03/2026 10:42"))

    importacion = importar(entrar(getattr(elenco, quien)), "siga", archivo, con_acuse="on")

    assert resultados(importacion) == [(2, "creada"), (3, "creada")]
    with como_sistema("prueba"), transaction.atomic():
        nuevas = list(Solicitud.objects.exclude(pk=ya.pk).order_by("radicado"))
        cola = [parte.solicitud_id for parte in Parte.objects.en_cola(elenco.sistema_archivos)]
        assert Entrega.objects.filter(tipo="solicitudes.llegada").count() == 3
        assert Entrega.objects.filter(tipo="solicitudes.acuse").count() == 3
        linea = Movimiento.objects.get(solicitud=nuevas[0], accion="radicar")
    assert [s.siga_entrada for s in nuevas] == ["1-2026-8", "1-2026-9"]
    assert cola == [nuevas[0].pk, nuevas[1].pk, ya.pk]
    assert contar_inversiones(dependencias=[elenco.sistema_archivos.pk], desde=nuevas[0].recibido_en) == []
    primera = nuevas[1]
    assert primera.recibido_en == datetime(2026, 3, 24, 9, 0, 31, tzinfo=BOGOTA)
    assert (primera.canal, primera.registrada_por_id) == ("siga", getattr(elenco, quien).pk)
    assert primera.evidencia.startswith("SIGA 1-2026-9, anexos: 2 folios. Importada de la fila 2 de «datos.")
    assert linea.texto == "Registró la solicitud recibida por SIGA"


def test_twice_the_same_file_is_once(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.ventanilla)
    for esperado in (["creada", "creada"], ["igual", "igual"]):
        traer = importar if esperado[0] == "creada" else ensayar
        importacion = traer(navegador, "siga", xlsx(TITULOS, fila("1-2026-8"), fila("1-2026-9")))
        assert [r for _, r in resultados(importacion)] == esperado
    with como_sistema("prueba"):
        assert Solicitud.objects.count() == 2


def test_the_rehearsal_writes_nothing(elenco: Elenco, entrar) -> None:
    """The acuse comes marked: what SIGA brings has just arrived."""
    ya = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    importacion = ensayar(entrar(elenco.ventanilla), "siga", xlsx(TITULOS, fila("1-1"), fila("1-2", at=ya.radicado)))
    columnas = entrar(elenco.ventanilla).get(reverse("importaciones:columnas", args=[importacion.pk]))
    assert "con_acuse" in columnas.context["form"].fields and not columnas.context["form"].initial["con_acuse"]
    assert subir(entrar(elenco.ventanilla), "siga", xlsx(TITULOS, fila("1-1"))).con_acuse

    assert [r for _, r in resultados(importacion)] == ["crear", "cambiar"]
    assert la(ya.radicado).siga_entrada == ""
    with como_sistema("prueba"):
        assert Solicitud.objects.count() == 1
        assert not Movimiento.objects.filter(accion="anotar_siga").exists()


def test_a_row_that_names_an_at_annotates_both_numbers(elenco: Elenco, entrar) -> None:
    """Also of a reserved one that the window may not open: it learns nothing but its numbers."""
    ya = radicada(por=elenco.enlace, temas=[elenco.tema_tablas], reservada=True, motivo_reserva="Lo pide la entidad")
    archivo = xlsx(TITULOS, fila("1-2026-8", salida="2-2026-5", at=ya.radicado.lower(), asunto="", tema=""))

    importacion = importar(entrar(elenco.ventanilla), "siga", archivo)

    assert resultados(importacion) == [(2, "cambiada")]
    [suya] = filas(importacion)
    assert suya.cambios == {"SIGA de entrada": ["—", "1-2026-8"], "SIGA de salida": ["—", "2-2026-5"]}
    assert (suya.objeto_texto, suya.objeto_ruta) == (ya.radicado, "")
    anotada = la(ya.radicado)
    assert (anotada.siga_entrada, anotada.siga_salida, anotada.canal) == ("1-2026-8", "2-2026-5", "portal")
    with como_sistema("prueba"):
        linea = Movimiento.objects.get(accion="anotar_siga")
    assert linea.texto == "Anotó el número SIGA de entrada 1-2026-8 y el número SIGA de salida 2-2026-5"
    assert linea.persona_id == elenco.ventanilla.pk


def test_a_known_number_takes_its_number_of_exit(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.ventanilla)
    importar(navegador, "siga", xlsx(TITULOS, fila("1-2026-8")))

    segunda = importar(navegador, "siga", xlsx(TITULOS, fila("1-2026-8", salida="2-2026-5")))

    assert resultados(segunda) == [(2, "cambiada")]
    with como_sistema("prueba"):
        assert Solicitud.objects.get().siga_salida == "2-2026-5"


def test_another_number_is_never_replaced_unless_somebody_says_so(elenco: Elenco, entrar) -> None:
    navegador, ya = entrar(elenco.ventanilla), radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    with actuar(elenco.ventanilla):
        anotar_siga(radicado=ya.radicado, entrada="1-2026-1")
    otro = [TITULOS, fila("1-2026-2", at=ya.radicado)]

    [mala] = filas(ensayar(navegador, "siga", xlsx(*otro)))
    assert (mala.resultado, mala.cambios) == ("error", {"SIGA de entrada": ["1-2026-1", "1-2026-2"]})
    assert "marque «Reemplazar los números que ya estaban»" in mala.frase

    reemplaza = ensayar(navegador, "siga", xlsx(*otro), reemplaza="on")
    [avisada] = filas(reemplaza)
    assert (avisada.resultado, avisada.cambios) == ("cambiar", {"SIGA de entrada": ["1-2026-1", "1-2026-2"]})
    assert la(ya.radicado).siga_entrada == "1-2026-1"
    assert "se reemplazan" in navegador.get(reverse("importaciones:confirmar", args=[reemplaza.pk])).content.decode()
    importar(navegador, "siga", xlsx(*otro), reemplaza="on")
    assert la(ya.radicado).siga_entrada == "1-2026-2"


def test_what_changed_after_the_rehearsal_is_judged_again(elenco: Elenco, entrar) -> None:
    """Somebody annotated another number meanwhile: the row fails and says so, and nothing of theirs is lost."""
    navegador, ya = entrar(elenco.ventanilla), radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    importacion = ensayar(navegador, "siga", xlsx(TITULOS, fila("1-2026-2", at=ya.radicado)))
    with actuar(elenco.ventanilla):
        anotar_siga(radicado=ya.radicado, entrada="1-2026-1")
    confirmar(navegador, importacion)
    entregar()

    assert resultados(ultima()) == [(2, "error")]
    assert la(ya.radicado).siga_entrada == "1-2026-1"


@pytest.mark.parametrize(
    ("celdas", "frase"),
    [
        ({"numero": ""}, "Número de radicado: está vacío"),
        ({"numero": "1-1", "at": "AT-1999-000001"}, "AT-1999-000001 no existe en el portal"),
        ({"numero": "1-1", "cuando": ""}, "Fecha y hora: está vacía"),
        ({"numero": "1-1", "cuando": "01/01/2099 08:00"}, "Fecha y hora: esa fecha aún no llega"),
        ({"numero": "1-1", "entidad": "", "remitente": "Nadie"}, "Entidad: está vacía"),
        ({"numero": "1-1", "asunto": ""}, "Asunto: está vacío"),
        ({"numero": "sin cifras"}, "como lo da SIGA"),
        ({"numero": "1-1", "salida": "¿?"}, "como lo da SIGA"),
    ],
)
def test_what_is_wrong_is_said(elenco: Elenco, entrar, celdas, frase) -> None:
    [mala] = filas(ensayar(entrar(elenco.ventanilla), "siga", xlsx(TITULOS, fila(**celdas))))

    assert mala.resultado == "error"
    assert frase in mala.frase


def test_the_entity_may_be_the_sender(elenco: Elenco, entrar) -> None:
    """As SIGA writes it when a letter comes without the name of who signed it."""
    archivo = xlsx(TITULOS, fila("1-1", entidad="", remitente="Secretaría Distrital de Gobierno"),
                   fila("1-2", remitente=""))  # fmt: skip
    assert [r for _, r in resultados(importar(entrar(elenco.ventanilla), "siga", archivo))] == ["creada", "creada"]
    with como_sistema("prueba"):
        assert set(Solicitud.objects.values_list("entidad", "remitente_nombre")) == {
            (elenco.secretaria.pk, "Secretaría Distrital de Gobierno"),
            (elenco.secretaria.pk, "SDG"),
        }


def test_the_theme_is_proposed_from_the_subject_when_it_is_sure(elenco: Elenco, entrar, dicho) -> None:
    """What was shown is what is written, although the model learns something else meanwhile."""
    t = elenco.tema_tablas, elenco.tema_visitas, elenco.tema_integridad
    dicho["Tablas"] = propone((t[0], 78), (t[1], 11), (t[2], 6))
    dicho["Dudoso"] = propone((t[0], 41), (t[1], 30), (t[2], 20))
    dicho["Nuevo"] = propone((t[0], 99), medida=False)
    navegador = entrar(elenco.ventanilla)
    archivo = xlsx(TITULOS, fila("1-1", asunto="Tablas", tema=""), fila("1-2", asunto="Dudoso", tema=""),
                   fila("1-3", asunto="Nuevo", tema=""), fila("1-4", asunto="Mudo", tema=""))  # fmt: skip

    importacion = ensayar(navegador, "siga", archivo)

    propuesta, dudosa, nueva, muda = filas(importacion)
    assert "Tema propuesto, 78 %: Valoración documental." in propuesta.frase
    assert dudosa.frase == (
        "Escriba el tema. Los más parecidos: «Valoración documental» (DDAB-12), "
        "«Organización de documentos de archivo» (DDAB-08), «Integridad» (DDDI-01)."
    )
    assert nueva.frase == "Escriba el tema. Los más parecidos: «Valoración documental» (DDAB-12)."
    assert (muda.resultado, muda.frase) == ("error", "Escriba el tema.")
    dicho["Tablas"] = propone((t[1], 99))
    confirmar(navegador, importacion)
    entregar()
    with como_sistema("prueba"):
        assert Solicitud.objects.get().temas == [t[0].pk]


def test_columns_are_remembered_and_the_usual_headings_guessed(elenco: Elenco, entrar) -> None:
    campos = CAMPOS["siga"]
    assert set(adivinar(campos, TITULOS)) >= {"siga", "recibida", "remitente", "entidad", "asunto", "anexos", "salida"}
    usuales = adivinar(campos, ["Radicado", "Fecha Radicado", "Hora", "Nombre remitente", "Empresa", "Referencia",
                                "Folios", "Radicado salida"])  # fmt: skip
    assert usuales == {"at": "Radicado", "recibida": "Fecha Radicado", "hora": "Hora", "remitente": "Nombre remitente",
                       "entidad": "Empresa", "asunto": "Referencia", "anexos": "Folios",
                       "salida": "Radicado salida"}  # fmt: skip
    titulos = ["Radicado", "Llegó", *TITULOS[2:7], "Tema"]
    celdas = fila("1-2026-8")
    navegador = entrar(elenco.ventanilla)
    importacion = importar(navegador, "siga", xlsx(titulos, [*celdas[:7], celdas[8]]), recibida="Llegó")
    assert resultados(importacion) == [(2, "creada")], filas(importacion)[0].frase
    with como_sistema("prueba"):
        assert Mapeo.objects.get().mapa["recibida"] == "Llegó"
        assert Solicitud.objects.get().siga_entrada == "1-2026-8"


def test_the_window_imports_nothing_else(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.ventanilla)
    assert navegador.get(reverse("importaciones:lista")).context["tipos"][0][0] == "siga"
    assert len(navegador.get(reverse("importaciones:lista")).context["tipos"]) == 1
    for nombre in ("nueva", "plantilla"):
        for tipo in CAMPOS:
            codigo = navegador.get(reverse(f"importaciones:{nombre}", args=[tipo])).status_code
            assert codigo == (200 if tipo == "siga" else 403), tipo
    entidades = ensayar(entrar(elenco.administradora), "entidades", xlsx(["Código", "Nombre"], ["1", "Una"]))
    for nombre in ("ver", "columnas", "informe", "confirmar"):
        assert navegador.get(reverse(f"importaciones:{nombre}", args=[entidades.pk])).status_code == 404
    for nombre in ("confirmar", "descartar"):
        assert navegador.post(reverse(f"importaciones:{nombre}", args=[entidades.pk])).status_code == 404
    with actuar(elenco.ventanilla), transaction.atomic():
        assert not Importacion.objects.exists() and not Mapeo.objects.exists()
        assert not FilaImportada.objects.exists()
    assert entrar(elenco.asesora).get(reverse("importaciones:lista")).status_code == 403


def test_who_may_annotate_and_what(elenco: Elenco) -> None:
    una, otra = (radicada(por=elenco.enlace, temas=[elenco.tema_tablas]) for _ in range(2))
    with actuar(elenco.ventanilla):
        anotar_siga(radicado=una.radicado, entrada=" 1-2026-1 ")
        with pytest.raises(NumeroRepetido, match=una.radicado):
            anotar_siga(radicado=otra.radicado, entrada="1-2026-1")
        with pytest.raises(YaTieneOtro):
            anotar_siga(radicado=una.radicado, entrada="1-2026-2")
        with pytest.raises(ValidationError, match="no existe"):
            anotar_siga(radicado="AT-1999-000001", entrada="1-2026-3")
        anotar_siga(radicado=una.radicado, entrada="1-2026-1")
    for quien in (elenco.enlace, elenco.asesora, elenco.subdirector, elenco.auditora):
        with actuar(quien), pytest.raises(ValidationError, match="ventanilla"):
            anotar_siga(radicado=otra.radicado, entrada="1-2026-4")
    assert (la(una.radicado).siga_entrada, la(otra.radicado).siga_entrada) == ("1-2026-1", "")
    with como_sistema("prueba"):
        assert Movimiento.objects.filter(accion="anotar_siga").count() == 1


def test_a_number_of_siga_is_of_one_solicitud(elenco: Elenco, entrar) -> None:
    """Whatever way the second comes."""
    importar(entrar(elenco.ventanilla), "siga", xlsx(TITULOS, fila("1-2026-8")))
    with actuar(elenco.ventanilla), pytest.raises(NumeroRepetido):
        radicar(
            clave=uuid4(),
            datos=DatosSolicitud(
                entidad=elenco.secretaria, asunto="Otra", necesidad="Otra", temas=[elenco.tema_tablas],
                modalidad=elenco.concepto,
            ),
            recepcion=Recepcion(
                canal="siga", remitente_nombre="Ana", evidencia="SIGA", siga_entrada="1-2026-8",
                registrada_por=elenco.ventanilla,
            ),
        )  # fmt: skip


def test_the_rehearsal_asks_the_same_whatever_the_rows(elenco: Elenco, entrar) -> None:
    navegador, cuantas = entrar(elenco.ventanilla), []
    for n in (1, 25):
        importacion = subir(navegador, "siga", xlsx(TITULOS, *(fila(f"1-{n}-{k}") for k in range(n))))
        columnas = {campo: titulo for campo, titulo in importacion.mapa.items() if titulo}
        with CaptureQueriesContext(connection) as hechas:
            ida = navegador.post(reverse("importaciones:columnas", args=[importacion.pk]), columnas)
        assert ida.status_code == 302 and {r for _, r in resultados(importacion)} == {"crear"}
        cuantas.append(len(hechas))
    assert cuantas[1] <= cuantas[0]
