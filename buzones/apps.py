from django.apps import AppConfig


class BuzonesConfig(AppConfig):
    name = "buzones"

    def ready(self) -> None:
        from buzones import comprobaciones  # noqa: F401
        from buzones.fichas import CANALES
        from buzones.services.aprendizaje import ejemplos_de_correos
        from buzones.services.bandeja import cuantos
        from clasificador.fuentes import registrar_fuente
        from direcciones.fichas import registrar_ficha
        from sdfi_portal.navegacion import registrar_cuenta

        registrar_ficha(CANALES)
        registrar_fuente("correos", ejemplos_de_correos)
        registrar_cuenta("buzones:por_clasificar", cuantos)
