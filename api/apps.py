from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "API"

    def ready(self) -> None:
        from api import esquema  # noqa: F401 - tells drf-spectacular how a token travels
