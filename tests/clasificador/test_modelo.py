"""What is proposed for a text, why, and how sure; and the model that is kept."""

import json
import os
import random
import subprocess
import sys
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clasificador.medir import entrenar
from clasificador.modelo import MAXIMO_ABIERTO, MAXIMO_BYTES, SEGURA, Ejemplo, Modelo, ModeloIlegible, sugerir
from tests.clasificador.apoyos import catalogo, ejemplos, modelo, nombres

RAIZ = Path(__file__).resolve().parents[2]


def test_the_theme_its_place_and_its_modality_with_the_words_that_say_it() -> None:
    dicho = sugerir(
        modelo(),
        "Publicación de la Resolución 1187\nRemitimos la resolución para publicar en el Registro Distrital.",
    )

    assert dicho.temas[0].codigo == "Imprenta-01"
    assert "publicación" in " ".join(dicho.temas[0].razones)
    assert (dicho.dependencias[0].codigo, dicho.direcciones[0].codigo) == ("IMPR", "DDDI")
    assert dicho.dependencias[0].razones == dicho.temas[0].razones
    assert dicho.modalidades[0].codigo == "publicacion"
    assert dicho.razon.count(" y ") == 1


# The ten mails that matter to it (index of the examples): what they say, as a person would copy it.
CORREOS = [
    ("Solicitud de concepto técnico – eliminación de historias clínicas\nLa Subred Sur solicita concepto técnico "
     "sobre la eliminación de historias clínicas inactivas del hospital liquidado, cuando no se cuenta con tabla de "
     "valoración documental.", "DDAB", "nueva_solicitud"),
    ("cambio de enlace mipg\nbuenas tardes informo que el nuevo enlace de MIPG es: Nombre: Jhon Castañeda. Cargo: "
     "profesional. Reemplaza a: Deisy Pulido", "DDDI", "cambio_de_enlace"),
    ("URGENTE – Publicación Resolución 1187 de 2026\nRemito para publicación en el Registro Distrital la Resolución "
     "1187 del 14 de julio de 2026.", "DDDI", "nueva_solicitud"),
    ("Invitación gobierno de Corea – Secretaria de Movilidad\nObjeto del viaje: visita técnica. Financiación: a cargo "
     "de una agencia del gobierno de Corea. La invitación no ha sido aceptada.", "DDRI", None),
    ("ayuda documento de mi papa\nyo soy ciudadana y necesito saber si en el archivo de bogota tienen la hoja de vida "
     "de mi papa que trabajo en los tranvias en 1949 para la pension.", None, "peticion_ciudadana"),
]  # fmt: skip


@pytest.mark.parametrize(("texto", "direccion", "clase"), CORREOS)
def test_the_mails_of_the_index(texto, direccion, clase) -> None:
    dicho = sugerir(modelo(), texto)

    assert direccion in (None, dicho.direcciones[0].codigo)
    assert clase in (None, dicho.clases[0].codigo)


def test_the_three_direcciones_of_a_mail_to_three_mailboxes_are_among_the_proposed() -> None:
    texto = ("Convenio con universidad extranjera, archivos históricos y creación de comité\nTenemos un proyecto con "
             "una universidad de Chile para digitalizar archivos históricos y crear un comité conjunto.")  # fmt: skip

    assert {p.codigo for p in sugerir(modelo(), texto).direcciones[:3]} == {"DDAB", "DDDI", "DDRI"}


def test_entities_named_are_hints_in_order() -> None:
    assert sugerir(modelo(), "Reunión\nDel IDU con la Secretaría Distrital de Ambiente").entidades == (
        "11-02",
        "10-01",
    )


@pytest.mark.parametrize("texto", ["", "   \n ", "xqzt wkvj", "12 34 $$$", "Cordial saludo.\nMuchas gracias."])
def test_a_text_that_says_nothing_gets_no_proposal(texto) -> None:
    dicho = sugerir(modelo(), texto)

    assert not any(p.confianza >= SEGURA for p in (*dicho.temas, *dicho.direcciones, *dicho.dependencias))
    assert texto.startswith("Cordial") or not (dicho.temas or dicho.direcciones or dicho.modalidades)


def test_what_two_methods_do_not_agree_on_is_never_sure() -> None:
    """«Archivo» alone does not say which of the two subdirecciones."""
    assert sugerir(modelo(), "Tema archivo").dependencias[0].confianza < SEGURA


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_in_order(texto) -> None:
    dicho = sugerir(modelo(), texto)

    for propuestas in (dicho.temas, dicho.direcciones, dicho.dependencias, dicho.modalidades, dicho.clases):
        assert all(0 <= una.confianza <= 99 for una in propuestas)
        assert all(despues.confianza <= antes.confianza for antes, despues in pairwise(propuestas))


