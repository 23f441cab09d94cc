"""I03: fields nobody offered change nothing (mass assignment).

Every form is sent twice: as it is, and with a value for every field of every model. What changes in the database must
be the same.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from alcance.registro import clase_de
from sdfi_portal.aislamiento.llamadas import Marcador
from sdfi_portal.aislamiento.mundo import Mundo
from tests.seguridad.formularios import Hallado, formularios
from tests.seguridad.fotos import Cambio, cambios, foto

pytestmark = pytest.mark.ignore_template_errors
PAPELES = ("enlace_a", "admin_a", "asesor_x", "subdirector_x", "ventanilla")
INTRUSO = "INTRUSO"
# Different each time by nature: secrets, digests, sequence numbers.
DE_AZAR = ("nonce", "token", "huella", "sal", "codigo", "radicado", "ruta", "pk", "hash", "peticion", "sha256")


def de_mas(este: Mundo) -> dict[str, str]:
    """A hostile value for every field of every model of ours."""
    valores: dict[str, str] = {"is_staff": "on", "is_superuser": "on", "es_admin": "on", "rol": "administrador"}
    for modelo in apps.get_models():
        if clase_de(modelo) is None or modelo._meta.app_label in {"account", "mfa", "axes", "socialaccount"}:
            continue
        for campo in modelo._meta.concrete_fields:
            valor = _valor(campo, este)
            valores.setdefault(campo.name, valor)
            valores.setdefault(campo.attname, valor)
    return valores


def _valor(campo: Any, este: Mundo) -> str:
    if campo.related_model is not None:
        ajena = next((o.fila for o in este.objetos.values() if isinstance(o.fila, campo.related_model)), None)
        persona = este.elenco.personas["enlace_b"]
        return str(ajena.pk if ajena else persona.pk)
    if campo.choices:
        return str(list(campo.flatchoices)[-1][0])
    if isinstance(campo, models.BooleanField):
        return "on"
    if isinstance(campo, models.DateTimeField):
        return "1999-12-31T10:00"
    if isinstance(campo, models.DateField):
        return "1999-12-31"
    return "7" if isinstance(campo, models.IntegerField) else INTRUSO


def huella(hallados: list[Cambio]) -> set[tuple[str, str, str]]:
    """The changes without what differs each time. Shape: (model, field, new value)."""
    return {(c.modelo, c.campo, "…" if _al_azar(c) else str(c.despues)) for c in hallados}


def _al_azar(cambio: Cambio) -> bool:
    if any(parte in cambio.campo for parte in DE_AZAR) or cambio.campo.endswith("_id"):
        return isinstance(cambio.antes, type(None))
    ahora = timezone.now()
    return isinstance(cambio.despues, UUID) or (
        isinstance(cambio.despues, datetime) and abs(cambio.despues - ahora) < timedelta(minutes=10)
    )


def enviar(marcador: Marcador, hallado: Hallado, datos: dict[str, Any], antes: dict) -> list[Cambio]:
    tocados: list[Cambio] = []
    marcador.llamar(
        hallado.papel, "POST", hallado.url, data=datos, mirar=lambda: tocados.extend(cambios(antes, foto()))
    )
    return tocados


@pytest.mark.parametrize("papel", PAPELES)
def test_fields_nobody_offered_change_nothing(este: Mundo, marcador: Marcador, papel: str) -> None:
    extra, malas, utiles, antes = de_mas(este), [], 0, foto()
    for hallado in formularios(marcador, papel):
        limpio = hallado.lleno()
        como_es = huella(enviar(marcador, hallado, limpio, antes))
        cargado = huella(enviar(marcador, hallado, {**extra, **limpio}, antes))
        utiles += bool(como_es)
        malas += [f"{hallado}: {de} {campo} = {valor}" for de, campo, valor in sorted(cargado - como_es)]
    assert malas == []
    assert utiles, "ningún formulario hizo nada: la prueba no prueba"
