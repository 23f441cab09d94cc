"""The proof of tenancy itself (security.md §4.9): nothing to report, and a report when a net is cut."""

import pytest

from sdfi_portal.aislamiento.prueba import probar

# Undefined variables are for the tests of each page; here they would hide what the answer says.
pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def test_nobody_sees_what_is_not_theirs() -> None:
    """T01, T05, T07, T13: the fast proof, through every URL."""
    resultado = probar()

    assert not resultado.discrepancias, "\n".join(map(str, resultado.discrepancias))
    assert resultado.tablas_rls == resultado.tablas_inquilino > 0
    assert resultado.llamadas > 1000
