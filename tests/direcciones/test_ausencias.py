"""Absences: who may write them, what is refused, who answers meanwhile, and the encargo of a head (R55)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from bandeja.models import Entrega
from bitacora.models import Suceso
from direcciones.ausencias import (
    ausencia_de,
    con_rol,
    de_turno,
    presentes,
    pueden_cubrir_a,
    quien_queda,
    reemplazo_de,
    relevar_destinatarios,
    responsable_de,
)
from direcciones.models import Ausencia, Encargo, Membresia, Persona
from direcciones.services.ausencias import registrar_ausencia, terminar_ausencia
from plazos.reloj import con_reloj
from tests.fabricas import FabricaMembresia, FabricaPersona, actuar
from tests.solicitudes.apoyos import releer, sistema

pytestmark = pytest.mark.django_db


def dia(mas: int = 0) -> date:
    return timezone.localdate() + timedelta(days=mas)


def ausentar(
    por: Persona, persona: Persona, suplente: Persona | None = None, desde: int = 0, hasta: int = 5, **datos: Any
):
    with actuar(por), transaction.atomic():
        return registrar_ausencia(persona=persona, desde=dia(desde), hasta=dia(hasta), suplente=suplente, **datos)


def test_the_person_their_head_and_the_administrador_write_it(elenco) -> None:
    ausentar(elenco.asesora, elenco.asesora, elenco.otra_asesora)
    ausentar(elenco.subdirector, elenco.otra_asesora, elenco.subdirector, desde=10, hasta=12)
    ausentar(elenco.directora, elenco.subdirector, elenco.directora, desde=10, hasta=12)
    ausentar(elenco.administradora, elenco.asesor_tecnica, None)
    for quien in (elenco.otra_asesora, elenco.director_desarrollo, elenco.ventanilla, elenco.enlace):
        with pytest.raises(ValidationError, match="no puede registrar"):
            ausentar(quien, elenco.asesora, desde=20, hasta=21)
    with sistema():
        assert Suceso.objects.filter(accion="ausencia.registrar").count() == 4
        assert Entrega.objects.filter(tipo="direcciones.ausencia").count() == 4


def test_what_is_refused_says_what_to_change(elenco) -> None:
    quien = elenco.subdirector
    ausentar(quien, elenco.asesora, elenco.otra_asesora, desde=2, hasta=4)
    for suplente, desde, hasta, texto in (
        (None, 4, 6, "ya tiene una ausencia"),
        (None, 9, 8, "no puede ser anterior"),
        (None, -5, -1, "ya pasaron"),
        (None, 9, 900, "más de dos años"),
        (elenco.asesora, 9, 9, "sí mismo"),
        (elenco.asesor_tecnica, 9, 9, "no atiende en"),
        (elenco.revisora, 9, 9, "no atiende en"),
    ):
        with pytest.raises(ValidationError, match=texto):
            ausentar(quien, elenco.asesora, suplente, desde, hasta)
    with pytest.raises(ValidationError, match="no hace falta"):
        ausentar(elenco.administradora, elenco.enlace)
    # Who covers must be there, or be covered: a circle covers nobody.
    with pytest.raises(ValidationError, match="también está ausente"):
        ausentar(quien, elenco.otra_asesora, elenco.asesora, desde=3, hasta=3)
    ausentar(quien, elenco.otra_asesora, elenco.subdirector, desde=3, hasta=3)
    with sistema():
        assert reemplazo_de(elenco.asesora, dia(3)) == elenco.subdirector
        assert reemplazo_de(elenco.asesora, dia(4)) == elenco.otra_asesora


def test_a_revisora_is_covered_by_somebody_of_her_dependencia(elenco) -> None:
    ausentar(elenco.revisora, elenco.revisora, elenco.asesora)
    with sistema():
        assert relevar_destinatarios([elenco.revisora, elenco.asesora]) == [elenco.asesora]


def test_a_dependencia_is_never_left_alone(elenco) -> None:
    """Internacionales has one person: the absence waits for another one."""
    with pytest.raises(ValidationError, match="no quedaría nadie que atienda"):
        ausentar(elenco.administradora, elenco.asesor_internacional)
    nueva = FabricaPersona(nombre="Nueva Asesora")
    FabricaMembresia(persona=nueva, rol="asesor", entidad=None, dependencia=elenco.internacionales)
    ausentar(elenco.administradora, elenco.asesor_internacional, hasta=5)
    with pytest.raises(ValidationError, match="no quedaría nadie"):
        ausentar(elenco.administradora, nueva, desde=5, hasta=9)
    ausentar(elenco.administradora, nueva, desde=6, hasta=9)


def test_what_is_for_a_role_never_goes_only_to_who_is_away(elenco) -> None:
    """Who has a role of the whole SDFI and works in a dependencia too may be away: a substitute covers them there."""
    administran, arriba = [elenco.administradora], [elenco.subsecretaria]
    FabricaMembresia(persona=elenco.administradora, rol="asesor", entidad=None, dependencia=elenco.archivo)
    with sistema():
        assert de_turno("administrador") == presentes(con_rol("administrador")) == administran
    ausentar(elenco.administradora, elenco.administradora, elenco.directora)
    with sistema():
        assert de_turno("administrador") == [*arriba, *administran]
    otra = FabricaPersona(nombre="Otra Administradora")
    FabricaMembresia(persona=otra, rol="administrador", entidad=None)
    with sistema():
        assert de_turno("administrador") == [otra]
        Membresia.objects.filter(rol="subsecretario").update(hasta=dia(-1))
        assert de_turno("subsecretario") == [otra]
        Persona.objects.filter(pk=otra.pk).update(is_active=False)
        assert de_turno("subsecretario") == administran


def test_who_answers_goes_from_the_substitute_to_the_heads(elenco) -> None:
    lugar = elenco.sistema_archivos.pk

    def responde(reservada: bool = False) -> Persona | None:
        with sistema():
            return responsable_de(elenco.asesora.pk, lugar, reservada=reservada)

    assert responde() == elenco.asesora
    suya = ausentar(elenco.subdirector, elenco.asesora, elenco.otra_asesora)
    assert (responde(), responde(True)) == (elenco.otra_asesora, elenco.subdirector)
    ausentar(elenco.subdirector, elenco.otra_asesora)
    assert responde() == elenco.subdirector
    ausentar(elenco.directora, elenco.subdirector)
    assert (responde(), responde(True)) == (elenco.directora, elenco.directora)
    with pytest.raises(ValidationError, match="no quedaría nadie"):
        ausentar(elenco.directora, elenco.directora)
    with actuar(elenco.asesora), transaction.atomic():
        terminar_ausencia(ausencia=suya)
    assert responde() == elenco.asesora
    with sistema():
        assert quien_queda(lugar) == elenco.directora


def test_a_role_that_ended_or_an_account_that_was_closed_answers_for_nothing(elenco) -> None:
    lugar = elenco.sistema_archivos.pk
    ausentar(elenco.subdirector, elenco.asesora, elenco.otra_asesora)
    with sistema():
        Membresia.objects.filter(persona=elenco.otra_asesora).update(hasta=dia(-1))
        assert responsable_de(elenco.asesora.pk, lugar) == elenco.subdirector
        Persona.objects.filter(pk=elenco.subdirector.pk).update(is_active=False)
        assert responsable_de(elenco.asesora.pk, lugar) == elenco.directora


def test_ending_one_leaves_the_days_that_were(elenco) -> None:
    with con_reloj(timezone.now() - timedelta(days=3)):
        vieja = ausentar(elenco.asesora, elenco.asesora, desde=-3, hasta=4)
    por_venir = ausentar(elenco.asesora, elenco.asesora, desde=6, hasta=9)
    with actuar(elenco.otra_asesora), pytest.raises(ValidationError, match="no puede cambiar"):
        terminar_ausencia(ausencia=vieja)
    with actuar(elenco.subdirector), transaction.atomic():
        terminar_ausencia(ausencia=vieja)
        terminar_ausencia(ausencia=por_venir)
    vieja, por_venir = releer(vieja), releer(por_venir)
    assert (vieja.hasta, vieja.anulada_en) == (dia(-1), None)
    assert por_venir.anulada_en is not None
    assert ausencia_de(elenco.asesora) is None and ausencia_de(elenco.asesora, dia(7)) is None
    with actuar(elenco.asesora), pytest.raises(ValidationError, match="ya había terminado"):
        terminar_ausencia(ausencia=vieja)


def test_with_the_act_the_substitute_of_a_head_has_the_encargo(elenco) -> None:
    """K12: an absence alone gives nobody the signature."""
    ausentar(elenco.subdirector, elenco.subdirector, elenco.asesora, desde=1, hasta=3)
    assert not Encargo.objects.exists()
    with pytest.raises(ValidationError, match="quien dirige"):
        ausentar(elenco.asesora, elenco.asesora, elenco.otra_asesora, desde=5, hasta=6, acto="Resolución 1")
    hecha = ausentar(
        elenco.directora, elenco.subdirector, elenco.asesora, desde=5, hasta=8, acto="Resolución 412 de 2026"
    )
    encargo = Encargo.objects.get()
    assert hecha.encargo == encargo
    assert (encargo.persona, encargo.dependencia) == (elenco.asesora, elenco.sistema_archivos)
    assert (encargo.desde, encargo.hasta, encargo.acto) == (dia(5), dia(8), "Resolución 412 de 2026")
    assert list(Encargo.objects.vigentes(dia(6))) == [encargo]
    with actuar(elenco.directora), transaction.atomic():
        terminar_ausencia(ausencia=hecha)
    assert not any(Encargo.objects.vigentes(dia(n)).exists() for n in range(10))


def test_whoever_heads_a_subdireccion_covers_the_director_with_the_act(elenco) -> None:
    """The usual encargo: it gives the signature of the dirección, and only with its act."""
    with pytest.raises(ValidationError, match="escriba el acto"):
        ausentar(elenco.directora, elenco.directora, elenco.subdirector, desde=5, hasta=8)
    ausentar(elenco.directora, elenco.directora, elenco.subdirector, desde=5, hasta=8, acto="Resolución 455 de 2026")
    encargo = Encargo.objects.get()
    assert (encargo.persona, encargo.dependencia) == (elenco.subdirector, elenco.archivo)
    with pytest.raises(ValidationError, match="no atiende en"):
        ausentar(elenco.directora, elenco.directora, elenco.revisora, desde=15, hasta=18, acto="Resolución 455")


def test_ones_own_absence_offers_only_who_serves(elenco) -> None:
    """Nobody is offered who would then be refused."""
    for persona in (elenco.directora, elenco.subdirector, elenco.asesora, elenco.revisora):
        with sistema():
            posibles = set(pueden_cubrir_a(persona.pk))
            todas = set(Persona.objects.exclude(pk=persona.pk).values_list("pk", flat=True))
        assert posibles
        for otra in Persona.objects.filter(pk__in=todas):
            datos = {"acto": "Resolución 1"} if persona in (elenco.directora, elenco.subdirector) else {}
            sirve = True
            try:
                with actuar(persona), transaction.atomic():
                    registrar_ausencia(persona=persona, desde=dia(), hasta=dia(5), suplente=otra, **datos)
                    transaction.set_rollback(True)
            except ValidationError:
                sirve = False
            assert sirve == (otra.pk in posibles), (persona, otra)


def test_the_encargo_of_who_came_back_before_ends_then(elenco) -> None:
    with con_reloj(timezone.now() - timedelta(days=3)):
        hecha = ausentar(elenco.directora, elenco.subdirector, elenco.asesora, -3, 4, acto="Resolución 412 de 2026")
    assert Encargo.objects.vigentes(dia()).exists()
    with actuar(elenco.directora), transaction.atomic():
        terminar_ausencia(ausencia=hecha)
    assert not Encargo.objects.vigentes(dia()).exists()
    assert Encargo.objects.vigentes(dia(-1)).exists()
    with sistema():
        assert Ausencia.objects.get(pk=hecha.pk).encargo is not None
