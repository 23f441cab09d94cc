"""The cast itself: each person acts as what they are."""

import pytest

from alcance import Alcance
from direcciones.roles import Rol
from solicitudes.models import Solicitud
from tests.fabricas import FabricaMembresia, actuar, alcance_de

pytestmark = pytest.mark.django_db


def test_cada_quien_actua_con_su_alcance(elenco):
    assert alcance_de(elenco.enlace).entidad_id == elenco.secretaria.pk
    assert alcance_de(elenco.directora).jefaturas == (elenco.archivo.pk, elenco.sistema_archivos.pk)
    assert alcance_de(elenco.auditora).nivel == "auditor"
    assert alcance_de(elenco.ajena) == Alcance(persona_id=elenco.ajena.pk)


def test_un_enlace_limitado_conoce_sus_dependencias(elenco):
    """domain.md §2.1: an enlace may be one for some direcciones; those below them count too."""
    membresia = FabricaMembresia(
        persona=elenco.ajena, rol=Rol.ENLACE, entidad=elenco.secretaria, solo_direcciones=[elenco.archivo.pk]
    )

    alcance = alcance_de(membresia)

    assert alcance.es_limitado
    assert set(alcance.solo_dependencias) == {elenco.archivo.pk, elenco.sistema_archivos.pk}


def test_sin_persona_no_se_ve_ninguna_solicitud(elenco):
    """Without a person, `radicada_por is null` must not open what came by other channels."""
    with actuar(elenco.enlace):
        assert not Solicitud.objects.visibles_para(Alcance()).exists()
