"""What is drawn once shows nothing but its values: nobody sees what was drawn for somebody else."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template import Context, RequestContext, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils.html import format_html


def plantilla(dentro: str, valores: str = "") -> Callable[..., str]:
    hecha = Template(f"{{% una_vez {valores} %}}{dentro}{{% enduna_vez %}}")
    return lambda **contexto: str(hecha.render(Context(contexto)))


def test_se_dibuja_una_vez_por_valores() -> None:
    cuentas: list[str] = []

    class Cuenta:
        def __str__(self) -> str:
            cuentas.append("")
            return "uno"

    dibujar, mismo = plantilla("{{ x }}-{{ y }}", "x=a y=b"), Cuenta()
    assert [dibujar(a=mismo, b=1), dibujar(a=mismo, b=1), dibujar(a=mismo, b=2)] == ["uno-1", "uno-1", "uno-2"]
    assert len(cuentas) == 2


def test_lo_de_afuera_no_entra() -> None:
    dibujar = plantilla("{{ nombre }}{% if otro or request %}, y algo más{% endif %}", "nombre=quien")
    assert dibujar(quien="Ana", otro="de Ana", request="r") == "Ana"
    assert dibujar(quien="Ana", otro="de Luis", request="r") == "Ana"


def test_un_texto_seguro_no_presta_su_dibujo_al_que_no_lo_es() -> None:
    dibujar = plantilla("{{ x }}", "x=a")
    assert dibujar(a=format_html("<b>{}</b>", "1")) == "<b>1</b>"
    assert dibujar(a="<b>1</b>") == "&lt;b&gt;1&lt;/b&gt;"
    assert [dibujar(a=1), dibujar(a=True)] == ["1", "True"]


def test_el_sello_es_el_de_cada_peticion(rf: RequestFactory) -> None:
    hecha = Template("{% una_vez %}<form>{% csrf_token %}</form><form>{% csrf_token %}</form>{% enduna_vez %}")
    for _ in range(2):
        peticion: HttpRequest = rf.get("/")
        html = hecha.render(RequestContext(peticion))
        secreto = peticion.META["CSRF_COOKIE"]
        uno, otro = (trozo.split('"')[0] for trozo in html.split('value="')[1:])
        assert uno == otro != secreto
        del peticion.META["CSRF_COOKIE"]
        assert get_token(peticion) != uno


def test_ni_bloques_ni_valores_sin_nombre() -> None:
    for mala in ("{% una_vez %}{% block x %}{% endblock %}{% enduna_vez %}", "{% una_vez a %}{% enduna_vez %}"):
        with pytest.raises(TemplateSyntaxError):
            Template(mala)


@pytest.mark.django_db
def test_cada_quien_ve_su_nombre_y_su_menu(elenco: Any, entrar: Any, client: Any) -> None:
    quienes = [elenco.asesora, elenco.enlace]
    for quien in (*quienes, *quienes):
        html = entrar(quien).get("/ayuda/").content.decode()
        assert [uno.nombre in html for uno in quienes] == [uno is quien for uno in quienes]
        assert ('href="/asesor/cola/"' in html) == (quien is elenco.asesora)
    html = client.get("/ayuda/").content.decode()
    assert not any(uno.nombre in html for uno in quienes)
    assert 'href="/entrar/"' in html
