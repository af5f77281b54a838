"""The globals through which a pickle reaches the system.

Source: Python library reference (what runs programs, opens files and connections, loads code, or
makes functions out of bytes); Python documentation, pickle, "Restricting Globals"; picklescan
1.0.5, `scanner.py` (the names in torch and numpy by which others were attacked). The tests
compare this list with picklescan's.
"""

from __future__ import annotations

# Everything in these modules and in those below them.
MODULES = frozenset((
    # Programs, processes and the system.
    "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "_posixsubprocess", "_winapi",
    "commands",
    "popen2", "pty", "sys", "signal", "_signal", "resource", "multiprocessing",
    "_thread", "asyncio", "concurrent", "sched", "winreg", "_winreg", "msvcrt", "ctypes", "_ctypes",
    "cffi", "_cffi_backend", "mmap", "fcntl", "gc", "atexit", "faulthandler", "webbrowser",
    "pexpect",
    "psutil", "sh", "plumbum", "fabric", "paramiko", "invoke",
    # Files and archives.
    "shutil", "tempfile", "_io", "fileinput", "filecmp", "glob", "linecache", "zipfile",
    "tarfile", "zipimport", "_pyio", "dbm", "sqlite3", "_sqlite3", "shelve", "mailbox", "aifc",
    # The network.
    "socket", "_socket", "socketserver", "ssl", "_ssl", "select", "selectors", "http", "httplib",
    "urllib",
    "urllib2", "urllib3", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "smtpd", "poplib",
    "imaplib",
    "nntplib", "telnetlib", "xmlrpc", "xmlrpclib", "asyncore", "asynchat", "wsgiref", "cgi",
    "tornado",
    "twisted", "boto3", "botocore",
    # Code: loading, compiling, running, inspecting it.
    "importlib", "_imp", "imp", "pkgutil", "runpy", "code", "codeop", "marshal", "dis", "inspect",
    "ast",
    "bdb", "pdb", "_pydev_bundle", "cProfile", "_lsprof", "profile", "pstats", "timeit", "trace",
    "tracemalloc",
    "doctest", "unittest", "test", "pydoc", "pydoc_data", "idlelib", "lib2to3", "distutils",
    "setuptools",
    "pkg_resources", "pip", "_distutils_hack", "ensurepip", "venv", "site", "sitecustomize",
    "usercustomize",
    "tkinter", "turtle", "turtledemo", "this", "antigravity", "compileall", "py_compile",
    "ensurepip", "pyclbr", "modulefinder", "symtable", "rlcompleter", "readline", "cmd", "curses",
    "pytest", "_pytest", "nose", "IPython", "ipykernel", "jupyter",
    "jinja2", "mako", "yaml", "numba", "cython", "Cython", "pyximport", "paddle", "evaluate",
    # Pickles in pickles.
    "pickle", "_pickle", "cPickle", "pickletools", "dill", "_dill", "cloudpickle", "jsonpickle",
    "_aix_support", "_osx_support", "_pyrepl",
))  # fmt: skip

