"""A second, independent reading of an answer's code: which claims of the grader's the text itself shows to be false.

The grader never looks at source text; this does nothing else. It is cautious: where it is not sure, nothing is refuted.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping

_RELU = ("relu", "ReLU")
_CHANCE = re.compile(r"rand|normal|drop|sample|bernoulli|poisson|shuffle|perm|noise|empty|Normal|distributions")
_CUTS = re.compile(
    r"detach|no_grad|inference_mode|requires_grad|\.data\b|item|numpy|np\.|tensor\(|Parameter\(|float|long|int\(|round"
)
_OTHER_CUTS = re.compile(r"sample|normal|bernoulli|sign|hook|grad|[<>]|where|clamp|clip|zeros|ones|\bmath\b")


def refuted(source: str, misconceptions: Collection[str]) -> list[str]:
    """Those of the misconceptions, without the exercise's key, that the code shows to be false."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return [key for key in misconceptions if key in _READINGS and _READINGS[key](tree, source)]


def _functions(tree: ast.AST, name: str) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name)


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_own(call: ast.AST) -> bool:
    """Whether it is a call such as ``self.linear1(…)``."""
    return isinstance(call, ast.Call) and ast.unparse(call.func).startswith("self.")


def _has_relu_between(tree: ast.AST, _source: str) -> bool:
    """``self.second(relu(self.first(…)))``, written as one expression."""
    for outer in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_own(node) and node.args):
        inner = outer.args[0]
        if isinstance(inner, ast.Call) and _called(inner) in _RELU and len(inner.args) == 1 and _is_own(inner.args[0]):
            return True
    return False


def _are_all_registered(tree: ast.AST, _source: str) -> bool:
    """Every layer is ``self.name = nn.…(…)``, and ``forward`` makes none."""
    makers = [node for name in ("__init__", "forward") for function in _functions(tree, name) for node in [function]]
    if len(makers) != 2 or len([node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]) != 2:
        return False
    constructor, forward = makers
    layers = [one for one in constructor.body if isinstance(one, ast.Assign) and "nn." in ast.unparse(one.value)]
    plain = all(re.fullmatch(r"self\.\w+ = nn\.(Linear|Sequential)\(.*\)", ast.unparse(one)) for one in layers)
    only_these = ast.unparse(constructor).count("nn.Linear(") == sum(
        ast.unparse(one).count("nn.Linear(") for one in layers
    )
    own = {ast.unparse(one.targets[0]) for one in layers}
    used = {ast.unparse(node.func) for node in ast.walk(forward) if isinstance(node, ast.Call) and _is_own(node)}
    return bool(layers) and plain and only_these and "nn." not in ast.unparse(forward) and used == own


def _has_no_chance(tree: ast.AST, source: str) -> bool:
    """Nothing in it draws a number, or makes a layer while it runs."""
    return not _CHANCE.search(source) and not any("nn." in ast.unparse(one) for one in _functions(tree, "forward"))


def _cuts_nothing(_tree: ast.AST, source: str) -> bool:
    return not _CUTS.search(source) and not _OTHER_CUTS.search(source)


def _flattens_each(_tree: ast.AST, source: str) -> bool:
    return (
        re.search(r"flatten\((x, )?(start_dim=)?1\)|nn\.Flatten\(\)[,)]|view\(x\.size\(0\), -1\)", source) is not None
    )


def _stores_kl(tree: ast.AST, _source: str) -> bool:
    """``forward`` sets ``self.kl`` to what a call gives, whatever happens before."""
    sets = (one for forward in _functions(tree, "forward") for one in forward.body if isinstance(one, ast.Assign))
    return any(ast.unparse(one.targets[0]) == "self.kl" and isinstance(one.value, ast.Call) for one in sets)


def _clears_in_the_loop(tree: ast.AST, source: str) -> bool:
    """The innermost loop calls ``zero_grad`` of the only optimizer, unconditionally, before anything is sent back."""
    for loop in (node for node in ast.walk(tree) if isinstance(node, ast.For)):
        lines = [ast.unparse(one) for one in loop.body]
        cleared = next((place for place, line in enumerate(lines) if line == "opt.zero_grad()"), None)
        sent = next((place for place, line in enumerate(lines) if line == "loss.backward()"), None)
        if cleared is not None and sent is not None and cleared < sent and source.count("optim.") == 1:
            return True
    return False


def _makes_no_number(_tree: ast.AST, source: str) -> bool:
    return re.search(r"item|float|numpy|np\.|int\(|tolist|= [\d.]+$", source, re.MULTILINE) is None


def _has_two_heads(tree: ast.AST, _source: str) -> bool:
    """Three layers of its own are each called once."""
    used = [
        ast.unparse(node.func)
        for forward in _functions(tree, "forward")
        for node in ast.walk(forward)
        if _is_own(node) and isinstance(node, ast.Call)
    ]
    return len(used) == len(set(used)) == 3 and all(name.startswith("self.linear") for name in used)


_READINGS: Mapping[str, Callable[[ast.AST, str], bool]] = {
    "no-hidden-activation": _has_relu_between,
    "layers-not-registered": _are_all_registered,
    "layers-made-in-forward": _are_all_registered,
    "random-output": _has_no_chance,
    "detached": _cuts_nothing,
    "partly-detached": _cuts_nothing,
    "not-flattened": _flattens_each,
    "never-stored": _stores_kl,
    "no-zero-grad": _clears_in_the_loop,
    "plain-number": _makes_no_number,
    "same-head-twice": _has_two_heads,
}
CLAIMS = tuple(_READINGS)
