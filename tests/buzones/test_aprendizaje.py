"""What people decide of the mail is what the next model knows."""

import pytest

from alcance import con_alcance
from buzones.estados import Clase
from buzones.services.aprendizaje import ejemplos_de_correos
from buzones.services.decidir import decidir
from clasificador import services
from clasificador.fuentes import fuentes
from clasificador.services import entrenar_y_guardar, sugerir_para
from direcciones.models import Persona
from tests.buzones.correos import correo
from tests.fabricas import alcance_de
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
VENDE = "Seguros de vida con descuento\nLe ofrecemos un seguro de vida con descuento para su familia. Llame ya."


def decide(persona: Persona, fila, accion: str, version: int = 0) -> int:
    with con_alcance(alcance_de(persona)):
        return int(decidir(fila.pk, accion, version=version).pk)


def test_only_the_last_word_of_a_person_teaches(elenco: Elenco) -> None:
    correo(elenco, asunto="De nadie")
    correo(elenco, asunto="De las reglas", clase=Clase.AUTOMATICO, estado="atendido")
    decide(elenco.ventanilla, correo(elenco, asunto="Reservado", reservado=True), "spam")
    deshecho = correo(elenco, asunto="Deshecho")
    decide(elenco.ventanilla, deshecho, "rescatar", decide(elenco.ventanilla, deshecho, "spam"))
    decide(elenco.ventanilla, correo(elenco, asunto="Oferta", texto="Compre", de_correo="a@b.example"), "spam")

    (unico,) = ejemplos_de_correos()
    assert (unico.texto, unico.clase, unico.remitente) == ("Oferta\nCompre", ("spam",), "a@b.example")
    assert unico.temas == unico.modalidad == ()


def test_a_new_model_proposes_what_people_decided(elenco: Elenco, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next message like those comes to the tray with the guess."""
    assert "correos" in fuentes()
    asunto, texto = VENDE.split("\n")
    for n in range(6):
        fila = correo(elenco, asunto=asunto, texto=f"{texto} {n}", de_correo=f"vende{n}@premio.example")
        decide(elenco.ventanilla, fila, "spam")
    assert "spam" not in [una.codigo for una in sugerir_para(VENDE).clases]
    monkeypatch.setattr(services, "fuentes", lambda: {"correos": ejemplos_de_correos})
    assert entrenar_y_guardar(aunque_peor=True).fuentes == {"correos": 6}
    assert sugerir_para(VENDE).clases[0].codigo == "spam"
