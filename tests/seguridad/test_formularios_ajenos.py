"""T09, T10: an id of somebody else's in any field of any form is refused and changes nothing.

Zammad CVE-2026-34722 (links added at creation without authorisation), FreeScout cr68 (data of others through a form's
id), GLPI CVE-2026-42318 (any object deletable through another one's form).
"""

import pytest

from alcance.registro import Clase
from sdfi_portal.aislamiento.canarios import CANARIO
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo
from tests.seguridad.formularios import Hallado, formularios
from tests.seguridad.fotos import cambios, foto, referencias

pytestmark = pytest.mark.ignore_template_errors
PAPELES = ("enlace_b", "admin_b", "asesor_y", "subdirector_y", "ventanilla")
DE_TEXTO = {"text", "textarea", "search", "email", "tel", "password", "url", "date", "datetime-local", "time"}


def ajenos(este: Mundo, papel: str) -> dict[tuple[str, object], str]:
    """Every row of the world this papel may not see. Shape: (model, pk) → key of the object."""
    return {
        (objeto.fila._meta.label_lower, objeto.fila.pk): clave
        for clave, objeto in este.objetos.items()
        if papel not in objeto.ven
    }


def sustitutos(este: Mundo, papel: str) -> list[str]:
    """What a curious person would write in the place of an id: numbers, radicados, keys; one row of each kind."""
    filas = {type(objeto.fila): objeto.fila for objeto in este.objetos.values() if papel not in objeto.ven}.values()
    valores = {
        str(getattr(fila, campo)) for fila in filas for campo in ("pk", "radicado", "clave") if hasattr(fila, campo)
    }
    return sorted(valores)


def con_ids(hallado: Hallado) -> list[str]:
    """Names of the fields that could carry an id."""
    return sorted(
        {c.nombre for c in hallado.formulario.campos if c.nombre and c.tipo not in DE_TEXTO} - {"csrfmiddlewaretoken"}
    )


@pytest.mark.parametrize("papel", PAPELES)
def test_ids_of_others_in_a_form_do_nothing(este: Mundo, marcador: Marcador, papel: str) -> None:
    prohibidos, malas = ajenos(este, papel), []
    for hallado in formularios(marcador, papel):
        for campo in con_ids(hallado):
            antes = foto(Clase.INQUILINO)
            for valor in sustitutos(este, papel):
                tocados: list = []
                respuesta = marcador.llamar(
                    papel,
                    "POST",
                    hallado.url,
                    data={**hallado.lleno(), campo: valor},
                    mirar=lambda antes=antes, tocados=tocados: tocados.extend(cambios(antes, foto(Clase.INQUILINO))),
                )
                filas = {(c.modelo, c.pk) for c in tocados} | referencias(tocados)
                malas += [f"{hallado} · {campo}={valor} toca {prohibidos[f]}" for f in filas & prohibidos.keys()]
                malas += [
                    f"{hallado} · {campo}={valor} muestra {c}"
                    for c in {m.decode() for m in CANARIO.findall(respuesta.cuerpo)}
                    if c in este.objetos and papel not in este.objetos[c].ven
                ]
                if respuesta.estado >= 500:
                    malas.append(f"{hallado} · {campo}={valor}: {respuesta.error}")
    assert malas == []
