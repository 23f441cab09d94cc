from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "sdfi_portal"

    def ready(self) -> None:
        from sdfi_portal.formularios import hablar_claro

        hablar_claro()
