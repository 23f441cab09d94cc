"""Base of every tenant model: its manager refuses to answer without an open alcance (second net)."""

from typing import Any, Self

from django.db import models

from alcance.contexto import Alcance, exigir
from alcance.registro import Clase


class ConsultaInquilino(models.QuerySet[Any]):
    def visibles_para(self, alcance: Alcance) -> Self:
        """Rows this alcance may see. Every tenant model says how; silence would be a hole."""
        raise NotImplementedError(f"{self.model.__name__} no dice qué filas son visibles para cada quien.")

    def bajo_cerrojo(self, *, antes: tuple[str, ...] = (), saltando: bool = False) -> Self:
        """These rows, locked until the end of the transaction; `saltando` leaves out those that somebody else holds.
        `antes` names relations that were joined (`select_related`) and are locked before them, in that order.

        Their keys stay free: a message or a line of the history that only refers to one neither waits for whoever
        changes it nor makes them wait. Two flows that write it first and lock afterwards would deadlock (C05, C07).
        """
        return self.select_for_update(of=(*antes, "self"), no_key=True, skip_locked=saltando)


class GestorInquilino(models.Manager.from_queryset(ConsultaInquilino)):  # type: ignore[misc]
    def get_queryset(self) -> Any:
        exigir()
        return super().get_queryset()


class ModeloInquilino(models.Model):
    clase_tabla = Clase.INQUILINO
    objects = GestorInquilino()

    class Meta:
        abstract = True


def gestor(consulta: type[ConsultaInquilino]) -> Any:
    """A manager that demands an alcance, made from a model's own QuerySet class."""
    return GestorInquilino.from_queryset(consulta)()
