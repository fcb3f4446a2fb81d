"""Addresses of the register; the names equal the acts."""

app_name = "register"
urlpatterns: list = []
