"""The formats of weights that the field's libraries load, and which files make one set.

`parts.py` decides what a file is; this module knows how weights are named.

Source: the Hub's list of libraries (`model-libraries.ts` of huggingface.js, with the files by which
each library's downloads are counted), and the documentation of the programs named in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from artifacts.rules.patterns import Pattern

# Format -> endings of its files, all of which may be one set. The usual formats first: of the same
# weights in several, a deployment takes the first.
FORMATS = {
    "safetensors": "safetensors sft",
    # diffusers: a whole pipeline in one file.
    "DDUF": "dduf",
    # CoreWeave's tensorizer.
    "tensors": "tensors",
    # transformers, fastText, MLC; OpenVINO and ncnn keep the graph in a text beside it.
    "PyTorch (.bin)": "bin",
    "PyTorch (.pt)": "pt pyt",
    "PyTorch (.pth)": "pth th",
    # llama.cpp, ctransformers, whisper.cpp, llamafile.
    "GGUF": "gguf",
    "GGML": "ggml ggjt ggmf ggla llamafile",
    "Keras": "keras",
    # Keras, TF-Keras, KerasHub.
    "HDF5": "h5 hdf5",
    "ONNX": "onnx onnx_data ort",
    # TF Hub, TF-Keras, TensorFlow Serving; frozen graphs are a single file.
    "SavedModel": "pb",
    # Flax, Equinox, Burn.
    "Flax": "msgpack flax eqx mpk bpk",
    # Lightning, NeMo, AnemoI, BioNeMo; TensorFlow's have several files.
    "checkpoint": "ckpt checkpoint",
    # LiteRT, LiteRT-LM, MediaPipe, ONE.
    "LiteRT": "tflite lite tfl task litertlm circle",
    # PaddleNLP, PaddleOCR: the program beside the parameters.
    "Paddle": "pdparams pdiparams pdmodel pdema",
    # scikit-learn, fastai, SetFit's head.
    "pickle": "pkl pickle pck dill cloudpickle",
    "joblib": "joblib jbl",
    "skops": "skops",
    "NeMo": "nemo",
    "PyTorch (distributed)": "distcp",
    # torch.export, TorchScript, ExecuTorch, PyTorch Mobile.
    "PyTorch (exported)": "pt2 torchscript jit pte ptd ptl",
    "Torch 7": "t7",
    "TorchServe": "mar",
    "rust-bert": "ot",
    # Orbax and T5X over TensorStore; big_vision and VideoPrism keep arrays of NumPy.
    "Orbax": "ocdbt zarr",
    "NumPy": "npz",
    # WhisperKit and whatever else is made for Core ML.
    "Core ML": "mlmodel mlpackage mlmodelc mil",
    "MXNet": "params",
    "Caffe": "caffemodel",
    "Darknet": "weights",
    "TensorRT": "engine plan trt uff",
    # XGBoost, LightGBM, CatBoost; PMML.
    "trees": "ubj xgb bst lgb cbm pmml",
    # fastText and gensim.
    "word vectors": "vec ftz kv wordvectors",
    # Kaldi and Vosk; KenLM's language models; Flux.jl; Stockfish.
    "speech": "mdl arpa klm",
    "Julia": "jld2 bson",
    "NNUE": "nnue",
    # MNN, ncnn, TNN, MindSpore, Tengine, Sentis, gemma.cpp, ESP-DL, SNPE, Arm NN, NNabla.
    "small runtimes": "mnn ncnn rten mllm tnnmodel ms mindir tmfile sentis sbs espdl dlc armnn nnp",
    # Rockchip, Hailo, Ascend, Axera, Sophgo, Kendryte, Vitis AI, IREE, Inferentia.
    "one chip": "neuron rknn rkllm hef om axmodel bmodel cvimodel kmodel xmodel vmfb neff",
    # spaCy's parts, LIBSVM, Skala, CleanRL, and whatever else is named so.
    "model": "model fun lora state_dict cleanrl_model",
}
# The names that libraries give the weights of a whole model, in the order in which they look.
USUAL_NAMES = (
    "model", "pytorch_model", "diffusion_pytorch_model", "tf_model", "flax_model", "adapter_model",
    "open_clip_model", "open_clip_pytorch_model", "consolidated", "saved_model",
)  # fmt: skip
_ORDER = {ending: order for order, each in enumerate(FORMATS.values()) for ending in each.split()}
# The formats before this one are those that PyTorch's own libraries load.
ORDER_OF_OTHERS = _ORDER["gguf"]
# Folders that are one model: each file in them belongs to it.
_WHOLE_FOLDERS = frozenset(("mlpackage", "mlmodelc", "zarr", "ocdbt"))
# Of a SavedModel: its graph, and the folder beside it with what was learned.
_GRAPH, _VARIABLES = "saved_model.pb", "variables"
# One checkpoint of TensorFlow in several files: `model.ckpt-1000.index`, and beside it `.meta` and
# `.data-00000-of-00001`. Other programs have files of the first two endings, too.
_TENSORFLOW = Pattern(
    r"^(.+)\.data-\d+-of-\d+$|^(.*(ckpt|model|checkpoint|variables)(-\d+)?)\.(index|meta)$"
)
_ONNX_DATA = Pattern(r"^(.+)\.onnx[._]data(_\d+)?$")
# Checkpoints of Orbax (OCDBT) and of Grok-1: files without endings, a folder of which is one set.
_PIECES = Pattern(r"^(.*/)?(d/[0-9a-f]{16,}|manifest\.ocdbt|tensor\d{5}_\d{3})$")
_OCDBT_PROCESS = Pattern(r"(^|/)ocdbt\.process_\d+$")
# What is no ending: compression, and the number of a piece.
_PACKED = frozenset(("gz", "bz2", "xz", "zst", "lz4", "tar", "tgz", "zip"))
_PIECE = Pattern(
    r"(^|[-_])(part|split)([-_]?\d+([-_]?of[-_]?\d+)?|[-_][a-z]{1,3})?$|^\d{2,}$|-\d+-of-\d+$"
)
# The number of a shard: `model-00001-of-00002`, `consolidated.00`, `params_shard_3`,
# `mp_rank_00_model_states`, `group1-shard1of4`.
_SHARD = Pattern(
    r"[-_.]\d+-of-\d+|[-_.](shard|rank)[-_.]?\d+([-_]?of[-_]?\d+)?|^(consolidated)\.\d{2}$"
)
# State from which training goes on, and logs of it: nothing that is deployed.
_TRAINING = (
    "training_args", "optimizer", "optim.", "scheduler", "lr_scheduler", "random_states",
    "rng_state", "trainer_state", "scaler.pt", "grad_scaler", "events.out.tfevents", "imatrix",
    "label_encoder", "zero_pp_rank", "bf16_zero_pp_rank", "embeddings_cache",
)  # fmt: skip
_TRAINING_ENDS = (
    ".optimizer.pth",
    ".optimizer.pt",
    "optim_states.pt",
    ".pdopt",
    ".imatrix",
    "-imatrix.gguf",
)
# Weights that are loaded beside others and never instead of them: llama.cpp's projectors of images,
# what sentence-transformers computed before.
_BESIDE = ("mmproj", "embeddings_cache")
# Beside the graph of a SavedModel: its fingerprint, and the layers as Keras knows them.
_DESCRIPTIONS = frozenset(("fingerprint.pb", "keras_metadata.pb"))
# Parts of a model that are beside the file that names them: arrays of gensim's word vectors
# (`wiki.model.wv.vectors.npy`), the weights of MNN (`llm.mnn.weight`).
_PART_OF = Pattern(r"^(.+\.(model|kv|wordvectors|bin|d2v|w2v))(\.\w+)*\.npy$|^(.+\.mnn)\.weight$")
# What a name ends with that stands for weights although its ending is that of an array, an archive
# or a table.
_SAYS_WEIGHTS = Pattern(r"(^|[-_])(model|weights?|checkpoint|ckpt)$")
# Stable-Baselines3 packs an agent under its algorithm and its world: `ppo-LunarLander-v2.zip`.
_SAYS_AGENT = Pattern(
    r"^(a2c|ars|crossq|ddpg|dqn|her|(maskable|recurrent)?[-_]?ppo([-_]lstm)?|qr[-_]?dqn|sac|td3|tqc"
    r"|trpo)[-_]"
)
_SAYS_TREES = Pattern(r"(^|[-_])(xgb|xgboost|lgb|lgbm|lightgbm)([-_]|$)")
_ARRAY, _TREE_TEXTS = "npy", frozenset(("json", "txt"))


@dataclass(frozen=True)
class WeightSet:
    """Which set of weights a file belongs to: that of all files with an equal value.

    Attributes:
        order: the place of its format in `FORMATS`; above all of them for an unknown one.
        folder: where it lies, "" for the root.
        name: what the names of its files share.
    """

    order: int
    folder: str
    name: str


def is_weights(path: str) -> bool:
    """Whether a file is weights, going by its name."""
    place = PurePosixPath(path.lower())
    name = place.name
    if is_helper(path):
        return False
    if _find_whole_folder(place) is not None or place.parent.name == _VARIABLES:
        return True
    if _TENSORFLOW.search(name) or _ONNX_DATA.search(name) or _PIECES.search(path.lower()):
        return True
    return bool(_PART_OF.search(name)) or find_ending(name) in _ORDER or _says_weights(name)


def is_helper(path: str) -> bool:
    """Whether a file only continues training or describes weights, whatever its ending."""
    name = path.lower().rpartition("/")[2]
    return name in _DESCRIPTIONS or name.startswith(_TRAINING) or name.endswith(_TRAINING_ENDS)


def is_beside(path: str) -> bool:
    """Whether weights are only loaded together with others."""
    return path.lower().rpartition("/")[2].startswith(_BESIDE)


def is_one_thing(folder: str) -> bool:
    """Whether a folder of this name belongs to one model, and is no place for files."""
    return folder.lower() == _VARIABLES or _has_whole_ending(folder)


def find_ending(name: str) -> str:
    """Return the ending that tells what a file holds; "" for none.

    Args:
        name: in lower case. Compression around it and numbers of pieces are passed over: that of
            `big.gguf.part1of2` and `big.gguf.gz` is `gguf`.
    """
    for ending in reversed(name.split(".")[1:]):
        told = _PIECE.sub("", ending)
        if told and told not in _PACKED:
            return told
    return ""


def is_packed(name: str) -> bool:
    """Whether a file is compressed or an archive, going by its name in lower case."""
    return name.rpartition(".")[2] in _PACKED


def find_set(path: str) -> WeightSet:
    """Return the set that a file of weights belongs to."""
    place = PurePosixPath(path)
    if found := _PART_OF.search(place.name.lower()):
        place = place.parent / place.name[: len(found[1] or found[4])]
    lowered = PurePosixPath(str(place).lower())
    whole = _find_whole_folder(lowered)
    if whole is not None:
        folder = place.parents[len(place.parts) - 2 - whole]
        order = _ORDER[lowered.parts[whole].rpartition(".")[2]]
        return WeightSet(order, _named(folder.parent), folder.name)
    if lowered.parent.name == _VARIABLES:
        return WeightSet(_ORDER["pb"], _named(place.parent.parent), "")
    if _PIECES.search(str(lowered)):
        within = _named(place.parent.parent if place.parent.name == "d" else place.parent)
        return WeightSet(_ORDER["ocdbt"], _OCDBT_PROCESS.sub("", within), "")
    folder_name = _named(place.parent)
    if lowered.name == _GRAPH:
        return WeightSet(_ORDER["pb"], folder_name, "")
    if found := _TENSORFLOW.search(lowered.name):
        return WeightSet(_ORDER["ckpt"], folder_name, found[1] or found[2])
    if found := _ONNX_DATA.search(lowered.name):
        return WeightSet(_ORDER["onnx"], folder_name, found[1])
    ending = find_ending(lowered.name)
    order = _ORDER.get(ending, len(FORMATS))
    if ending == "distcp":
        return WeightSet(order, folder_name, "")
    stem = lowered.name.rpartition(f".{ending}")[0] if ending else lowered.name
    return WeightSet(order, folder_name, _SHARD.sub("", stem))


def _says_weights(name: str) -> bool:
    """Whether the stem of a name says that it is weights, and its ending does not deny it."""
    stem, _, _ = name.partition(".")
    ending = find_ending(name)
    if ending in _TREE_TEXTS:
        return bool(_SAYS_TREES.search(stem))
    is_archive = not ending and is_packed(name)
    if is_archive and _SAYS_AGENT.search(name):
        return True
    could_be = ending == _ARRAY or is_archive
    return name == "model" or (could_be and bool(_SAYS_WEIGHTS.search(stem)))


def _find_whole_folder(place: PurePosixPath) -> int | None:
    """Return which part of a path is a folder that is one model; None for none."""
    parents = place.parts[:-1]
    return next((at for at, each in enumerate(parents) if _has_whole_ending(each)), None)


def _has_whole_ending(folder: str) -> bool:
    """Whether a folder has the ending of a model."""
    _, dot, ending = folder.lower().rpartition(".")
    return bool(dot) and ending in _WHOLE_FOLDERS


def _named(folder: PurePosixPath) -> str:
    """Return a folder as text, "" for the root."""
    return "" if folder == PurePosixPath() else str(folder)
