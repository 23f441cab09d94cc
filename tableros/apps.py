from django.apps import AppConfig


class TablerosConfig(AppConfig):
    name = "tableros"

    def ready(self) -> None:
        from encuestas import llevadas
        from solicitudes.services import abiertas, inversiones
        from tableros import services

        inversiones.registrar_contador(services.inversiones_por_bandeja, services.inversiones_sin_motivo)
        abiertas.registrar_contador(services.abiertas_de, services.de_la_jefatura)
        llevadas.registrar_contador(services.encuestas_por_entidad)
