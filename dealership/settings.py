"""All settings, one file. The environment is read through `dealership.env`; the README has the table of variables."""

import secrets
from pathlib import Path

import dj_database_url

from dealership import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("KEPT_DATA", str(BASE_DIR / ".data")))

DEBUG = env.flag("DEBUG", default=False)
# Without one, each process has a key of its own: enough for a command, and nothing that anybody could know or share.
SECRET_KEY = env.text("SECRET_KEY", secrets.token_urlsafe(50))
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}").rstrip("/")
HTTPS = PUBLIC_BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]

INSTALLED_APPS = [
    "dealership.apps.DealershipConfig",
    "dealership.events",
    "dealership.stores",
    "dealership.staff.apps.StaffConfig",
    "dealership.lists",
    "dealership.customers",
    "dealership.vehicles",
    "dealership.messaging",
    "dealership.appointments",
    "dealership.dms",
    "dealership.audit.apps.AuditConfig",
    "dealership.push.apps.PushConfig",
    "dealership.hooks.apps.HooksConfig",
    "tasks.apps.TasksConfig",
    "sales.apps.SalesConfig",
    "service.apps.ServiceConfig",
    "parts.apps.PartsConfig",
    "fni.apps.FniConfig",
    "marketing.apps.MarketingConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "lucide",
    "rest_framework",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "dealership.web.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are a fifth of their length; each answer gets a few random bytes, so that its length tells nothing (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dealership.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "dealership.limits.TooManyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dealership.staff.tries.TriesMiddleware",
    "dealership.staff.access.StaffMiddleware",
    "dealership.staff.doorkeeper.DoorkeeperMiddleware",
    "dealership.audit.middleware.TrailMiddleware",
    "dealership.live.LiveMiddleware",
]

ROOT_URLCONF = "dealership.urls"
WSGI_APPLICATION = "dealership.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "dealership.templatetags.kept",
                "dealership.templatetags.components",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ]
            if not DEBUG
            else [
                "django.template.loaders.filesystem.Loader",
                "django.template.loaders.app_directories.Loader",
            ],
        },
    }
]

# PostgreSQL, always: promises lean on partial indexes, SKIP LOCKED and row locks.
DATABASE_URL = env.text("DATABASE_URL", "postgres://kept_app@localhost/kept")
DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL, engine="dealership.database", conn_max_age=60, conn_health_checks=True
    )
}
# Whom the product speaks as, and who owns the tables and migrates.
DATABASE_ROLE = DATABASES["default"]["USER"]
DATABASE_OWNER = dj_database_url.parse(env.text("DATABASE_OWNER_URL", DATABASE_URL))
# Whoever waits for a page gives up after a while; a job's time is limited by its worker, a command's by nobody.
SERVES_PAGES = env.flag("SERVES_PAGES", default=False)
OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
# A server that is asked and says nothing is away: a page is an error page then, and does not hang.
OPTIONS["connect_timeout"] = 5
# The same for one that was there a moment ago: a network that swallows everything is noticed within fifteen seconds.
OPTIONS |= {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2, "tcp_user_timeout": 15_000}
OPTIONS["options"] = (
    "-c timezone=UTC -c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
    if SERVES_PAGES
    else "-c timezone=UTC -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "dealership.cache.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "KEY_PREFIX": "kept",
        # Redis is next door, or away: nobody waits for it.
        "OPTIONS": {"socket_timeout": 1.0, "socket_connect_timeout": 1.0},
    }
}

AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tasks:my_day"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "dealership.staff.sign_in.StaffAccountAdapter"
# One lock on each door, and an exact one: dealership/limits.py.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "dealership.staff.sign_in.LinkTokens"  # noqa: S105 - no password
# On a shared desk nobody is remembered; a session ends after SESSION_COOKIE_AGE, used or not (staff/doorkeeper.py).
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "dealership.staff.second_factor.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "dealership.staff.second_factor.CodeForm",
    "reauthenticate": "dealership.staff.second_factor.CodeAgainForm",
    "activate_totp": "dealership.staff.second_factor.FirstCodeForm",
    "login_webauthn": "dealership.staff.passkeys.SignInForm",
    "authenticate_webauthn": "dealership.staff.passkeys.CodeForm",
    "reauthenticate_webauthn": "dealership.staff.passkeys.AgainForm",
    "add_webauthn": "dealership.staff.passkeys.AddForm",
}
MFA_TOTP_ISSUER = "Kept"
MFA_TOTP_TOLERANCE = 1
# People are added by their store with the e-mail that it knows them by; there is nothing to verify.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers keep passkeys for HTTPS, and for this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "dealership.staff.session_store"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
# Each in its own words.
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = ["dealership.formats"]
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = env.flag("STATIC_FROM_SOURCE", default=DEBUG)
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Collected, a file is named by what is in it, so that a browser asks for each edition once; from the sources, as it is.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if WHITENOISE_USE_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "style-src": ["'self'"],
    "script-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
}
PERMISSIONS_POLICY = (
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), display-capture=(), browsing-topics=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# No script needs it: pages carry the token themselves.
CSRF_COOKIE_HTTPONLY = True
if HTTPS:
    # A browser takes such cookies from this very host alone, over HTTPS alone.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = HTTPS and env.flag("SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

