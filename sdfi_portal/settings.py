"""All settings, read from the environment (names and examples in README and `.env.ejemplo`).

Three modes (`PORTAL_MODO`): `produccion` refuses to start when something is unsafe (security.md X04), `demo` is what
`script/server` serves on this machine only, `pruebas` is what `script/test` runs.
"""

from datetime import time
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from kombu import Queue

from sdfi_portal.entorno import Entorno

RAIZ = Path(__file__).resolve().parent.parent
entorno = Entorno()

MODO = entorno.opcion("PORTAL_MODO", ("produccion", "demo", "pruebas"), "produccion")
ES_PRODUCCION = MODO == "produccion"
ES_DEMO = MODO == "demo"

# --- Identity of this installation -------------------------------------------------------------------------------
DOMINIO = entorno.texto("DOMINIO", None if ES_PRODUCCION else "http://localhost:8000").rstrip("/")
_url = urlsplit(DOMINIO)
SECRET_KEY = entorno.texto("SECRET_KEY", "pruebas-" + "x" * 50 if MODO == "pruebas" else None)
SECRET_KEY_FALLBACKS = entorno.lista("SECRET_KEY_ANTERIORES")
DEBUG = entorno.logico("DEBUG")
ALLOWED_HOSTS = [_url.hostname or "", *entorno.lista("HOSTS")]
if not ES_PRODUCCION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [DOMINIO]
PROXIES = entorno.entero("PROXIES", 0)  # how many of ours stand in front; whose X-Forwarded-* is believed
VAR = Path(entorno.texto("PORTAL_VAR", str(RAIZ / ".var")))

# What the frame of every page and document says about who serves it. Logos belong to the client: a slot, never a copy.
IDENTIDAD = {
    "nombre": entorno.texto("NOMBRE_PORTAL", "Portal SDFI"),
    "lema": entorno.texto("LEMA_PORTAL", "Asistencia técnica distrital"),
    "barra": entorno.texto("BARRA_GOV", "GOV.CO"),
    "entidad": entorno.texto("ENTIDAD_NOMBRE", "Secretaría General de la Alcaldía Mayor de Bogotá, D. C."),
    "dependencia": entorno.texto(
        "ENTIDAD_DEPENDENCIA", "Subsecretaría Distrital de Fortalecimiento Institucional (SDFI)"
    ),
    "direccion": entorno.texto("ENTIDAD_DIRECCION", ""),
    "telefono": entorno.texto("ENTIDAD_TELEFONO", ""),
    "correo": entorno.texto("ENTIDAD_CORREO", ""),
}

# --- Applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "alcance",
    "archivos",
    "bitacora",
    "bandeja",
    "plazos",
    "direcciones",
    "clasificador",
    "avisos",
    "cuentas",
    "solicitudes",
    "conceptos",
    "encuestas",
    "buzones",
    "exportaciones",
    "tableros",
    "importaciones",
    "expedientes",
    "datos_personales",
    "api",
    "sdfi_portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "anymail",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
]
if not ES_PRODUCCION:
    INSTALLED_APPS.insert(0, "demo")
