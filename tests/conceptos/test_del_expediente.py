"""The lists of conceptos say the same as joining with the solicitudes that are seen."""

import pytest
from django.db import transaction

from alcance import con_alcance
from conceptos.estados import ENTREGADOS
from conceptos.models import Concepto
from solicitudes.models import Solicitud
from tests.fabricas import alcance_de


@pytest.mark.django_db
def test_se_hallan_los_de_las_solicitudes_que_se_ven(mesa) -> None:
    mesa.en_revision()
    mesa.en_revision(reservada=True)
    mesa.entregado()
    hallados = {}
    for nombre, persona in mesa.elenco.personas().items():
        alcance = alcance_de(persona)
        with con_alcance(alcance), transaction.atomic():
            suyos = Concepto.objects.filter(solicitud__in=list(Solicitud.objects.visibles_para(alcance)))
            if alcance.nivel == "auditor":
                suyos = Concepto.objects.all()
            elif alcance.entidad_id or not alcance.rol:
                suyos = suyos.filter(estado__in=ENTREGADOS)
            hallados[nombre] = {c.pk for c in Concepto.objects.del_expediente(alcance)}
            assert hallados[nombre] == {c.pk for c in suyos}, nombre
    assert len(hallados["asesora"]) == 3
    assert len(hallados["revisora"]) == 2  # not the reserved one
    assert len(hallados["enlace"]) == 1
    assert not hallados["ajena"]
    assert not hallados["otra_enlace"]
