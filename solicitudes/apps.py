from django.apps import AppConfig


class SolicitudesConfig(AppConfig):
    name = "solicitudes"

    def ready(self) -> None:
        from direcciones.relevos import registrar_relevo
        from solicitudes.services.relevo import relevar

        registrar_relevo(relevar)
