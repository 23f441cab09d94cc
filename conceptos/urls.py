from django.urls import path

from conceptos import convertidores, views  # noqa: F401

app_name = "conceptos"
urlpatterns = [
    path("conceptos/", views.mios, name="mios"),
    path("conceptos/por-revisar/", views.por_revisar, name="por_revisar"),
    path("conceptos/por-firmar/", views.por_firmar, name="por_firmar"),
    path("conceptos/nuevo/<int:parte>/", views.nuevo, name="nuevo"),
    path("conceptos/<int:pk>/", views.detalle, name="detalle"),
    path("conceptos/<int:pk>/editar/", views.editar, name="editar"),
    path("conceptos/<int:pk>/vista-previa/", views.vista_previa, name="vista_previa"),
    path("conceptos/<int:pk>/enviar/", views.enviar, name="enviar"),
    path("conceptos/<int:pk>/retomar/", views.retomar, name="retomar"),
    path("conceptos/<int:pk>/revisar/", views.revisar, name="revisar"),
    path("conceptos/<int:pk>/devolver/", views.devolver, name="devolver"),
    path("conceptos/<int:pk>/firmar/", views.firmar, name="firmar"),
    path("conceptos/<int:pk>/comparar/", views.comparar, name="comparar"),
    path("conceptos/<int:pk>/version/<int:numero>/", views.version_pdf, name="version_pdf"),
    path("conceptos/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("conceptos/<int:pk>/siga/", views.siga, name="siga"),
    path("conceptos/<int:pk>/anular/", views.anular, name="anular"),
    path("conceptos/<int:pk>/sustituir/", views.sustituir, name="sustituir"),
    path("banco/", views.banco, name="banco"),
    path("banco/<numero:numero>/", views.publicado, name="publicado"),
    path("banco/<numero:numero>/pdf/", views.publicado_pdf, name="publicado_pdf"),
    path("verificar/", views.verificar, name="verificar"),
    path("verificar/<str:codigo>/", views.verificar_codigo, name="verificar_codigo"),
]
