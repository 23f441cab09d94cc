"""M10 and M11 as decisions: a body is tied to nothing of who is not party, and what comes back opens nothing."""

import pytest
from django.db import transaction

from buzones.criterio.dictamen import dictaminar
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase, EstadoCorreo, Origen
from buzones.mime.desarmar import desarmar
from buzones.services import guardar
from buzones.services.hechos import reunir
from tests.avisos.test_dsn import CORPUS

# What each says is checked in tests/avisos; here, only that it is taken for what it is.
NO_SON = {"ausencia": Clase.AUSENCIA, "respuesta": Clase.POR_CLASIFICAR}


def juzgar(crudo: bytes) -> Dictamen:
    suya, d = guardar(crudo, origen=Origen.COMANDO), desarmar(crudo)
    with transaction.atomic():
        return dictaminar(d, reunir(suya, d))


@pytest.mark.django_db
def test_m11_every_report_is_recognised_and_none_is_answered() -> None:
    """None names a mail of ours: so no address is touched, and at most a person is asked."""
    sin_reconocer = []
    for archivo in sorted(CORPUS.glob("*.eml")):
        dicho = juzgar(archivo.read_bytes())
        assert dicho.solicitud_id is None, archivo.name
        if archivo.stem in NO_SON:
            assert (dicho.clase, dicho.propuesta == Clase.REBOTE) == (NO_SON[archivo.stem], False)
            continue
        assert (dicho.responder, dicho.temas) == (Respuesta.NINGUNA, ()), archivo.name
        if dicho.propuesta == Clase.REBOTE:
            assert (dicho.regla, dicho.estado) == (3, EstadoCorreo.POR_CLASIFICAR)
        elif dicho.regla != 5:  # late, delivered: said by a machine
            sin_reconocer.append((archivo.name, dicho.regla, dicho.razones))
    assert not sin_reconocer
