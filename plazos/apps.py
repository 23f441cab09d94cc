from django.apps import AppConfig


class PlazosConfig(AppConfig):
    name = "plazos"

    def ready(self) -> None:
        """A request reads the calendar once: its memory is emptied when it starts and thrown away when it ends."""
        from django.core.signals import request_finished, request_started

        from plazos.services import abrir_lectura, cerrar_lectura

        request_started.connect(abrir_lectura, dispatch_uid="plazos.abrir_lectura")
        request_finished.connect(cerrar_lectura, dispatch_uid="plazos.cerrar_lectura")
