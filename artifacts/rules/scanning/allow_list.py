"""The globals that honest files of models load: they make values, and do nothing else.

A global that stands in neither list is `suspicious`: nobody looked at it yet. It belongs here only
if it can neither run, load nor write anything, whatever arguments it is given.

Source: what the released versions of torch, numpy, scipy, scikit-learn, pandas, joblib,
transformers and sentence-transformers write; torch, `_weights_only_unpickler.py`.
"""

from __future__ import annotations


def _in(modules: str, names: str) -> frozenset[str]:
    """Return each name in each module."""
    return frozenset(f"{module}.{name}" for module in modules.split() for name in names.split())


_PYTHON = (
    _in(
        "builtins __builtin__",
        "set frozenset list dict tuple bytearray bytes str int float complex bool range xrange "
        "slice object long unicode NoneType Ellipsis",
    )
    | _in("collections _collections", "OrderedDict defaultdict deque Counter ChainMap UserDict")
    | _in("copyreg copy_reg", "_reconstructor __newobj__ __newobj_ex__")
    | _in("datetime", "datetime date time timedelta timezone")
    | _in("decimal _decimal cdecimal", "Decimal Context")
    | _in("uuid", "UUID SafeUUID")
    | {"random.Random", "_random.Random", "argparse.Namespace"}
    | _in("array", "array _array_reconstructor")
    | _in("types", "SimpleNamespace MappingProxyType NoneType GenericAlias")
    | _in("functools _functools", "partial")
    | _in("operator _operator", "itemgetter add sub mul truediv neg pow matmul")
    | _in("io _io", "BytesIO StringIO")
    | _in("itertools", "count chain repeat product")
    | _in("re _sre sre_compile", "_compile compile")
    | {"_codecs.encode", "fractions.Fraction", "logging.getLogger", "string.Template"}
    | _in("enum", "Enum IntEnum Flag IntFlag")
    | _in("zoneinfo", "ZoneInfo._unpickle ZoneInfo")
    | _in("dataclasses", "MISSING _MISSING_TYPE")
    | _in("typing", "Any Union Optional List Dict Tuple Callable")
    | _in(
        "pathlib pathlib._local",
        "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    )
)

_NUMPY = (
    _in(
        "numpy.core.multiarray numpy._core.multiarray numpy.core._multiarray_umath "
        "numpy._core._multiarray_umath",
        "_reconstruct scalar",
    )
    | _in("numpy.core.numeric numpy._core.numeric", "_frombuffer")
    | _in("numpy._core._internal numpy.core._internal", "_convert_to_stringdtype_kwargs")
    | _in(
        "numpy",
        "ndarray dtype bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc uintc "
        "intp uintp longlong ulonglong float16 float32 float64 longdouble complex64 complex128 "
        "clongdouble str_ bytes_ unicode_ string_ object_ void datetime64 timedelta64 recarray "
        "record matrix float_ int_ number generic floating integer mean sum median max min",
    )
    | _in("numpy.ma numpy.ma.core", "_mareconstruct MaskedArray MaskedConstant mvoid")
    | _in("numpy.matrixlib.defmatrix", "matrix")
    | _in("numpy.rec numpy.core.records numpy._core.records", "recarray record")
    | _in(
        "numpy.dtypes", "Float16DType Float32DType Float64DType Int32DType Int64DType StringDType"
    )
    | _in(
        "numpy.random._pickle",
        "__randomstate_ctor __generator_ctor __bit_generator_ctor",
    )
    | _in("numpy.random.mtrand", "__RandomState_ctor RandomState")
    | _in("numpy.random._mt19937", "MT19937")
    | _in("numpy.random._pcg64", "PCG64 PCG64DXSM")
    | _in("numpy.random._philox", "Philox")
    | _in("numpy.random._sfc64", "SFC64")
    | _in("numpy.random", "RandomState")
    | _in(
        "numpy.random.bit_generator",
        "SeedSequence __pyx_unpickle_SeedSequence SeedlessSeedSequence",
    )
    | _in("numpy.polynomial.polynomial", "Polynomial")
    | _in("numpy.lib.polynomial numpy.lib._polynomial_impl", "poly1d")
    | _in("ml_dtypes ml_dtypes._ml_dtypes_ext", "bfloat16 float8_e4m3fn float8_e5m2 int4 uint4")
)

_SCIPY = (
    _in("scipy.sparse.csr scipy.sparse._csr", "csr_matrix csr_array")
    | _in("scipy.sparse.csc scipy.sparse._csc", "csc_matrix csc_array")
    | _in("scipy.sparse.coo scipy.sparse._coo", "coo_matrix coo_array")
    | _in("scipy.sparse.bsr scipy.sparse._bsr", "bsr_matrix bsr_array")
    | _in("scipy.sparse.dia scipy.sparse._dia", "dia_matrix dia_array")
    | _in("scipy.sparse.lil scipy.sparse._lil", "lil_matrix lil_array")
    | _in("scipy.sparse.dok scipy.sparse._dok", "dok_matrix dok_array")
    | _in("scipy.spatial._ckdtree", "cKDTree cKDTreeNode")
    | _in("scipy.spatial._kdtree", "KDTree")
    | _in("scipy.interpolate._interpolate", "interp1d PPoly")
    | _in("scipy.interpolate._bsplines", "BSpline")
    | _in("scipy.special._ufuncs scipy.special._special_ufuncs", "expit logit")
    | _in("scipy.stats._distn_infrastructure", "rv_frozen rv_continuous_frozen rv_discrete_frozen")
)

_TORCH_STORAGES = (
    "FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage ShortStorage "
    "CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage "
    "QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage"
)
_TORCH = (
    _in("torch torch.storage torch.cuda", f"{_TORCH_STORAGES} TypedStorage _TypedStorage")
    | _in(
        "torch torch.cuda",
        "Tensor FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor "
        "ShortTensor CharTensor ByteTensor BoolTensor",
    )
    | _in(
        "torch",
        "Size device dtype Generator float16 float32 float64 bfloat16 half float double int8 "
        "int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64 complex128 quint8 qint8 "
        "qint32 float8_e4m3fn float8_e5m2 strided sparse_coo sparse_csr preserve_format "
        "contiguous_format channels_last channels_last_3d per_tensor_affine "
        "per_channel_affine layout memory_format",
    )
    | _in(
        "torch._utils",
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter "
        "_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor "
        "_rebuild_sparse_csr_tensor _rebuild_device_tensor_from_numpy "
        "_rebuild_device_tensor_from_cpu_tensor _rebuild_meta_tensor_no_storage "
        "_rebuild_wrapper_subclass _rebuild_nested_tensor _set_obj_state",
    )
    | _in("torch._tensor", "_rebuild_from_type_v2 _rebuild_from_type")
    | _in(
        "torch.jit._pickle",
        "build_intlist build_tensorlist build_doublelist build_boollist "
        "build_tensor_from_id restore_type_tag",
    )
    | _in("torch.nn.parameter", "Parameter Buffer UninitializedParameter")
    | _in("torch.serialization", "_get_layout")
    # What it loads out of its bytes is looked into (`pickles.py`).
    | _in("torch.storage", "_load_from_bytes")
    | _in("torch.nn.init", "xavier_uniform_ xavier_normal_ kaiming_uniform_ normal_")
    | _in(
        "torch.nn.functional torch.nn.modules.activation",
        "relu gelu silu tanh sigmoid softmax leaky_relu elu mish",
    )
    | _in("torch._C._nn", "gelu silu")
    | _in("torch", "relu tanh sigmoid")
    | _in(
        "torch.optim.lr_scheduler", "LambdaLR StepLR CosineAnnealingLR ReduceLROnPlateau OneCycleLR"
    )
    | _in("torch.optim.adam", "Adam")
    | _in("torch.optim.adamw", "AdamW")
    | _in("torch.optim.sgd", "SGD")
    | _in("torch.optim.rmsprop", "RMSprop")
    | _in("torch.torch_version", "TorchVersion")
    | _in("torch.utils.hooks", "BackwardHook RemovableHandle")
)

_PANDAS = (
    _in("pandas.core.frame pandas", "DataFrame")
    | _in("pandas.core.series pandas", "Series")
    | _in(
        "pandas.core.internals.managers pandas._libs.internals", "BlockManager SingleBlockManager"
    )
    | _in("pandas._libs.internals", "_unpickle_block BlockPlacement")
    | _in("pandas.core.internals.blocks", "new_block Block")
    | _in("pandas.core.indexes.base", "_new_Index Index Int64Index Float64Index")
    | _in("pandas.core.indexes.numeric", "Int64Index Float64Index UInt64Index")
    | _in("pandas.core.indexes.range", "RangeIndex")
    | _in("pandas.core.indexes.multi", "MultiIndex")
    | _in("pandas.core.indexes.category", "CategoricalIndex")
    | _in("pandas.core.indexes.datetimes", "DatetimeIndex _new_DatetimeIndex")
    | _in("pandas.core.indexes.frozen", "FrozenList")
    | _in("pandas.core.arrays.categorical", "Categorical")
    | _in("pandas.core.arrays.string_", "StringArray")
    | _in("pandas.core.arrays.numpy_", "NumpyExtensionArray PandasArray")
    | _in("pandas.core.arrays.datetimes", "DatetimeArray")
    | _in("pandas.core.arrays.integer", "IntegerArray")
    | _in("pandas.core.arrays.boolean", "BooleanArray")
    | _in("pandas.core.dtypes.dtypes", "CategoricalDtype DatetimeTZDtype")
    | _in("pandas.core.flags", "Flags")
    | _in("pandas._libs.arrays", "__pyx_unpickle_NDArrayBacked NDArrayBacked")
    | _in("pandas._libs.tslibs.timestamps", "_unpickle_timestamp Timestamp")
    | _in("pandas._libs.tslibs.timedeltas", "_timedelta_unpickle Timedelta")
    | _in("pandas._libs.tslibs.nattype", "_nat_unpickle")
    | _in("pandas._libs.missing", "NAType NA")
    | _in("pandas.arrays", "StringArray ArrowStringArray IntegerArray BooleanArray PandasArray")
    | _in("pandas", "StringDtype Categorical CategoricalDtype Index RangeIndex Timestamp")
)

_LEARNING = (
    _in(
        "joblib.numpy_pickle sklearn.externals.joblib.numpy_pickle",
        "NumpyArrayWrapper NDArrayWrapper",
    )
    | _in(
        "sklearn._loss.link",
        "HalfLogitLink IdentityLink Interval LogitLink LogLink MultinomialLogit",
    )
    | _in(
        "sklearn._loss._loss",
        "CyHalfBinomialLoss CyHalfSquaredError CyHalfMultinomialLoss "
        "__pyx_unpickle_CyHalfBinomialLoss __pyx_unpickle_CyHalfSquaredError "
        "__pyx_unpickle_CyHalfMultinomialLoss __pyx_unpickle_CyLossFunction",
    )
    | _in(
        "sklearn._loss.loss",
        "HalfBinomialLoss HalfSquaredError HalfMultinomialLoss AbsoluteError "
        "HuberLoss PinballLoss ExponentialLoss",
    )
    | _in("sklearn.neighbors._kd_tree", "newObj KDTree KDTree64 KDTree32")
    | _in("sklearn.neighbors._ball_tree", "newObj BallTree BallTree64 BallTree32")
    | _in(
        "sklearn.metrics._dist_metrics",
        "newObj EuclideanDistance EuclideanDistance64 "
        "EuclideanDistance32 ManhattanDistance64 MinkowskiDistance64",
    )
    | _in("sklearn.utils sklearn.utils._bunch", "Bunch")
    | _in("sklearn.utils._metadata_requests", "MetadataRequest")
    | _in("sklearn.feature_extraction.text", "_analyze strip_accents_unicode strip_tags")
    | _in("sklearn.feature_selection._univariate_selection", "f_classif f_regression chi2")
    | _in("xgboost.core", "Booster DMatrix")
    | _in("xgboost.sklearn", "XGBClassifier XGBRegressor XGBRanker XGBModel")
    | _in("lightgbm.basic", "Booster")
    | _in("lightgbm.sklearn", "LGBMClassifier LGBMRegressor LGBMRanker")
    | _in("catboost.core", "CatBoostClassifier CatBoostRegressor CatBoost")
    | _in(
        "gensim.models.keyedvectors",
        "KeyedVectors Vocab Word2VecKeyedVectors EuclideanKeyedVectors",
    )
    | _in("gensim.models.word2vec", "Word2Vec Word2VecVocab Word2VecTrainables")
    | _in("gensim.models.fasttext", "FastText FastTextKeyedVectors")
    | _in("gensim.corpora.dictionary", "Dictionary")
    | _in("gensim.models.ldamodel", "LdaModel LdaState")
)

_TRANSFORMERS = (
    _in("transformers.training_args transformers", "TrainingArguments OptimizerNames ParallelMode")
    | _in("transformers.training_args_seq2seq transformers", "Seq2SeqTrainingArguments")
    | _in(
        "transformers.trainer_utils",
        "IntervalStrategy SchedulerType HubStrategy EvaluationStrategy SaveStrategy FSDPOption "
        "ShardedDDPOption",
    )
    | _in("transformers.debug_utils", "DebugOption")
    | _in("transformers.integrations.deepspeed transformers.deepspeed", "HfTrainerDeepSpeedConfig "
          "HfDeepSpeedConfig")
    | _in("transformers.trainer_pt_utils", "AcceleratorConfig")
    | _in("transformers.generation.configuration_utils", "GenerationConfig")
    | _in("accelerate.state", "PartialState AcceleratorState")
    | _in("accelerate.utils.dataclasses", "DistributedType DeepSpeedPlugin "
          "SageMakerDistributedType FullyShardedDataParallelPlugin")
    | _in("trl.trainer.sft_config", "SFTConfig FDivergenceType")
    | _in("trl.trainer.dpo_config", "DPOConfig FDivergenceType FDivergenceConstants")
    | _in("trl.trainer.grpo_config", "GRPOConfig")
    | _in("trl.trainer.ppo_config trl.trainer.reward_config", "PPOConfig RewardConfig")
    | _in("sentence_transformers.training_args", "SentenceTransformerTrainingArguments "
          "BatchSamplers MultiDatasetBatchSamplers")
    | _in("tokenizers", "Tokenizer AddedToken")
    | _in("tokenizers.models", "Model BPE WordPiece Unigram")
    | _in("transformers.tokenization_utils_base", "BatchEncoding AddedToken")
    | _in("transformers.utils.generic", "ModelOutput PaddingStrategy ExplicitEnum")
    | _in("omegaconf.dictconfig", "DictConfig")
    | _in("omegaconf.listconfig", "ListConfig")
    | _in("omegaconf.base", "ContainerMetadata Metadata")
    | _in("omegaconf.nodes", "AnyNode StringNode IntegerNode FloatNode BooleanNode")
    | _in("pytorch_lightning.callbacks.model_checkpoint", "ModelCheckpoint")
    | _in("lightning.pytorch.callbacks.model_checkpoint", "ModelCheckpoint")
    | _in("pytorch_lightning.utilities.parsing lightning.fabric.utilities.data", "AttributeDict")
)  # fmt: skip

_HELPERS = _in("sklearn.cluster._kmeans", "_kmeans_single_lloyd _kmeans_single_elkan") | _in(
    "scipy._lib.array_api_compat.numpy._aliases", "asarray"
)

NAMES = _HELPERS | _PYTHON | _NUMPY | _SCIPY | _TORCH | _PANDAS | _LEARNING | _TRANSFORMERS

# Modules whose classes are values: layers and estimators. Only names of classes count, which begin
# with a capital letter and have no dot; their functions do not.
FAMILIES = (
    "torch.nn.modules.",
    "torch.nn.quantized.modules.", "torch.ao.nn.quantized.modules.",
    "sklearn._loss.", "pandas.arrays", "sklearn.linear_model.", "sklearn.ensemble.",
    "sklearn.tree.", "sklearn.svm.", "sklearn.cluster.",
    "sklearn.naive_bayes", "sklearn.neighbors.", "sklearn.preprocessing.", "sklearn.decomposition.",
    "sklearn.feature_extraction.", "sklearn.feature_selection.", "sklearn.impute.",
    "sklearn.compose.",
    "sklearn.pipeline", "sklearn.model_selection.", "sklearn.neural_network.",
    "sklearn.calibration",
    "sklearn.discriminant_analysis", "sklearn.gaussian_process.", "sklearn.isotonic",
    "sklearn.manifold.",
    "sklearn.mixture.", "sklearn.multiclass", "sklearn.multioutput", "sklearn.covariance.",
    "sklearn.dummy",
    "sklearn.random_projection", "sklearn.kernel_ridge", "sklearn.kernel_approximation",
    "sklearn.cross_decomposition.", "sklearn.semi_supervised.", "sklearn.metrics._scorer",
    "sklearn.base",
    "torchvision.models.", "timm.models.", "timm.layers.", "ultralytics.nn.modules.",
)  # fmt: skip
