from django.apps import AppConfig


class ConceptosConfig(AppConfig):
    name = "conceptos"

    def ready(self) -> None:
        from conceptos.botones import botones_de_concepto
        from conceptos.documentos import conceptos_entregados
        from conceptos.services import conceptos_relacionados
        from solicitudes.botones import registrar_botones
        from solicitudes.relacionados import registrar_buscador
        from solicitudes.respuestas import registrar_documentos

        registrar_buscador(conceptos_relacionados)
        registrar_botones(botones_de_concepto)
        registrar_documentos(conceptos_entregados)
