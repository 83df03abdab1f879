"""The server's settings for tests: a data folder of their own, a throw-away database, quick password hashing."""

import os
import tempfile
from pathlib import Path

for name in [
    name
    for name in os.environ
    if name.startswith("HUIYIN_") and name not in ("HUIYIN_SCREENSHOTS", "HUIYIN_LANG", "HUIYIN_TEST_DATABASE", "HUIYIN_TEST_FACTS")
]:
    del os.environ[name]
_folder = tempfile.TemporaryDirectory(prefix="huiyin-tests-")
os.environ["HUIYIN_DATA"] = _folder.name
os.environ["HUIYIN_SECRET_KEY"] = "for-the-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz-XYZ"
if os.environ.get("HUIYIN_TEST_DATABASE"):
    os.environ["HUIYIN_DATABASE"] = os.environ["HUIYIN_TEST_DATABASE"]

from huiyin.server.config.settings import *  # noqa: E402, F403
from huiyin.server.config.settings import DATA, DATABASES  # noqa: E402

# A file, not memory: threads of one test must see one database.
DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder.name) / "test.sqlite3")} if "sqlite3" in str(DATABASES["default"]["ENGINE"]) else {}
# Of each run its own, cleared before each test; on PostgreSQL they are tested by servers of their own.
SHARED_TABLES = DATA / "shared.sqlite3"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