MIDDLEWARE = [
    "bitacora.contexto.PeticionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "sdfi_portal.salud.SaludMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sdfi_portal.middleware.PoliticaMiddleware",
    "sdfi_portal.middleware.CabecerasMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cuentas.middleware.PersonaMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Puts the session away under /api/: before whatever looks at it.
    "api.middleware.ApiMiddleware",
    # Before the transaction of the request: marking activity inside it would make a person's requests wait in line.
    "cuentas.middleware.SesionMiddleware",
    "alcance.middleware.AlcanceMiddleware",
    # Inside it: what a page leaves said is committed with what it did.
    "cuentas.middleware.GuardarSesionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sdfi_portal.urls"
WSGI_APPLICATION = "sdfi_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RAIZ / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sdfi_portal.contexto.portal",
            ],
            "builtins": ["sdfi_portal.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "sdfi_portal.formularios.Renderer"

# --- Data --------------------------------------------------------------------------------------------------------
_sockets = (VAR / "sockets").resolve()  # may be a link to a shorter path (sdfi_portal/pila/rutas.py)
_local = f"postgresql:///portal?host={quote(str(_sockets))}"
DATABASES = {
    "default": entorno.base_de_datos("DATABASE_URL", None if ES_PRODUCCION else _local + "&user=sdfi_web"),
    # Schema changes only: logs in as sdfi_migrador and works as the owner (security.md §4.7).
    "migrador": entorno.base_de_datos("DATABASE_URL_MIGRADOR", _local + "&user=sdfi_migrador"),
}
for _base in DATABASES.values():
    _base["USER"] = _base["OPTIONS"].pop("user", None) or _base["USER"]
    # A server that went without a word is noticed in seconds, by who opens a connection and by who kept one.
    for _opcion, _valor in (
        ("connect_timeout", "5"),
        ("tcp_user_timeout", "15000"),
        ("keepalives_idle", "15"),
        ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
    ):
        _base["OPTIONS"].setdefault(_opcion, _valor)
    # A new connection plans everything again. Those of a start are of the same age: with a minute, each minute all of
    # them planned at once for ten seconds.
    _base |= {"CONN_MAX_AGE": 1800, "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["migrador"] |= {"CONN_MAX_AGE": 0, "TEST": {"MIRROR": "default"}}
DATABASES["migrador"]["OPTIONS"] |= {"assume_role": "sdfi_owner"}
DATABASES["default"]["OPTIONS"] |= {
    "options": "-c statement_timeout=10s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
    # To compile a query or to start helpers for it costs more than any page takes.
    " -c jit=off -c max_parallel_workers_per_gather=0"
}
# A query asked that many times in a connection stays planned there (alcance/postgres/preparadas.py). In tests, all.
PREPARAR_DESDE = 1 if MODO == "pruebas" else 2
# Every compiled query is compared with what the ORM writes for the same values (alcance/compiladas.py).
COMPROBAR_COMPILADAS = MODO == "pruebas"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Lockout and rate limits must work with Redis down: the cache lives in PostgreSQL too (architecture §8.10).
# The default of 300 entries would cull counters of attempts at random.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_portal",
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}

# --- Files -------------------------------------------------------------------------------------------------------
ARCHIVOS_DIR = Path(entorno.texto("ARCHIVOS_DIR", str(VAR / "archivos")))
_objetos = entorno.texto("ARCHIVOS_S3_BUCKET", "")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": _objetos,
                "endpoint_url": entorno.texto("ARCHIVOS_S3_URL", "") or None,
                "default_acl": None,
                "file_overwrite": False,
            },
        }
        if _objetos
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": ARCHIVOS_DIR,
                # Files are never reachable by a bare URL: they are served by a view that checks who asks.
                "base_url": None,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODO == "pruebas"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = Path(entorno.texto("ESTATICOS_DIR", str(VAR / "estaticos")))
STATICFILES_DIRS = [RAIZ / "static"]
ANTIVIRUS_CLAMD = entorno.texto("ANTIVIRUS_CLAMD", "")  # "unix:/run/clamd.sock" or "tcp:host:3310"; empty = none
WEBHOOKS_CA = entorno.texto("WEBHOOKS_CA", "")  # PEM of the authority of the institution, besides those of the machine
ARCHIVO_MAXIMO_MB = 20
ARCHIVOS_POR_SOLICITUD = 10
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Attention ---------------------------------------------------------------------------------------------------

