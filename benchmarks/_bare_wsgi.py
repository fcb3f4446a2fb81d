"""The WSGI application of the comparison: the platform's own, with the settings of `benchmarks._bare`."""

from zhibu.project.wsgi import application

__all__ = ["application"]
