from django.apps import AppConfig


class ConceptosConfig(AppConfig):
    name = "conceptos"

    def ready(self) -> None:
        from conceptos.services import conceptos_relacionados
        from solicitudes.relacionados import registrar_buscador

        registrar_buscador(conceptos_relacionados)