# --- Tasks -------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = entorno.texto("BROKER_URL", None if ES_PRODUCCION else f"redis+socket://{_sockets}/valkey.sock")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_PUBLISH_RETRY = False  # with Redis down a request must not wait: the sweep finds what was left
# The bell of the outbox is heard before what takes long, however much of that waits: a notice leaves within seconds.
CELERY_TASK_QUEUES = (Queue("bandeja"), Queue("celery"))
CELERY_TASK_ROUTES = {"bandeja.entregar": {"queue": "bandeja"}}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "queue_order_strategy": "priority",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "America/Bogota"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "entregar-bandeja": {"task": "bandeja.entregar", "schedule": 5.0, "options": {"expires": 5}},
    "latido": {"task": "bandeja.latido", "schedule": 10.0, "options": {"expires": 10}},
    "barrer-plazos": {"task": "solicitudes.barrer_plazos", "schedule": 300.0, "options": {"expires": 300}},
    "relevar": {"task": "solicitudes.relevar", "schedule": 3600.0, "options": {"expires": 3600}},
    "recontar-plazos": {"task": "solicitudes.recontar_plazos", "schedule": 30.0, "options": {"expires": 30}},
    "barrer-archivos": {"task": "solicitudes.barrer_archivos", "schedule": 300.0, "options": {"expires": 300}},
    "barrer-conceptos": {"task": "conceptos.barrer", "schedule": 30.0, "options": {"expires": 30}},
    "resumir-avisos": {"task": "avisos.resumir", "schedule": 300.0, "options": {"expires": 300}},
    "ciclos-avisos": {"task": "avisos.ciclos", "schedule": 3600.0, "options": {"expires": 3600}},
    "vigilar-calendario": {"task": "avisos.vigilar_calendario", "schedule": 21600.0, "options": {"expires": 3600}},
    "sellar-bitacora": {"task": "avisos.sellar_bitacora", "schedule": 3600.0, "options": {"expires": 3600}},
    "verificar-bitacora": {"task": "avisos.verificar_bitacora", "schedule": 3600.0, "options": {"expires": 3600}},
    "barrer-encuestas": {"task": "encuestas.barrer", "schedule": 3600.0, "options": {"expires": 3600}},
    "leer-buzones": {"task": "buzones.leer_todas", "schedule": 20.0, "options": {"expires": 20}},
    "procesar-correo": {"task": "buzones.procesar", "schedule": 10.0, "options": {"expires": 10}},
    "conciliar-buzones": {"task": "buzones.conciliar_todas", "schedule": 3600.0, "options": {"expires": 3600}},
    "recordar-traslados": {"task": "buzones.recordar_traslados", "schedule": 900.0, "options": {"expires": 900}},
    "vencer-propuestas": {"task": "buzones.vencer_propuestas", "schedule": 3600.0, "options": {"expires": 3600}},
    "revisar-buzones": {"task": "buzones.revisar", "schedule": 60.0, "options": {"expires": 60}},
    "vigilar-buzones": {"task": "buzones.vigilar", "schedule": 300.0, "options": {"expires": 300}},
    "recordar-por-clasificar": {"task": "buzones.recordar", "schedule": 3600.0, "options": {"expires": 3600}},
    "barrer-exportaciones": {"task": "exportaciones.barrer", "schedule": 3600.0, "options": {"expires": 3600}},
    "barrer-expedientes": {"task": "expedientes.barrer", "schedule": 300.0, "options": {"expires": 300}},
    "compactar-tableros": {"task": "tableros.compactar", "schedule": 60.0, "options": {"expires": 60}},
    "informes-mensuales": {"task": "tableros.informes", "schedule": 3600.0, "options": {"expires": 3600}},
    "caducar-importaciones": {"task": "importaciones.caducar", "schedule": 3600.0, "options": {"expires": 3600}},
    "barrer-cuentas": {"task": "cuentas.barrer", "schedule": 3600.0, "options": {"expires": 3600}},
    "entrenar-clasificador": {"task": "clasificador.entrenar", "schedule": 3600.0, "options": {"expires": 3600}},
    "barrer-api": {"task": "api.barrer", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- Mail --------------------------------------------------------------------------------------------------------
_url_del_correo = entorno.texto("EMAIL_URL", None if ES_PRODUCCION else "smtp://localhost:2525")
_correo, _por_donde = urlsplit(_url_del_correo), _url_del_correo.partition("://")[0]
# anymail+postmark://, anymail+amazon_ses:// …: its keys go in ANYMAIL_<KEY> variables.
PROVEEDOR_DE_CORREO = _por_donde.removeprefix("anymail+") if _por_donde.startswith("anymail+") else ""
EMAIL_BACKEND = "bandeja.proveedor.EmailBackend" if PROVEEDOR_DE_CORREO else "bandeja.smtp.EmailBackend"
EMAIL_HOST = _correo.hostname or ""
EMAIL_PORT = _correo.port or 25
EMAIL_HOST_USER = _correo.username or ""
EMAIL_HOST_PASSWORD = _correo.password or ""
EMAIL_USE_SSL = _por_donde == "smtps"
EMAIL_USE_TLS = _por_donde == "starttls"
EMAIL_TIMEOUT = 20
ANYMAIL = {clave[8:]: valor for clave, valor in entorno.variables.items() if clave.startswith("ANYMAIL_")}
DEFAULT_FROM_EMAIL = entorno.texto("CORREO_REMITENTE", "Portal SDFI <no-responder@portal-sdfi.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Domain whose mail reaches the portal: replies (each mail gets an address of its own) and bounces. Empty: none.
CORREO_RESPUESTAS = entorno.texto("CORREO_RESPUESTAS", "")
# The accounts whose mail is read, by key: `BUZON_<CLAVE>` and its secret. A casilla names a key and nothing else.
BUZONES = entorno.buzones(solo_cifrados=ES_PRODUCCION)
CORREO_MAXIMO = entorno.entero("CORREO_MAXIMO_MB", 60) * 1024 * 1024  # larger ones stay in their mailbox, and are told
# Automatic answers that leave to one address in any hour: the sender of a mail is easily forged.
RESPUESTAS_POR_HORA = entorno.entero("RESPUESTAS_POR_HORA", 5)
# The provider that brings mail to /correo/entrante/<provider>/ (an anymail name: postmark, mailgun…). Empty: none.
PROVEEDOR_DE_ENTRADA = entorno.texto("CORREO_ENTRANTE", "")
# Who gets the daily seal of the bitácora besides the auditors: the mailbox of the control office. It may be empty, for
# an auditor is enough and only the database knows of one: /salud/ and the audit say when the seal goes to nobody.
CORREOS_DE_CONTROL = entorno.lista("CORREOS_DE_CONTROL")

# When people are written to what is not legal: business days, between two hours. Empty, or in tests: at any hour.
_horas = entorno.texto("HORAS_DE_ESCRIBIR", "" if MODO == "pruebas" else "07:00-17:00")
HORAS_DE_ESCRIBIR = tuple(time.fromisoformat(hora) for hora in _horas.split("-")) if _horas else None

# --- Signature of conceptos --------------------------------------------------------------------------------------
FIRMA_P12 = entorno.texto("FIRMA_P12", "")  # empty in a demo: a certificate authority of its own
FIRMA_P12_CLAVE = entorno.texto("FIRMA_P12_CLAVE", "")

# --- People and sessions -----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "direcciones.Persona"
SILENCED_SYSTEM_CHECKS = [
    "auth.W004"
]  # the mail is unique whatever its case: a constraint on Lower("correo") holds it
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
    if MODO == "pruebas"
    else "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("correo", "nombre")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "inicio"
LOGOUT_REDIRECT_URL = "inicio"
SESSION_COOKIE_NAME = "__Host-sesion"
SESSION_COOKIE_AGE = 10 * 3600  # absolute limit; the idle one is below (security.md S03)
SESSION_INACTIVIDAD = 30 * 60
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "cuentas.sesiones"
MESSAGE_STORAGE = "cuentas.mensajes.EnLaSesion"
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "sdfi_portal.errores.csrf"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "correo"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are born by invitation, which proves the address
ACCOUNT_ADAPTER = "cuentas.adaptador.AdaptadorCuentas"
SOCIALACCOUNT_ADAPTER = "cuentas.adaptador.AdaptadorSocial"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "cuentas.forms.EntrarForm",
    "reset_password": "cuentas.forms.RecuperarForm",
    "reset_password_from_key": "cuentas.forms.ClaveNuevaForm",
    "change_password": "cuentas.forms.CambiarClaveForm",
    "reauthenticate": "cuentas.forms.ConfirmarClaveForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers because somebody typed their address
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # signing asks for a second factor at most this old (security.md N09)
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# `login_failed` is only the brake on one address that tries many accounts: each account has its own lock (axes).
ACCOUNT_RATE_LIMITS = {
    "reset_password": "20/h/ip,3/h/key",
    "login": "60/m/ip",
    "login_failed": "50/10m/ip",
    "pedir_acceso": "10/h/ip,3/d/key",
    "invitacion": "120/h/ip",  # the page and its answer: sixty people behind one address
    "seguimiento": "120/h/ip",
}
PASSWORD_RESET_TIMEOUT = 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Portal SDFI"
MFA_TOTP_TOLERANCE = 1  # a phone up to 30 s off; no code works twice (cuentas/segundo_factor.py)
MFA_FORMS = {
    "authenticate": "cuentas.forms.CodigoForm",
    "reauthenticate": "cuentas.forms.ConfirmarCodigoForm",
    "activate_totp": "cuentas.forms.ActivarForm",
}
MFA_ADAPTER = "cuentas.adaptador.AdaptadorSegundoFactor"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # linking is decided in cuentas/adaptador.py
OIDC_SERVIDOR = entorno.texto("OIDC_SERVIDOR", "")
_oidc = urlsplit(OIDC_SERVIDOR)
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": entorno.texto("OIDC_NOMBRE", "Cuenta institucional"),
                    "client_id": entorno.texto("OIDC_CLIENTE"),
                    "secret": entorno.texto("OIDC_SECRETO"),
                    "settings": {"server_url": OIDC_SERVIDOR},
                }
            ],
        }
    }
    if entorno.texto("OIDC_CLIENTE", "")
    else {}
)
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the lock ends when the page said it would
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"]]
AXES_USERNAME_CALLABLE = "cuentas.red.correo_de_las_credenciales"
AXES_CLIENT_IP_CALLABLE = "cuentas.red.ip_del_cliente"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "errores/bloqueo.html"
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_VERBOSE = False

