from django.apps import AppConfig


class BuzonesConfig(AppConfig):
    name = "buzones"

    def ready(self) -> None:
        from buzones.fichas import CANALES
        from direcciones.fichas import registrar_ficha

        registrar_ficha(CANALES)
