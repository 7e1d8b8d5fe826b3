"""Which names could be mistaken for one another."""

import ast
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """What a name in a function could be mistaken for.

    Attributes:
        variables: the function's arguments and variables.
        attributes: the attributes of these that it uses, and those that the class stores.
    """

    variables: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()


def names_in(function: ast.FunctionDef, stored: tuple[str, ...]) -> Names:
    """The names of a function; ``stored`` are the attributes that its class stores."""
    arguments = [argument.arg for argument in function.args.args]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    assigned = [name.id for name in names if isinstance(name.ctx, ast.Store)]
    variables = tuple(dict.fromkeys([*arguments, *assigned]))
    return Names(variables, tuple(dict.fromkeys([*stored, *_attributes(function, variables)])))


def stored_by(tree: ast.AST) -> tuple[str, ...]:
    """The attributes that a class stores in ``self``."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return tuple(dict.fromkeys(node.attr for node in nodes if isinstance(node.ctx, ast.Store)))


def _attributes(function: ast.FunctionDef, variables: tuple[str, ...]) -> list[str]:
    nodes = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    return [node.attr for node in nodes if isinstance(node.value, ast.Name) and node.value.id in variables]
