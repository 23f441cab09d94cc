from django.apps import AppConfig


class TablerosConfig(AppConfig):
    name = "tableros"

    def ready(self) -> None:
        from solicitudes.services.inversiones import registrar_contador
        from tableros.services import inversiones_por_bandeja

        registrar_contador(inversiones_por_bandeja)
