"""Settings of the platform with one more page, for comparison, and the time an answer took in a header."""

from zhibu.project import settings as own

globals().update({name: getattr(own, name) for name in dir(own) if name.isupper()})
ROOT_URLCONF = "benchmarks._bare_urls"
MIDDLEWARE = ["benchmarks._bare_urls.timed", *own.MIDDLEWARE]