# Single names, with all that is below them.
NAMES = frozenset((
    *(f"{module}.{name}"
      for module in ("builtins", "__builtin__", "__builtins__")
      for name in (
          "eval", "exec", "execfile", "compile", "open", "file", "__import__", "reload", "input",
          "raw_input",
          "apply", "globals", "locals", "vars", "dir", "setattr", "delattr", "breakpoint", "help",
          "exit", "quit",
          "memoryview", "super", "classmethod", "staticmethod", "property", "print",
      )),
    "io.open", "io.open_code", "io.FileIO", "io.OpenWrapper", "_io.open",
    "codecs.open", "codecs.lookup", "codecs.register", "_codecs.register", "_codecs.lookup",
    "copyreg.add_extension", "copyreg.pickle", "copyreg.constructor", "copy_reg.add_extension",
    "copy_reg.pickle",
    "operator.attrgetter", "operator.methodcaller", "operator.call", "_operator.attrgetter",
    "_operator.methodcaller", "_operator.call", "functools.reduce", "_functools.reduce",
    "functools.singledispatch", "functools.singledispatchmethod",
    "types.CodeType", "types.FunctionType", "types.MethodType", "types.ModuleType",
    "types.LambdaType",
    "types.BuiltinFunctionType", "types.FrameType", "types.new_class",
    "types.DynamicClassAttribute",
    "logging.config", "logging.handlers", "logging.FileHandler", "platform.popen",
    "platform._syscmd_ver", "contextlib.ExitStack", "pathlib.os", "collections.namedtuple",
    "typing.get_type_hints", "uuid._load_system_functions",
    "joblib.load", "joblib.numpy_pickle.load", "joblib.hashing.hash", "joblib.parallel.Parallel",
    "sklearn.externals.joblib.load", "pandas.read_pickle", "pandas.io.pickle.read_pickle",
    "pandas.eval",
    "pandas.core.computation.eval.eval", "pandas.read_csv", "pandas.read_json",
    "numpy.load", "numpy.save", "numpy.savez", "numpy.savetxt", "numpy.loadtxt", "numpy.genfromtxt",
    "numpy.fromfile", "numpy.memmap", "numpy.DataSource", "numpy.ctypeslib", "numpy.distutils",
    "numpy.f2py",
    "numpy.testing", "numpy.core._multiarray_tests", "numpy.lib.npyio", "numpy.lib._npyio_impl",
    "numpy.lib.format", "numpy.lib._datasource", "numpy.lib.utils",
    "numpy.ma.mrecords.fromtextfile",
    "torch.load", "torch.save", "torch.hub", "torch.package", "torch.serialization.load",
    "torch.compile",
    "torch._dynamo", "torch._inductor", "torch._C", "torch.distributed", "torch.multiprocessing",
    "torch.fx", "torch.jit", "torch.onnx", "torch.ops", "torch.classes", "torch.library",
    "torch.export",
    "torch.testing", "torch.utils.bottleneck", "torch.utils.cpp_extension",
    "torch.utils.collect_env",
    "torch.utils.data", "torch.utils.benchmark", "torch.utils._config_module", "torch.utils.hipify",
    "torch.utils.model_zoo", "torch.utils.show_pickle", "torch._appdirs", "torch._functorch",
    "torch._export",
    "torch.serialization.add_safe_globals", "torch.serialization._load",
    "torch.serialization._legacy_load",
    "tensorflow.io", "tensorflow.keras.models.load_model", "keras.models.load_model",
    "keras.saving",
    "keras.src.saving", "keras.utils.get_file", "transformers.dynamic_module_utils",
    "transformers.utils.hub",
    "transformers.pipeline", "transformers.pipelines", "huggingface_hub", "diffusers.loaders",
    "sklearn.utils._testing", "sklearn.datasets", "scipy.io", "scipy.weave",
))  # fmt: skip

# Modules that many others import, and through which they can be reached by dots.
REACHED = frozenset((
    "os", "posix", "nt", "sys", "subprocess", "builtins", "__builtin__", "importlib", "socket",
    "shutil",
    "runpy", "pickle", "_pickle", "ctypes", "pty", "multiprocessing", "marshal", "operator",
    "types",
    "system", "popen", "eval", "exec", "execfile", "__import__",
))  # fmt: skip

# Ways from any object to any other.
HIDDEN_WAYS = frozenset((
    "__globals__", "__builtins__", "__subclasses__", "__import__", "__mro__", "__bases__",
    "__base__",
    "__class__", "__dict__", "__code__", "__closure__", "__loader__", "__spec__",
    "__getattribute__",
    "__getattr__", "__setattr__", "__reduce__", "__reduce_ex__", "__init_subclass__", "__self__",
    "__wrapped__",
    "__func__", "__module__", "__call__", "__kwdefaults__", "__defaults__", "__setstate__",
    "__init__",
    "f_globals", "f_back", "gi_frame", "cr_frame", "tb_frame",
))  # fmt: skip
