"""What was delivered before the instant of attention was kept gets it: in batches, and again from where it was cut."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from rendimiento.escena import como_duenio
from solicitudes.models import Parte
from tests.fabricas import radicada
from tests.solicitudes.apoyos import hacer, parte_de, sistema
from tests.soporte.elenco import crear_elenco

relleno = import_module("solicitudes.migrations.0024_atencion_de_lo_anterior")


def _respondida(elenco: Any) -> Parte:
    parte = parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    return hacer(elenco.asesora, hacer(elenco.asesora, parte, "tomar"), "responder", texto="Respondida.")


def _instantes() -> list[Any]:
    with sistema():
        return list(Parte.objects.order_by("pk").values_list("prestada_en", "atencion_en"))


def _llenar() -> None:
    try:
        relleno.llenar(None, SimpleNamespace(connection=connections["migrador"]))
    finally:
        connections["migrador"].close()


def test_it_fills_what_has_none_and_goes_on_where_it_was_cut(base_propia: str, monkeypatch: Any) -> None:
    elenco = crear_elenco()
    for _ in range(5):
        _respondida(elenco)
    parte_de(radicada(por=elenco.enlace, temas=[elenco.tema_tablas]))
    como_duenio(
        "alter table solicitudes_parte disable trigger parte_atencion;"
        "update solicitudes_parte set atencion_en = null;"
        "alter table solicitudes_parte enable trigger parte_atencion"
    )
    assert [atencion for _, atencion in _instantes()] == [None] * 6
    monkeypatch.setattr(relleno, "LOTE", 2)
    vueltas = iter(range(9))

    def cortar(*_: Any) -> Any:
        if next(vueltas) == 1:
            raise RuntimeError("se fue la luz")
        return como_sistema(*_)

    como_sistema = relleno.como_sistema
    monkeypatch.setattr(relleno, "como_sistema", cortar)
    with pytest.raises(RuntimeError):
        _llenar()
    assert sum(atencion is not None for _, atencion in _instantes()) == 2
    _llenar()
    assert all(prestada == atencion for prestada, atencion in _instantes())
    assert sum(atencion is not None for _, atencion in _instantes()) == 5
