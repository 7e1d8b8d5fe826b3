"""Names that no answer to this notebook needs, by what they are good for.

Common, harmless use is left out on purpose: paths and folders, settings of libraries, saving figures and models,
looking for Colab. A name counts for all that it holds.
"""

import re
from collections.abc import Mapping

from autograder.reading.evidence.finding import Kind

_REACHED: Mapping[Kind, Mapping[str, str]] = {
    Kind.GRADER: {
        "gc": "callbacks get_objects get_referents get_referrers",
        "inspect": "currentframe getinnerframes getouterframes stack trace",
        "sys": "_current_frames _getframe addaudithook displayhook excepthook meta_path modules monitoring path_hooks "
        "path_importer_cache setprofile settrace unraisablehook",
        "threading": "setprofile settrace",
        "torch": "_C library overrides",
        "torch.utils": "_python_dispatch",
        "traceback": "extract_stack walk_stack",
        "unittest": "mock",
    },
    Kind.SYSTEM: {
        "multiprocessing": "Manager Pipe Pool Process Queue connection get_context managers pool shared_memory",
        "os": "_exit abort chmod chown dup dup2 execl execle execlp execlpe execv execve execvp execvpe fdopen fork "
        "forkpty getlogin getppid kill killpg link lchown memfd_create mkfifo mknod open openpty pipe pipe2 popen "
        "posix_spawn posix_spawnp putenv read register_at_fork sched_setaffinity setgid setpriority setsid setuid "
        "spawnl spawnle spawnlp spawnlpe spawnv spawnve spawnvp spawnvpe symlink system unsetenv write",
        "shutil": "chown copy copy2 copyfile copyfileobj copytree move rmtree",
        "threading": "Thread Timer",
    },
    Kind.SETTING: {
        "getpass": "getuser",
        "os": "uname",
        "platform": "node uname",
        "sys": "argv orig_argv",
    },
    Kind.TEXT: {
        "base64": "a85decode b16decode b32decode b64decode b85decode decodebytes standard_b64decode urlsafe_b64decode",
        "binascii": "a2b_base64 a2b_hex unhexlify",
        "bz2": "decompress",
        "codecs": "decode",
        "lzma": "decompress",
        "pickle": "loads",
        "zlib": "decompress decompressobj",
    },
}
_MODULES: Mapping[Kind, str] = {
    Kind.GRADER: "builtins",
    Kind.SYSTEM: "_ctypes _posixsubprocess _thread atexit cffi ctypes fcntl mmap pexpect posix pty resource signal "
    "socket socketserver subprocess termios",
    Kind.SETTING: "psutil",
    Kind.TEXT: "marshal",
}
FULL_NAMES: Mapping[str, Kind] = {
    **{f"{module}.{name}": kind for kind, of in _REACHED.items() for module, names in of.items()
       for name in names.split()},
    **{module: kind for kind, modules in _MODULES.items() for module in modules.split()},
}  # fmt: skip

_ONLY: Mapping[str, tuple[Kind, frozenset[str]]] = {
    "autograder": (Kind.GRADER, frozenset({"*", "check", "hint", "progress", "datasets"})),
    "importlib": (Kind.SYSTEM, frozenset({"reload", "metadata", "util", "resources"})),
}
_NOT_EVEN = {"importlib.util.module_from_spec": Kind.SYSTEM, "importlib.util.spec_from_file_location": Kind.SYSTEM}
_MOST_PARTS = 6


def reached(full: str) -> tuple[str, Kind] | None:
    """The shortest name on the way to this one that no answer needs, and what it is good for."""
    parts = full.split(".")[:_MOST_PARTS]
    for count in range(1, len(parts) + 1):
        name = ".".join(parts[:count])
        if kind := FULL_NAMES.get(name) or _NOT_EVEN.get(name):
            return name, kind
    if len(parts) > 1 and parts[0] in _ONLY:
        kind, fine = _ONLY[parts[0]]
        return None if parts[1] in fine else (".".join(parts[:2]), kind)
    return None


# Modules that are fine to use by their parts; handed around whole, they hide which part is used.
WHOLE = frozenset({"autograder", "gc", "importlib", "inspect", "os", "sys"})

# Wherever they are looked up, also by `getattr`.
ATTRIBUTES: frozenset[str] = frozenset(
    {"__builtins__", "__closure__", "__code__", "__globals__", "__loader__", "__subclasses__", "_getframe",
     "ag_frame", "cr_frame", "f_back", "f_builtins", "f_globals", "f_locals", "get_objects", "get_referrers",
     "gi_frame", "input_transformers_cleanup", "input_transformers_post", "register_module_backward_hook",
     "register_module_forward_hook", "register_module_forward_pre_hook", "register_module_full_backward_hook",
     "setprofile", "settrace", "tb_frame"}
)  # fmt: skip
BUILTINS: Mapping[str, tuple[str, Kind]] = {
    "eval": ("it uses `eval`", Kind.SYSTEM),
    "exec": ("it uses `exec`", Kind.SYSTEM),
    "compile": ("it uses `compile`", Kind.SYSTEM),
    "__import__": ("it uses `__import__`", Kind.SYSTEM),
    "__builtins__": ("it reaches for `__builtins__`", Kind.GRADER),
    "__loader__": ("it reaches for `__loader__`", Kind.GRADER),
    "__spec__": ("it asks for `__spec__`", Kind.SETTING),
    "__file__": ("it asks for `__file__`", Kind.SETTING),
    "__IPYTHON__": ("it asks for `__IPYTHON__`", Kind.SETTING),
}
METHODS: frozenset[str] = frozenset(
    {"__getattribute__", "__instancecheck__", "__subclasscheck__", "__torch_dispatch__", "__torch_function__",
     "load_state_dict", "named_parameters", "parameters", "state_dict", "_load_from_state_dict"}
)  # fmt: skip

PATCHED = frozenset({"autograder", "builtins", "numpy", "torch", "torchvision"})
SETTINGS = ("torch.backends.",)  # assigned to in every second notebook

HARMLESS_VARIABLE = re.compile(r"(?:COLAB|CUBLAS|CUDA|KAGGLE|KMP|MKL|OMP|PYTHON|PYTORCH|TORCH)")
HARMLESS_MODULE = "google.colab"
HARMLESS_SHELL = frozenset({"magic", "run_cell_magic", "run_line_magic", "system"})
GUARDED_PATH = re.compile(r"/proc/|autograder\.salt|gradebook\.db")
WRITING = re.compile(r"(?=[rwaxbt+]{1,4}$)[rbt]*[wax+]")

# For lines that do not parse, where nothing more can be told than that a word is there.
WORDS = re.compile(
    r"\b(__builtins__|__globals__|__import__|__subclasses__|_getframe|ctypes|currentframe|f_back|get_objects"
    r"|get_referrers|setprofile|settrace|subprocess)\b"
)
