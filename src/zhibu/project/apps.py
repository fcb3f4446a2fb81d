from django.apps import AppConfig

from zhibu import rulebook
from zhibu.ui import language, navigation, rules


class ProjectConfig(AppConfig):
    name = "zhibu.project"
    label = "project"
    verbose_name = "支部"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Give the interface what it may not import itself: the rulebook's digest, its documents' names."""
        navigation.digest = _digest
        rules.document = _document


def _digest() -> str:
    return rulebook.load().digest


def _document(document: str, article: str) -> rules.Document | None:
    found = rulebook.load().documents.get(document)
    if found is None:
        return None
    return rules.Document(language.pick(found.title), found.in_force_from, found.is_verified(article))
