"""Where built files are, and the small drawn signs of the interface."""

from functools import lru_cache

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString


def asset(name: str) -> str:
    """The address of a built file; a page without its styles is better than no page."""
    try:
        return str(staticfiles_storage.url(f"zhibu/{name}"))
    except ValueError:
        return f"/static/zhibu/{name}"


def icon(name: str) -> SafeString:
    """A decorative picture from frontend/icons.txt; the word beside it carries the meaning."""
    return _drawn(name, asset("icons.svg") if settings.DEBUG else _file())


@lru_cache(maxsize=512)
def _drawn(name: str, file: str) -> SafeString:
    # a page draws some fifty of them
    return format_html(
        '<svg class="zb-icon" aria-hidden="true" focusable="false"><use href="{}#icon-{}"></use></svg>',
        file,
        name,
    )


@lru_cache(maxsize=1)
def _file() -> str:
    """The address of the pictures. Files are built before a process starts, so it is looked up once."""
    return asset("icons.svg")
