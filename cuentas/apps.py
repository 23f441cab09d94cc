from django.apps import AppConfig


class CuentasConfig(AppConfig):
    name = "cuentas"

    def ready(self) -> None:
        from cuentas.politicas import registrar_externas

        registrar_externas()
