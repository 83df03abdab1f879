"""Django's settings, made from the environment. Names and defaults: docs/reference/server.md."""

import os
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from huiyin.server.config.environment import Environment, database_settings
from huiyin.server.config.found import found_apps

ENVIRONMENT = Environment.read(os.environ)

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = ENVIRONMENT.debug
DATA = ENVIRONMENT.data
FACTS = ENVIRONMENT.facts
FACTS_MEMORY = ENVIRONMENT.facts_memory
DEMO = ENVIRONMENT.demo
PUBLIC_URL = ENVIRONMENT.url
BODY_LIMIT = ENVIRONMENT.body_limit
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
SETUP_NEEDS_CODE = not ENVIRONMENT.is_local
"""On a public address the first person proves, with a code printed at the start, that the server is hers."""

INSTALLED_APPS = [
    "huiyin.server.config",
    "huiyin.server.web",
    *found_apps(),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "rules",
]

MIDDLEWARE = [
    "huiyin.server.foundation.audit.request.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "huiyin.server.foundation.people.api_keys.ApiKeyMiddleware",
    "huiyin.server.web.language.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huiyin.server.foundation.people.signing_in.SignInRequired",
    "huiyin.server.api.pace.PaceTold",
]

ROOT_URLCONF = "huiyin.server.config.urls"
WSGI_APPLICATION = "huiyin.server.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "huiyin.server.web.context.house",
            ],
            "builtins": ["django.templatetags.i18n", "huiyin.server.web.templatetags.huiyin_web"],
        },
    }
]

DATABASES = {"default": database_settings(ENVIRONMENT)}
SHARED_TABLES = DATABASES["default"] if ENVIRONMENT.database else DATA / "shared.sqlite3"
"""Where all processes count together: beside the state in PostgreSQL, or in a file of the only machine there is."""
CACHES = {"default": {"BACKEND": "huiyin.server.foundation.shared.cache.SharedCache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- people
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "huiyin.server.foundation.people.passwords.PasswordRules"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_ADAPTER = "huiyin.server.foundation.people.signing_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "huiyin.server.foundation.people.forms.SignInForm"}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "reauthenticate": "10/m/user", "change_password": "5/m/user"}
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies
MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
MFA_TOTP_ISSUER = "Huiyin 回音"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ADAPTER = "huiyin.server.foundation.people.signing_in.OutsideAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_DOMAINS = ENVIRONMENT.oidc_domains
OIDC_NAME = ENVIRONMENT.oidc_name if ENVIRONMENT.oidc_url else ""
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "huiyin.server.foundation.people.company_sign_in.CompanyProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "company",
                "name": ENVIRONMENT.oidc_name,
                "client_id": ENVIRONMENT.oidc_client,
                "secret": ENVIRONMENT.oidc_secret,
                "settings": {"server_url": ENVIRONMENT.oidc_url},
            }
        ]
        if ENVIRONMENT.oidc_url
        else [],
    }
}

_OIDC_ORIGIN = ["{0.scheme}://{0.netloc}".format(urlsplit(ENVIRONMENT.oidc_url))] if ENVIRONMENT.oidc_url else []

# ---- sessions, cookies, transport
_ENCRYPTED = ENVIRONMENT.address.scheme == "https"
SESSION_COOKIE_NAME = "huiyin_session"
SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _ENCRYPTED
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "huiyin_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "huiyin.server.web.errors.csrf_failed"
CSRF_TRUSTED_ORIGINS = [f"{ENVIRONMENT.address.scheme}://{ENVIRONMENT.address.netloc}"]
SECURE_HSTS_SECONDS = 31536000 if _ENCRYPTED else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies and _ENCRYPTED else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        # The sign-in form goes on to the provider, which browsers count as an action of the form.
        "form-action": [SELF, *_OIDC_ORIGIN],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# ---- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "huiyin_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = ENVIRONMENT.time_zone
API_RATE = ENVIRONMENT.api_rate
USE_TZ = True

# ---- static files: esbuild writes names that carry the hash of their contents, so nothing has to be collected
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[A-Z0-9]{8}\.\w+$"

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016", "security.W021"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
