from django.urls import path

from cuentas.views import accesos, cuenta, entidad, invitacion, lote, usuarios

app_name = "cuentas"
urlpatterns = [
    path("cuenta/", cuenta.cuenta, name="cuenta"),
    path("cuenta/datos/", cuenta.datos, name="datos"),
    path("cuenta/rol/", cuenta.cambiar_rol, name="cambiar_rol"),
    path("cuenta/sesiones/", cuenta.terminar_sesiones, name="terminar_sesiones"),
    path("cuenta/sesion/", cuenta.sesion, name="sesion"),
    path("invitacion/<slug:token>/", invitacion.invitacion, name="invitacion"),
    path("pedir-acceso/", invitacion.pedir_usuario, name="pedir_usuario"),
    path("pedir-acceso/recibida/", invitacion.usuario_pedido, name="usuario_pedido"),
    path("entidad/", entidad.entidad, name="entidad"),
    path("entidad/enlaces/", entidad.enlaces, name="enlaces"),
    path("entidad/enlaces/invitar/", entidad.invitar_enlace, name="invitar_enlace"),
    path("entidad/enlaces/<int:pk>/retirar/", entidad.retirar_enlace, name="retirar_enlace"),
    path("entidad/enlaces/<int:pk>/limites/", entidad.limitar_enlace, name="limitar_enlace"),
    path("entidad/enlaces/<int:pk>/reemplazar/", entidad.reemplazar, name="reemplazar_enlace"),
    path("usuarios/", usuarios.usuarios, name="usuarios"),
    path("usuarios/invitar/", usuarios.invitar, name="invitar"),
    path("invitar-varios/", lote.invitar_varios, name="invitar_varios"),
    path("invitar-varios/ejemplo.csv", lote.ejemplo, name="ejemplo_invitados"),
    path("usuarios/invitaciones/", usuarios.lista_invitaciones, name="invitaciones"),
    path("usuarios/invitaciones/<int:pk>/reenviar/", usuarios.reenviar_invitacion, name="reenviar_invitacion"),
    path("usuarios/invitaciones/<int:pk>/anular/", usuarios.anular_invitacion, name="anular_invitacion"),
    path("usuarios/accesos/", accesos.accesos, name="accesos"),
    path("usuarios/accesos/<int:pk>/", accesos.acceso, name="acceso"),
    path("usuarios/roles/<int:pk>/terminar/", usuarios.terminar_rol, name="terminar_rol"),
    path("usuarios/<int:pk>/", usuarios.usuario, name="usuario"),
    path("usuarios/<int:pk>/datos/", usuarios.corregir, name="corregir_usuario"),
    path("usuarios/<int:pk>/rol/", usuarios.agregar_rol, name="agregar_rol"),
    path("usuarios/<int:pk>/desactivar/", usuarios.desactivar, name="desactivar_usuario"),
    path("usuarios/<int:pk>/activar/", usuarios.activar, name="activar_usuario"),
    path("usuarios/<int:pk>/desbloquear/", usuarios.desbloquear, name="desbloquear_usuario"),
    path("usuarios/<int:pk>/segundo-factor/", usuarios.retirar_segundo_factor, name="retirar_segundo_factor"),
]