# Celery carries wake-ups only: every piece of work is a row in PostgreSQL, and losing the broker loses nothing.
# dealership/broker.py holds the effective settings to account when a process starts.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Two lines of wake-ups, of which every worker hears in turn; dealership/doorbell.py says what stands in which.
CELERY_TASK_QUEUES: dict[str, dict[str, object]] = {"celery": {}, "at_once": {}}
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 50
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 120,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
    "health_check_interval": 10,
    "max_retries": 1,
    "interval_max": 0.5,
}
CELERY_VISIBILITY_TIMEOUT = 120
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 120}
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1000
# With REMAP_SIGTERM=SIGQUIT a worker that is asked to end lets its jobs finish for so long, and then cuts them off. An idle one
# ends at once: nothing is held back for later, so there is nothing to hand back.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.number("WORKER_GRACE", 30)
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True

# Upper packages are named here, by string only: the ground does not import them.
FACT_ENGINE = "tasks.engine.apply"
# What judges the data beside dealership/invariants.sql: functions that return verdicts (dealership/verify.py).
INVARIANT_CHECKS: list[str] = []
PLAYBOOKS = ["sales.playbook", "service.playbook", "parts.playbook", "fni.playbook", "marketing.playbook"]

# Texts. Without the three Twilio settings the same client talks to the phone simulator, and no real phone is ever texted.
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN", "")
TWILIO_MESSAGING_SERVICE_SID = env.text("TWILIO_MESSAGING_SERVICE_SID", "")
PHONE_SIMULATOR = not (TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN and TWILIO_MESSAGING_SERVICE_SID)
if PHONE_SIMULATOR:
    TWILIO_ACCOUNT_SID, TWILIO_MESSAGING_SERVICE_SID = "AC" + "0" * 32, "MG" + "0" * 32
    TWILIO_AUTH_TOKEN = SECRET_KEY
# While the token is changed: webhooks that are signed with the other one are genuine too; ours are sent with the first alone.
TWILIO_OTHER_AUTH_TOKEN = env.text("TWILIO_OTHER_AUTH_TOKEN", "")
# What the database's clock says is the time, wherever a server's own is wrong.
DATABASE_CLOCK = True
# A demo day may be played faster than it passes (dealership/pace.py); never with a real carrier.
PACED_CLOCK = PHONE_SIMULATOR
# What the carrier lets one number send in a second, unless the store's number says otherwise: 1 for a plain long code. The
# phone simulator is as quick as a registered campaign.
TEXT_SEGMENTS_PER_SECOND = env.number("TEXT_SEGMENTS_PER_SECOND", 30 if PHONE_SIMULATOR else 1)
# What the carrier takes for one segment, in dollars: said under what somebody writes. Not set, no price is said.
TEXT_SEGMENT_PRICE = env.amount("TEXT_SEGMENT_PRICE")
# And for one message with photos.
PHOTO_MESSAGE_PRICE = env.amount("PHOTO_MESSAGE_PRICE")
# Whose numbers are texted (ISO 3166, two letters): those of one's own country, its neighbour and its territories.
TEXT_COUNTRIES = env.words("TEXT_COUNTRIES", "US,CA,PR,VI,GU,AS,MP")
SIMULATOR_URL = env.text("SIMULATOR_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}")

# With which the services of browser makers are asked to wake a device (`manage.py push_key`); without one nothing rings.
PUSH_KEY = env.text("PUSH_KEY", "")

# Keep them on another machine than the database: `manage.py backup` writes here.
BACKUPS = Path(env.text("BACKUPS", str(DATA_DIR / "backups")))
DMS_INBOX = Path(env.text("DMS_INBOX", str(DATA_DIR / "inbox")))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        # Every tick is a line otherwise; jobs log what deserves one themselves.
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.app.trace": {"level": "WARNING"},
    },
}
