"""A person with an account. What they may do comes from memberships, never from flags here."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from alcance.registro import Clase


class GestorPersonas(BaseUserManager["Persona"]):
    def get_by_natural_key(self, correo: str | None) -> "Persona":
        return self.get(correo__iexact=correo or "")

    def crear(self, *, correo: str, nombre: str, clave: str | None = None, **datos: Any) -> "Persona":
        """A new person. Without `clave` they cannot sign in until they set one through an invitation."""
        persona = self.model(correo=correo.strip().lower(), nombre=nombre.strip(), **datos)
        persona.set_password(clave)
        persona.save()
        return persona


class Persona(AbstractBaseUser):
    clase_tabla = Clase.SISTEMA

    correo = models.EmailField("correo institucional", max_length=254)
    nombre = models.CharField("nombre completo", max_length=150)
    cargo = models.CharField(max_length=150, blank=True)
    telefono = models.CharField("teléfono", max_length=40, blank=True)
    atajos = models.BooleanField(
        "usar atajos de teclado",
        default=False,
        help_text="Letras sueltas para moverse por las listas (ayuda con «?»).",
    )
    is_active = models.BooleanField("activa", default=True)
    creada_en = models.DateTimeField(default=timezone.now)

    objects = GestorPersonas()

    USERNAME_FIELD = "correo"
    EMAIL_FIELD = "correo"
    REQUIRED_FIELDS = ["nombre"]

    class Meta:
        verbose_name = "persona"
        verbose_name_plural = "personas"
        constraints = [
            models.UniqueConstraint(
                Lower("correo"),
                name="direcciones_persona_correo_unico",
                violation_error_message="Ya hay una persona con ese correo.",
            )
        ]

    def __str__(self) -> str:
        return self.nombre

    @property
    def nombre_de_pila(self) -> str:
        return self.nombre.split(" ", 1)[0]
