"""T02, T03: which URLs exist without a role, one by one and with the reason that was reviewed."""

from pathlib import Path

from alcance.checks import rutas
from alcance.politicas import politica_de
from sdfi_portal.aislamiento import matriz
from sdfi_portal.aislamiento.rutas import PUBLICAS, RUTAS

LISTA = Path(__file__).with_name("urls_abiertas.txt")


def abiertas() -> list[str]:
    """Lines «name · who · why» of every URL that asks for no role."""
    lineas = set()
    for nombre, patron in rutas():
        politica = politica_de(patron.callback, nombre)
        if politica is not None and not politica.roles:
            quien = "cualquiera" if politica.publica else "quien haya entrado"
            lineas.add(f"{nombre} · {quien} · {politica.porque}")
    return sorted(lineas)


def test_the_list_of_open_urls_was_reviewed() -> None:
    """A URL that opens without a role is added to urls_abiertas.txt in the same change, and somebody reads why."""
    revisadas = LISTA.read_text(encoding="utf-8").splitlines()
    nuevas = sorted(set(abiertas()) - set(revisadas))
    viejas = sorted(set(revisadas) - set(abiertas()))
    assert (nuevas, viejas) == ([], []), "\n".join(["Agregue:", *nuevas, "Quite:", *viejas])


def test_every_open_url_says_why() -> None:
    for linea in abiertas():
        assert len(linea.split(" · ")[2]) > 5, linea


def test_the_tables_of_the_proof_name_only_urls_that_exist() -> None:
    """A row for a URL that is gone would look like a proof."""
    existen = {nombre for nombre, _ in rutas()}
    assert {nombre for nombre in PUBLICAS | RUTAS.keys() if nombre not in existen} == set()


def test_every_url_is_complete() -> None:
    """T02 without the world: a name, a policy and, with parameters, a row that says how to fill them."""
    faltas = [f"{p.nombre or p.patron.pattern}: {falta}" for p in matriz.paginas() for falta in matriz.faltas(p)]
    assert faltas == []
