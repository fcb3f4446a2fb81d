"""The settings of an installation: read from the environment, and from nowhere else.

Everything an installation owns lies in one directory, ZHIBU_HOME: the database, uploaded files,
keys, backups. A value that cannot be understood stops the start with a sentence that says so.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from zhibu.project.environment import (
    database_from_url,
    env_bool,
    env_choice,
    env_int,
    env_list,
    env_path,
    key_file,
    mail_from_url,
)

PACKAGE = Path(__file__).resolve().parent.parent

# --- Where things are ---------------------------------------------------------------------------

ZHIBU_HOME = env_path("ZHIBU_HOME", Path("var"))
MEDIA_ROOT = ZHIBU_HOME / "media"
STATIC_ROOT = ZHIBU_HOME / "static"
ZHIBU_BACKUPS = ZHIBU_HOME / "backups"
ZHIBU_KEYS = ZHIBU_HOME / "keys"
# boxes of secret votes; never in a backup
ZHIBU_PAPERS = ZHIBU_HOME / "papers"
# personal data lies here: closed to every other user of the machine
for _directory in (ZHIBU_HOME, MEDIA_ROOT, STATIC_ROOT):
    _directory.mkdir(mode=0o700, parents=True, exist_ok=True)

DEBUG = env_bool("ZHIBU_DEBUG", default=False)

# --- The database -------------------------------------------------------------------------------

_sqlite_file = ZHIBU_HOME / "zhibu.sqlite3"
_database_url = os.environ.get("ZHIBU_DATABASE_URL", "")
if _database_url:
    DATABASES = {"default": database_from_url(_database_url)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _sqlite_file,
            # a connection is kept: opening one, and reading anew a text of hundreds of lines, costs more than most
            # pages. The development server has a thread for each request, which could not hand its connection on
            "CONN_MAX_AGE": 0 if DEBUG else 600,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # texts a connection remembers: a desk alone asks sixty, and reading one of the facts takes longer than
                # answering it ten times
                "cached_statements": 512,
                # what a statement needs in passing stays in memory: a temporary file costs each row that a guard looks at
                # more than the row itself, and would leave on the disk what nobody overwrites
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;"
                    " PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON"
                ),
            },
        }
    }
# sums of first pages are kept in the process until the next act is recorded
ZHIBU_KEEP_SUMS = env_bool("ZHIBU_KEEP_SUMS", default=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- What is written once ------------------------------------------------------------------------

# the frame of a page is the same for all of the same posts (ui/navigation.py); who works on its templates starts anew
_in_process = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
CACHES = {
    "default": _in_process,
    "template_fragments": {**_in_process, "LOCATION": "fragments", "OPTIONS": {"MAX_ENTRIES": 2000}},
}

# --- Keys: made once, readable by their owner only -----------------------------------------------

if not (ZHIBU_KEYS / "data.key").exists() and not _database_url and _sqlite_file.exists():
    _message = (
        f"{ZHIBU_KEYS / 'data.key'} is missing, but {_sqlite_file} exists: what it keeps encrypted could"
        " no longer be read. Put the key back from a backup, or move the database away to begin anew."
    )
    raise ImproperlyConfigured(_message)
SECRET_KEY = key_file(ZHIBU_KEYS / "secret.key").hex()
# 32 random bytes; encrypts the sensitive fields and keys their blind indexes
ZHIBU_DATA_KEY = key_file(ZHIBU_KEYS / "data.key")

# --- What is installed ---------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
INSTALLED_APPS = [
    "zhibu.project",
    "zhibu.ui",
    "zhibu.record",
    "zhibu.search",
    "zhibu.register",
    "zhibu.accounts",
    "zhibu.ballots",
    "zhibu.dues",
    "zhibu.notices",
    "zhibu.undertakings",
    "zhibu.life",
    "zhibu.letters",
    "zhibu.procedures",
    "zhibu.study",
    "zhibu.premises",
    "zhibu.production",
    "zhibu.pledges",
    "zhibu.integrity",
    "zhibu.concerns",
    "zhibu.assessment",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_htmx",
]

MIDDLEWARE = [
    # papers of a secret vote go no further than this: before sessions, cookies and logs
    "zhibu.ballots.middleware.BoxMiddleware",
    "zhibu.record.middleware.ReadingMiddleware",
    # a crowd before a public board is answered here, before anything is asked of the database
    "zhibu.notices.middleware.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # pages over a slow line; it pads them at random, so that their length betrays no token
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # --- accounts: its own middleware here, above axes ---
    "zhibu.accounts.middleware.ActorMiddleware",
    # axes must stay last
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "zhibu.project.urls"
WSGI_APPLICATION = "zhibu.project.wsgi.application"

_loaders = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # kept parsed in development too: the development server forgets a template that changes
            "loaders": [("django.template.loaders.cached.Loader", _loaders)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhibu.ui.navigation.context",
            ],
        },
    }
]

# --- Sign-in: everything down to the next line belongs to the room `accounts` --------------------

# axes comes first: it turns away whoever is locked out before any password is looked at
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "zhibu.accounts.backends.PhoneOrName",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "zhibu.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"

# a session ends when nobody has used it for so long, when it has lasted for so long, and when the browser is closed
SESSION_ENGINE = "zhibu.accounts.sessions"
SESSION_COOKIE_AGE = 60 * env_int("ZHIBU_SESSION_IDLE_MINUTES", 30)
ZHIBU_SESSION_SECONDS = 3600 * env_int("ZHIBU_SESSION_HOURS", 12)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# who must have a second factor; an operator can reach everything, so without one nothing else helps
ZHIBU_SECOND_FACTOR = env_choice(
    "ZHIBU_SECOND_FACTOR", ("none", "operators", "all") if DEBUG else ("operators", "none", "all")
)

ACCOUNT_ADAPTER = "zhibu.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
# nobody signs up; allauth reads from these fields that signing in takes a password
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# accounts are locked by axes, below; here one address is slowed down that tries many names, and one person's codes
# cannot be tried out
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "300/m/ip,5/900s/key",
    "change_password": "10/m/user",
}
# one reverse proxy of ours says where a request came from; without it nobody is believed
ALLAUTH_TRUSTED_PROXY_COUNT = int(env_bool("ZHIBU_BEHIND_PROXY", default=False))
ACCOUNT_FORMS = {
    "login": "zhibu.accounts.forms.SignInForm",
    "change_password": "zhibu.accounts.forms.ChangePasswordForm",
    "reauthenticate": "zhibu.accounts.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "zhibu.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "支部"
# a telephone's clock may be half a minute wrong
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "zhibu.accounts.forms.CodeForm",
    "reauthenticate": "zhibu.accounts.forms.ConfirmCodeForm",
    "activate_totp": "zhibu.accounts.forms.EnrolForm",
}

AXES_FAILURE_LIMIT = env_int("ZHIBU_LOCK_AFTER", 5)
AXES_COOLOFF_TIME = timedelta(minutes=env_int("ZHIBU_LOCK_MINUTES", 15))
# the account is locked, wherever the guesses come from: an office often has one address
AXES_LOCKOUT_PARAMETERS = "zhibu.accounts.locks.parameters"
AXES_USERNAME_CALLABLE = "zhibu.accounts.locks.account_tried"
AXES_LOCKOUT_CALLABLE = "zhibu.accounts.locks.locked_out"
AXES_CLIENT_IP_CALLABLE = "zhibu.accounts.locks.client_address"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = True
# a flood of failures must not push the earlier ones out of the log
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000
# the law asks for six months, which are up to 184 days; `zhibu forget` deletes what is older
ZHIBU_LOG_DAYS = max(env_int("ZHIBU_LOG_DAYS", 200), 184)
AXES_SENSITIVE_PARAMETERS = ["username", "login", "code", "ip_address"]
AXES_USERNAME_FORM_FIELD = "login"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- End of what belongs to `accounts` ------------------------------------------------------------

# --- Language and time: Chinese is written in the source, English is translated -------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
# the day (YYYY-MM-DD) that demonstrations take for today; empty: the real one
ZHIBU_TODAY = os.environ.get("ZHIBU_TODAY", "")

# the payment door members are sent to (dues.platforms.DOORS); empty: none. The local one moves no real money.
ZHIBU_DUES_DOOR = os.environ.get("ZHIBU_DUES_DOOR", "local" if DEBUG else "")

# --- Telling people outside: e-mail, and robots of groups -------------------------------------------

# smtp://name:password@host:587 (STARTTLS), smtps://…:465, or empty: no e-mail is sent
_mail = mail_from_url(os.environ.get("ZHIBU_MAIL", ""))
EMAIL_BACKEND = _mail.pop("backend")
EMAIL_HOST, EMAIL_PORT = _mail["host"], _mail["port"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["user"], _mail["password"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["starttls"], _mail["ssl"]
EMAIL_TIMEOUT = 15
ZHIBU_MAIL_FROM = os.environ.get("ZHIBU_MAIL_FROM", "") if EMAIL_HOST else ""
# an office's own platform; {key} or {token} stands where the robot's key goes. Empty: the public one
ZHIBU_WECOM_URL = os.environ.get("ZHIBU_WECOM_URL", "")
ZHIBU_DINGTALK_URL = os.environ.get("ZHIBU_DINGTALK_URL", "")
# `zhibu serve` sends letters itself, by a process beside it; 0: something else runs `zhibu deliver`
ZHIBU_DELIVER = env_bool("ZHIBU_DELIVER", default=True)

# --- Files ----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
# uploaded files have no address: they are handed out by views that ask who may see them
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# hashed either by Django (main.1a2b3c4d5e6f.js) or by esbuild (charts-1A2B3C4D.js)
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+(\.[0-9a-f]{12}|-[0-9A-Z]{8})\.\w+$"

# --- What a browser may and may not do --------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Tabler draws the marks of check boxes and selects as data: images in its style sheet
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

ALLOWED_HOSTS = env_list("ZHIBU_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env_list("ZHIBU_ORIGINS", [])

ZHIBU_HTTPS = env_bool("ZHIBU_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ZHIBU_HTTPS
SECURE_SSL_REDIRECT = ZHIBU_HTTPS
SECURE_HSTS_SECONDS = env_int("ZHIBU_HSTS_SECONDS", 31_536_000 if ZHIBU_HTTPS else 0)
# other names below ours, and the list that browsers are shipped with, are not ours to speak for
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if env_bool("ZHIBU_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_NAME = "zhibu_session"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "zhibu_csrf"

# --- Log: to standard error; whoever runs the service decides where it goes --------------------------

_log_level = env_choice("ZHIBU_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": _log_level}},
    "root": {"handlers": ["stderr"], "level": _log_level},
    # Django has a handler of its own for its log, which would say everything twice
    "loggers": {"django": {"handlers": [], "propagate": True}, "axes": {"level": "WARNING"}},
}
