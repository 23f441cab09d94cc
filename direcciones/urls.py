from django.urls import include, path

from direcciones.views import catalogos, portafolio

del_catalogo = [
    path("catalogos/", catalogos.catalogos, name="catalogos"),
    path("catalogos/<slug:clave>/", catalogos.catalogo, name="catalogo"),
    path("catalogos/<slug:clave>/agregar/", catalogos.nueva, name="nueva"),
    path("catalogos/<slug:clave>/<int:pk>/", catalogos.fila, name="fila"),
    path("catalogos/<slug:clave>/<int:pk>/editar/", catalogos.editar, name="editar"),
    path("catalogos/<slug:clave>/<int:pk>/terminar/", catalogos.terminar, name="terminar"),
    path("catalogos/<slug:clave>/<int:pk>/reabrir/", catalogos.reabrir, name="reabrir"),
]
urlpatterns = [
    path("", include((del_catalogo, "direcciones"))),
    path("portafolio/", portafolio.portafolio, name="portafolio"),
    path("portafolio/portafolio.pdf", portafolio.pdf, name="portafolio_pdf"),
    path("portafolio/<slug:codigo>/", portafolio.de_direccion, name="portafolio_direccion"),
    path("portafolio/<slug:codigo>/portafolio.pdf", portafolio.pdf, name="portafolio_direccion_pdf"),
]
