"""E06: tokens are scoped, hashed, revocable, show their last use, and open the API only."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alcance import como_sistema
from api.models import Token, huella
from api.permisos import Permiso
from api.services import crear_token, credencial_de, revocar_token
from bitacora.models import Suceso
from cuentas.segundo_factor import inscribir_totp, retirar
from direcciones.models import Membresia
from direcciones.services.membresias import terminar_membresia
from sdfi_portal.registro import limpio
from tests import fabricas as f

pytestmark = pytest.mark.django_db
SECRETO = re.compile(r"sdfi_[0-9a-f]{64}")


def hacer(persona: Any, *permisos: str, dias: int = 30) -> tuple[Token, str]:
    with como_sistema("prueba: leer la membresía"):
        membresia = Membresia.objects.get(persona=persona)
    with f.actuar(persona):
        return crear_token(
            membresia=membresia, nombre="Tablero de la entidad", permisos=permisos or ["leer_solicitudes"], dias=dias
        )


def cambiar(creado: Token, **campos: Any) -> None:
    with como_sistema("prueba: cambiar un token"):
        Token.objects.filter(pk=creado.pk).update(**campos)


def releer(creado: Token) -> Token:
    with como_sistema("prueba: leer un token"):
        return Token.objects.get(pk=creado.pk)


def test_only_the_digest_is_kept(elenco) -> None:
    creado, secreto = hacer(elenco.enlace)

    assert SECRETO.fullmatch(secreto)
    guardado = releer(creado)
    assert guardado.sha256 == huella(secreto)
    assert not any(secreto in str(valor) for valor in vars(guardado).values())
    assert guardado.final == secreto[-4:]


def test_it_is_the_person_in_that_role_and_no_other(elenco) -> None:
    creado, secreto = hacer(elenco.enlace)
    credencial = credencial_de(secreto)

    assert credencial is not None
    assert (credencial.persona, credencial.membresia.pk) == (elenco.enlace, creado.membresia_id)
    assert credencial_de(secreto[:-1] + ("0" if secreto[-1] != "0" else "1")) is None
    assert credencial_de("") is None and credencial_de("sdfi_" + "g" * 64) is None


def _revocar(elenco, creado) -> None:
    with f.actuar(elenco.enlace):
        revocar_token(credencial=creado)


def _terminar_el_rol(elenco, creado) -> None:
    with f.actuar(elenco.administradora), como_sistema("prueba: leer la membresía"):
        membresia = Membresia.objects.get(pk=creado.membresia_id)
    with f.actuar(elenco.administradora):
        terminar_membresia(membresia=membresia)


def _desactivar(elenco, creado) -> None:
    elenco.enlace.is_active = False
    elenco.enlace.save()


def _cambiar_la_clave(elenco, creado) -> None:
    elenco.enlace.set_password("otra clave larga de prueba")
    elenco.enlace.save()


def _vencer(elenco, creado) -> None:
    antes = timezone.now() - timedelta(days=40)
    cambiar(creado, creado_en=antes, vence_en=antes + timedelta(days=30))


@pytest.mark.parametrize(
    "fin", [_revocar, _terminar_el_rol, _desactivar, _cambiar_la_clave, _vencer], ids=lambda fin: fin.__name__
)
def test_it_stops_at_once(elenco, fin) -> None:
    """The same request, before and after: 200 and 401."""
    creado, secreto = hacer(elenco.enlace)
    assert credencial_de(secreto) is not None

    fin(elenco, creado)

    assert credencial_de(secreto) is None


def test_a_role_that_needs_a_second_factor_needs_it_for_its_tokens(elenco) -> None:
    inscribir_totp(elenco.directora, "JBSWY3DPEHPK3PXP")
    _, secreto = hacer(elenco.directora, "leer_registro")
    assert credencial_de(secreto) is not None

    retirar(elenco.directora)

    assert credencial_de(secreto) is None


def test_nobody_gives_a_token_what_the_role_cannot_do(elenco) -> None:
    """No permission signs or manages people; and an enlace cannot give away the register."""
    for persona, permiso in ((elenco.enlace, "leer_registro"), (elenco.asesora, "radicar"), (elenco.enlace, "firmar")):
        with pytest.raises(Exception, match="Elija al menos un permiso"):
            hacer(persona, permiso)
    assert not [p for p in Permiso if re.search("firm|usuari|borrador|administr", p.value)]


def test_at_most_a_year_and_twenty(elenco) -> None:
    with pytest.raises(Exception, match="un año"):
        hacer(elenco.enlace, dias=366)
    for _ in range(20):
        hacer(elenco.enlace)
    with pytest.raises(Exception, match="20 tokens"):
        hacer(elenco.enlace)


def test_creating_and_revoking_are_recorded_without_the_secret(elenco) -> None:
    creado, secreto = hacer(elenco.enlace)
    _revocar(elenco, creado)

    with como_sistema("prueba: leer la bitácora"):
        sucesos = list(Suceso.objects.filter(objeto_tipo="api.token", objeto_id=str(creado.pk)).order_by("pk"))
    assert [s.accion for s in sucesos] == ["api.crear_credencial", "api.revocar_credencial"]
    assert not any(secreto in str(valor) for s in sucesos for valor in vars(s).values())


def test_a_secret_that_reaches_the_log_is_covered(elenco) -> None:
    _, secreto = hacer(elenco.enlace)

    assert secreto not in limpio(f"GET /api/v1/ con {secreto} y {secreto}")


# --- Pages -----------------------------------------------------------------------------------------------------------
def test_created_in_the_account_shown_once_and_revoked(elenco, entrar) -> None:
    cliente = entrar(elenco.enlace)
    assert "No tiene tokens" in cliente.get(reverse("api:tokens")).content.decode()

    hecho = cliente.post(
        reverse("api:crear_token"), {"nombre": "Tablero propio", "permisos": ["leer_solicitudes"], "dias": "90"}
    )
    secreto = SECRETO.search(hecho.content.decode())

    assert secreto and "no-store" in hecho["Cache-Control"]
    assert credencial_de(secreto[0]) is not None
    lista = cliente.get(reverse("api:tokens")).content.decode()
    assert "Tablero propio" in lista and "Nunca" in lista and not SECRETO.search(lista)
    with como_sistema("prueba: leer el token"):
        creado = Token.objects.get()
    pagina = cliente.get(reverse("api:revocar_token", args=[creado.pk])).content.decode()
    assert "No se puede deshacer" in pagina and credencial_de(secreto[0]) is not None
    cliente.post(reverse("api:revocar_token", args=[creado.pk]))
    assert credencial_de(secreto[0]) is None


def test_the_form_says_what_is_missing(elenco, entrar) -> None:
    pagina = entrar(elenco.enlace).post(reverse("api:crear_token"), {"dias": "90"}).content.decode()

    assert "Elija al menos un permiso." in pagina and "Escriba para qué es" in pagina
    assert "Leer el registro" not in pagina


def test_who_has_a_second_factor_is_asked_for_it_again(elenco, entrar) -> None:
    inscribir_totp(elenco.directora, "JBSWY3DPEHPK3PXP")
    cliente = entrar(elenco.directora)
    assert cliente.get(reverse("api:crear_token")).status_code == 200

    sesion = cliente.session
    sesion["segundo_factor_en"] -= 3600
    sesion.save()

    ida = cliente.get(reverse("api:crear_token"))
    assert ida.status_code == 302 and ida["Location"].startswith(reverse("mfa_reauthenticate"))


def test_the_administrador_sees_all_and_revokes_any_and_the_auditor_only_looks(elenco, entrar) -> None:
    creado, secreto = hacer(elenco.enlace)
    for quien in (elenco.administradora, elenco.auditora):
        pagina = entrar(quien).get(reverse("api:todos_los_tokens")).content.decode()
        assert "Tablero de la entidad" in pagina and elenco.enlace.nombre in pagina
    revocar = reverse("api:revocar_token", args=[creado.pk])

    assert entrar(elenco.auditora).post(revocar).status_code == 404
    assert entrar(elenco.colega).post(revocar).status_code == 404
    assert credencial_de(secreto) is not None
    assert entrar(elenco.administradora).post(revocar).status_code == 302
    assert credencial_de(secreto) is None


@pytest.mark.parametrize("cuantos", [3, 19])
def test_the_list_asks_the_same_whatever_its_length(elenco, entrar, cuantos, django_assert_num_queries) -> None:
    cliente = entrar(elenco.enlace)
    hacer(elenco.enlace)
    cliente.get(reverse("api:tokens"))
    with CaptureQueriesContext(connection) as con_una:
        cliente.get(reverse("api:tokens"))
    for _ in range(cuantos - 1):
        hacer(elenco.enlace)
    with django_assert_num_queries(len(con_una)):
        cliente.get(reverse("api:tokens"))
