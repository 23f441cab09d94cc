from django.apps import AppConfig


class AlcanceConfig(AppConfig):
    name = "alcance"

    def ready(self) -> None:
        from alcance import checks  # noqa: F401