def test_without_examples_the_catalogue_alone_proposes_and_is_not_sure() -> None:
    solo = entrenar(catalogo(), nombres())
    dicho = sugerir(solo, "Conservación del archivo\nHay humedad y biodeterioro en el archivo.")

    assert dicho.dependencias[0].codigo == "SGPD"
    assert (dicho.dependencias[0].confianza, dicho.medida) == (50, False)
    assert sugerir(modelo(), "Conservación del archivo").medida


def test_nothing_at_all_is_a_model_too() -> None:
    assert sugerir(entrenar([]), "cualquier cosa") == sugerir(entrenar([]), "")


# --- What is kept --------------------------------------------------------------------------------------------------
def test_it_comes_back_as_it_was_and_small() -> None:
    crudo = modelo().guardar()

    assert len(crudo) < MAXIMO_BYTES / 10
    assert Modelo.abrir(crudo) == modelo()
    texto = ejemplos()[0].texto
    assert sugerir(Modelo.abrir(crudo), texto) == sugerir(modelo(), texto)


def test_what_only_one_person_wrote_is_not_kept() -> None:
    """Names, telephones and whatever a single sender says: the model is no copy of the requests."""
    de_uno = [Ejemplo("Archivo central\nHumedad. Firma Clodomiro Zurriaga, 3104445566", ("DDAB-30",), ("DDAB",),
                      ("SGPD",), remitente="clodomiro@sds.example")] * 3  # fmt: skip
    guardado = zlib.decompress(entrenar([*catalogo(), *ejemplos(), *de_uno], nombres()).guardar()).decode()

    assert "clodomir" not in guardado
    assert "zurriag" not in guardado
    assert "310444" not in guardado


def test_years_of_examples_fit() -> None:
    azar = random.Random(3)
    palabras = [f"{azar.choice('bcdfglmnprst')}{azar.randrange(10**6)}x" for _ in range(9000)]
    lugares = [(e.temas, e.direccion, e.dependencia) for e in catalogo() if e.temas]
    muchos = [
        Ejemplo(" ".join(azar.choices(palabras, k=80)), *lugares[n % len(lugares)], remitente=str(n))
        for n in range(300)
    ]

    assert len(entrenar([*catalogo(), *muchos], nombres()).guardar()) <= MAXIMO_BYTES


@pytest.mark.parametrize(
    "crudo",
    [
        b"",
        b"esto no es",
        zlib.compress(b"[]"),
        zlib.compress(b"{}"),
        zlib.compress(b"null"),
        zlib.compress(b'{"version": 1}'),
        zlib.compress(b"[" * 200_000),
        zlib.compress(b'{"version": 99, "idf": {}}'),
        zlib.compress(b" " * (MAXIMO_ABIERTO + 1)),
        b"x" * (MAXIMO_BYTES + 1),
    ],
    ids=["vacio", "basura", "lista", "objeto", "nulo", "incompleto", "hondo", "otra versión", "bomba", "enorme"],
)
def test_what_cannot_be_read_is_refused(crudo) -> None:
    with pytest.raises(ModeloIlegible):
        Modelo.abrir(crudo)


def test_a_cut_or_changed_model_is_refused() -> None:
    crudo = modelo().guardar()
    contenido = json.loads(zlib.decompress(crudo))
    contenido["temas"]["DDAB-10"] = {"elimin": "mucho"}

    for malo in (crudo[:-200], zlib.compress(json.dumps(contenido).encode())):
        with pytest.raises(ModeloIlegible):
            Modelo.abrir(malo)


# --- Same examples, same model; and soon ----------------------------------------------------------------------------
def test_the_order_of_the_examples_changes_nothing() -> None:
    todos = [*catalogo(), *ejemplos()]
    random.Random(5).shuffle(todos)

    assert entrenar(todos, nombres()).guardar() == modelo().guardar()


def test_another_process_makes_the_same_model() -> None:
    orden = ("import hashlib; from tests.clasificador.apoyos import modelo; "
             "print(hashlib.sha256(modelo().guardar()).hexdigest())")  # fmt: skip
    huellas = {
        subprocess.run(
            [sys.executable, "-c", orden], cwd=RAIZ, env=os.environ | {"PYTHONHASHSEED": semilla}, check=True,
            capture_output=True, text=True,
        ).stdout
        for semilla in ("1", "2")
    }  # fmt: skip

    assert len(huellas) == 1


def test_it_needs_no_django_nor_any_package() -> None:
    orden = ("import sys; import clasificador.medir, clasificador.catalogo; "
             "assert not {'django', 'numpy', 'sklearn'} & set(sys.modules)")  # fmt: skip

    subprocess.run([sys.executable, "-c", orden], cwd=RAIZ, check=True)
