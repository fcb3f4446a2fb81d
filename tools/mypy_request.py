"""A plugin of mypy: a request carries its actor, put there by accounts.middleware.ActorMiddleware.

Without it every view would need a cast. Django's stubs treat `request.user` in the same way.
"""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, TypeInfo, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny

REQUEST = "django.http.request.HttpRequest"
ACTOR = ("zhibu.core.authority", "Actor")


def add_actor(context: ClassDefContext) -> None:
    attribute = Var("actor", AnyType(TypeOfAny.special_form))
    attribute.info = context.cls.info
    attribute._fullname = f"{context.cls.info.fullname}.actor"  # noqa: SLF001 - mypy offers no other way
    context.cls.info.names["actor"] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


def actor_type(context: AttributeContext) -> Type:
    module, name = ACTOR
    loaded = context.api.modules.get(module)
    node = loaded.names[name].node if loaded else None
    return Instance(node, []) if isinstance(node, TypeInfo) else context.default_attr_type


class RequestPlugin(Plugin):
    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return add_actor if fullname == REQUEST else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return actor_type if fullname == f"{REQUEST}.actor" else None


def plugin(version: str) -> type[Plugin]:
    return RequestPlugin
