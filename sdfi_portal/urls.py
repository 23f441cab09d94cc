"""The map of the portal. Each app brings its own urls.py; here they only find their place."""

from django.conf import settings
from django.urls import include, path, re_path

from sdfi_portal import paginas, preferencias
from sdfi_portal.correos import galeria_de_correos
from sdfi_portal.salud import salud

# No address belongs to two of them: the first ones are those that are asked all day, and finding one costs what comes
# before it.
urlpatterns = [
    path("", paginas.portada, name="inicio"),
    path("", include("solicitudes.urls_atencion")),
    path("", include("solicitudes.urls")),
    path("", include("tableros.urls")),
    path("", include("conceptos.urls")),
    path("", include("cuentas.urls_entrada")),
    path("", include("cuentas.urls")),
    path("como-solicitar/", paginas.como_solicitar, name="como_solicitar"),
    path("ayuda/", paginas.ayuda, name="ayuda"),
    path("accesibilidad/", paginas.accesibilidad, name="accesibilidad"),
    re_path(
        r"^accesibilidad/(?P<cambio>letra-mas|letra-menos|contraste)/$",
        preferencias.preferencias,
        name="preferencias",
    ),
    path("privacidad/", paginas.privacidad, name="privacidad"),
    path("terminos/", paginas.terminos, name="terminos"),
    path("mapa/", paginas.mapa, name="mapa"),
    path("salud/", salud, name="salud"),
    path("guia-de-estilo/", paginas.guia_de_estilo, name="guia_de_estilo"),
    path("guia-de-estilo/correos/", galeria_de_correos, name="guia_correos"),
    path("", include("plazos.urls")),
    path("", include("direcciones.urls")),
    path("", include("bitacora.urls")),
    path("", include("bandeja.urls")),
    path("", include("avisos.urls")),
    path("", include("encuestas.urls")),
    path("", include("buzones.urls")),
    path("", include("exportaciones.urls")),
    path("", include("importaciones.urls")),
    path("", include("expedientes.urls")),
    path("", include("datos_personales.urls")),
    path("", include("api.urls")),
]
if not settings.ES_PRODUCCION:
    urlpatterns.append(path("", include("demo.urls")))

handler400 = "sdfi_portal.errores.peticion"
handler403 = "sdfi_portal.errores.prohibido"
handler404 = "sdfi_portal.errores.no_encontrado"
handler500 = "sdfi_portal.errores.falla"
