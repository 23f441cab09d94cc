"""Which pages anybody may open: a list that a person reviews (T02, T03)."""

from django.urls import get_resolver

from alcance.checks import rutas
from alcance.politicas import politica_de
from cuentas.politicas import PROPIAS, PUBLICAS
from sdfi_portal.aislamiento.rutas import PUBLICAS as REVISADAS

# They answer a person whose session ended by keeping what was typed, so the login middleware must let them through and
# the policy itself stops the anonymous (alcance/middleware.py; the matrix of tests/seguridad asks each of them).
CONSERVAN_LO_ESCRITO = {
    "solicitudes:borrador",
    "solicitudes:complementar",
    "solicitudes:devolver_archivo",
    "solicitudes:mensaje",
    "solicitudes:quitar_archivo",
    "solicitudes:retirar",
}
# DRF takes its views out of the login middleware; the policy stops the anonymous there as well (the matrix asks them).
DE_DRF = {"solicitudes:guardar", "solicitudes:registrar_guardar"}


def de_la_api() -> set[str]:
    """What lives under /api/, where a session opens nothing (docs/decisiones/0021)."""
    return {n for n, p in todas().items() if str(p.pattern).startswith("api/")}


def todas() -> dict[str, object]:
    return dict(rutas(get_resolver()))


def test_the_public_pages_are_exactly_the_reviewed_ones() -> None:
    publicas = {n for n, p in todas().items() if (politica := politica_de(p.callback, n)) and politica.publica}
    assert publicas == REVISADAS


def test_what_the_login_middleware_lets_through_is_what_the_policies_call_public() -> None:
    """T03: two nets, one list, and the reviewed views that only the policy guards."""
    libres = {n for n, p in todas().items() if not getattr(p.callback, "login_required", True)}
    politicas = {n: politica for n, p in todas().items() if (politica := politica_de(p.callback, n))}
    assert {n for n, p in politicas.items() if p.sin_sesion} - de_la_api() == CONSERVAN_LO_ESCRITO
    assert (
        libres
        == {n for n, politica in politicas.items() if politica.publica} | CONSERVAN_LO_ESCRITO | DE_DRF | de_la_api()
    )


def test_every_page_of_allauth_is_ours_or_404() -> None:
    """No page of the library at an address of its own."""
    de_allauth = {n for n, p in todas().items() if getattr(p.callback, "__module__", "").startswith("allauth")}
    assert de_allauth <= {*PUBLICAS, *PROPIAS}


def test_every_public_page_says_why() -> None:
    for nombre, patron in todas().items():
        politica = politica_de(patron.callback, nombre)
        if politica is not None and not politica.roles:
            assert politica.porque, nombre
