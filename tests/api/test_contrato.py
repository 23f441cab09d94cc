"""E01: what the API does is what its description says, for each role, with every check of schemathesis."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema

from sdfi_portal.wsgi import application
from tests import fabricas as f
from tests.api.conftest import secreto_de
from tests.soporte.elenco import Elenco, crear_elenco

# A body may be right for its schema and refused by a rule of the portal (422, 409), or be of another role (403, 404).
# What an operation says that it answers when something is over (410) is right too: that it says so is another check.
CON_TODO_EN_REGLA = ["2xx", "401", "403", "404", "409", "410", "422"]
DE_CADA_ROL = (
    "enlace", "admin_entidad", "asesora", "revisora", "directora", "subdirector", "subsecretaria", "ventanilla",
    "administradora", "auditora",
)  # fmt: skip


@pytest.fixture
def mundo(base_propia: str, settings: Any) -> Elenco:
    settings.API_LIMITE_TOKEN = settings.API_LIMITE_DIRECCION = 1_000_000
    elenco = crear_elenco()
    for _ in range(3):
        f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas], preguntas=["¿Cómo?"])
    return elenco


class _SinEsperar(WSGIRequestHandler):
    """Head and body go in two writes: with Nagle's algorithm each answer waits 40 ms for the client's ACK."""

    disable_nagle_algorithm = True


@contextmanager
def servida() -> Iterator[str]:
    """The portal on a port of this machine, in this process: its database is that of the test."""
    servidor = ThreadedWSGIServer(("127.0.0.1", 0), _SinEsperar)
    servidor.set_app(application)
    hilo = threading.Thread(target=servidor.serve_forever, daemon=True)
    hilo.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}"
    finally:
        servidor.shutdown()
        servidor.server_close()
        hilo.join()


def correr(
    elenco: Elenco, papel: str, ejemplos: int, *, todas: bool, semilla: int = 1, solo: Sequence[str] = ()
) -> tuple[list[str], Counter[str]]:
    """Every check as this one; with `todas`, every phase too. Gives the failures, and the cases of each operation.

    `solo`: only these operations, by their label.
    """
    radicado = f.radicada(por=elenco.enlace, temas=[elenco.tema_tablas]).radicado
    persona = getattr(elenco, papel, None)
    config = SchemathesisConfig.from_dict(
        {
            "seed": semilla,
            "workers": 1,
            "continue-on-failure": True,
            "request-timeout": 60,
            "headers": {"Authorization": f"Bearer {secreto_de(persona)}"} if persona else {},
            "parameters": {"path.radicado": radicado},
            "generation": {"max-examples": ejemplos, "database": "none", "deterministic": True},
            "phases": {"coverage": {"enabled": todas}, "stateful": {"enabled": todas and not solo}},
            "checks": {"positive_data_acceptance": {"expected-statuses": CON_TODO_EN_REGLA}},
        }
    )
    fallas, casos = [], Counter()
    with servida() as url:
        esquema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", config=config)
        esquema.config.base_url = url
        if solo:
            esquema = esquema.include(name=list(solo))
        eventos = list(from_schema(esquema).execute())
    for evento in eventos:
        recogido = getattr(evento, "recorder", None)
        if recogido is not None:
            # Each case of its operation: those that follow links come together, under a name of their own.
            casos.update(nodo.value.operation.label for nodo in recogido.cases.values())
            for pruebas in recogido.checks.values():
                fallas += [str(p.failure_info.failure) + p.failure_info.code_sample for p in pruebas if p.failure_info]
        if (error := getattr(evento, "exception", getattr(evento, "value", None))) is not None:
            fallas.append(f"{type(evento).__name__}: {error!r}")
    return fallas, casos


@pytest.mark.parametrize("papel", ["enlace", "anonimo"])
def test_it_does_what_it_says(mundo: Elenco, papel: str) -> None:
    fallas, casos = correr(mundo, papel, ejemplos=3, todas=False)

    assert not fallas, "\n\n".join(fallas[:10]) + f"\n\n{len(fallas)} fallas"
    assert len(casos) >= 14


@pytest.mark.larga
@pytest.mark.parametrize("papel", [*DE_CADA_ROL, "anonimo"])
def test_it_does_what_it_says_to_each_role(mundo: Elenco, papel: str) -> None:
    """At least 100 cases for each operation and role: one that takes few values is asked again with other seeds."""
    fallas, casos = correr(mundo, papel, ejemplos=100, todas=True)
    semilla = 1
    while pocas := [operacion for operacion, cuantos in casos.items() if cuantos < 100]:
        semilla += 1
        otras, mas = correr(mundo, papel, ejemplos=100, todas=True, semilla=semilla, solo=pocas)
        assert set(mas) == set(pocas)
        fallas, casos = fallas + otras, casos + mas

    assert not fallas, "\n\n".join(fallas[:10]) + f"\n\n{len(fallas)} fallas"
    assert min(casos.values()) >= 100, casos
