from django.apps import AppConfig


class SolicitudesConfig(AppConfig):
    name = "solicitudes"

    def ready(self) -> None:
        from clasificador.fuentes import registrar_fuente
        from direcciones.efectos import registrar_plazos
        from direcciones.relevos import registrar_relevo
        from solicitudes.services import reflujo
        from solicitudes.services.aprendizaje import ejemplos_de_solicitudes
        from solicitudes.services.relevo import relevar

        registrar_fuente("solicitudes", ejemplos_de_solicitudes)
        registrar_relevo(relevar)
        registrar_plazos(reflujo.efecto_de, reflujo.pedir_recuento)