# --- Browser -----------------------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT = ES_PRODUCCION
SECURE_REDIRECT_EXEMPT = [r"^salud/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if ES_PRODUCCION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ES_PRODUCCION
SECURE_HSTS_PRELOAD = ES_PRODUCCION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        # Chromium applies form-action to the redirect that follows the form: the institutional sign-in leaves by one.
        "form-action": ["'self'", *([f"{_oidc.scheme}://{_oidc.netloc}"] if SOCIALACCOUNT_PROVIDERS else [])],
    }
}

# --- Language and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "es-co"
LANGUAGES = [("es-co", "Español (Colombia)")]
TIME_ZONE = "America/Bogota"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["sdfi_portal.formatos"]

# --- API ---------------------------------------------------------------------------------------------------------
API_LIMITE_TOKEN = entorno.entero("API_LIMITE_TOKEN", 300)  # requests a minute of one token
API_LIMITE_DIRECCION = entorno.entero("API_LIMITE_DIRECCION", 60)  # …and of one address without a token
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

SPECTACULAR_SETTINGS = {
    "TITLE": f"API del {IDENTIDAD['nombre']}",
    "DESCRIPTION": "Registro, solicitudes, conceptos publicados, catálogos y cifras, con los mismos permisos que las "
    "páginas. Cada petición lleva un token; los errores son «problem details» (RFC 9457).",
    "VERSION": "1.0.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "PREPROCESSING_HOOKS": ["api.esquema.solo_la_api"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.esquema.cerrar"],
    "ENUM_NAME_OVERRIDES": {
        "CanalDeSolicitud": "solicitudes.models.Solicitud.Canal",
        "EstadoDeSolicitud": "solicitudes.estados.EstadoSolicitud",
        "FormatoDeExportacion": "exportaciones.estados.Formato",
        "FormatoDeCifra": "api.views.tablero.FORMATOS",
    },
    "ENFORCE_NON_BLANK_FIELDS": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"linea": {"()": "sdfi_portal.registro.LineaJson"}},
    "handlers": {"consola": {"class": "logging.StreamHandler", "formatter": "linea"}},
    "root": {"handlers": ["consola"], "level": entorno.texto("NIVEL_REGISTRO", "INFO")},
    "loggers": {
        "django.server": {"handlers": [], "level": "ERROR"},
        # Two lines for every ring of the bell, with the arguments of the task.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}


def _rehusar_si_inseguro() -> None:
    """Refuse to start with settings that would be unsafe (security.md X04, architecture §8.12)."""
    fallas = []
    if ES_PRODUCCION:
        if len(SECRET_KEY) < 50 or "insecure" in SECRET_KEY or len(set(SECRET_KEY)) < 10:
            fallas.append("SECRET_KEY debe tener al menos 50 caracteres al azar.")
        if DEBUG:
            fallas.append("DEBUG no puede estar activo en producción.")
        if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
            fallas.append("HOSTS no puede tener comodines.")
        if _url.scheme != "https":
            fallas.append("DOMINIO debe empezar por https://.")
        if DATABASES["default"]["USER"] != "sdfi_web":
            fallas.append("DATABASE_URL debe entrar como sdfi_web, el rol sujeto a la seguridad por filas.")
        if not urlsplit(CELERY_BROKER_URL).password and "+socket" not in CELERY_BROKER_URL:
            fallas.append("BROKER_URL debe llevar clave o ir por un socket de esta máquina.")
        if SOCIALACCOUNT_PROVIDERS and _oidc.scheme != "https":
            fallas.append("OIDC_SERVIDOR debe empezar por https://.")
        if _por_donde not in {"smtp", "smtps", "starttls"} and not PROVEEDOR_DE_CORREO:
            fallas.append("EMAIL_URL debe empezar por smtp://, smtps://, starttls:// o anymail+proveedor://.")
        if PROVEEDOR_DE_CORREO and len(ANYMAIL.get("WEBHOOK_SECRET", "").partition(":")[2]) < 20:
            fallas.append(
                "ANYMAIL_WEBHOOK_SECRET debe ser usuario:clave, con 20 caracteres de clave: sin ella nadie le dice al "
                "portal qué correos rebotan."
            )
        if RESPUESTAS_POR_HORA > 20:
            fallas.append("RESPUESTAS_POR_HORA no puede pasar de 20: el portal serviría para molestar a otros.")
        if PROVEEDOR_DE_ENTRADA and len(ANYMAIL.get("WEBHOOK_SECRET", "").partition(":")[2]) < 20:
            fallas.append(
                "CORREO_ENTRANTE necesita ANYMAIL_WEBHOOK_SECRET=usuario:clave, con 20 caracteres de clave: sin ella "
                "cualquiera podría entregar correo."
            )
        if not FIRMA_P12:
            fallas.append("FIRMA_P12 debe apuntar al certificado de firma (.p12).")
    if RESPUESTAS_POR_HORA < 1:
        fallas.append("RESPUESTAS_POR_HORA debe ser al menos 1: quien escribe recibe su acuse.")
    if ES_DEMO:
        if _url.hostname not in {"localhost", "127.0.0.1", "::1"} and _url.scheme != "https":
            fallas.append("Una demostración se sirve por HTTPS o solo en esta máquina.")
        if EMAIL_HOST not in {"localhost", "127.0.0.1", "::1"}:
            fallas.append("Una demostración no envía correo afuera: EMAIL_URL debe apuntar a esta máquina.")
        if not all(buzon.es_de_esta_maquina for buzon in BUZONES.values()):
            fallas.append("Una demostración no lee correo de verdad: cada BUZON_ debe estar en esta máquina.")
        if PROVEEDOR_DE_ENTRADA:
            fallas.append("Una demostración no recibe correo de verdad: quite CORREO_ENTRANTE.")
    if fallas:
        raise ImproperlyConfigured(" ".join(fallas))


_rehusar_si_inseguro()
