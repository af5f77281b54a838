"""Globals that real files load, and globals that picklescan calls dangerous.

The first were read out of 383 files that numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1 (166 of its
estimators), pandas 3.1.1 and joblib 1.6.0 wrote on 2026-11-30. The second are those of picklescan
1.0.5 (MIT license), `scanner._unsafe_globals`; `.*` stands for any name in a module.
"""

HONEST = """
    __builtin__.bytearray __builtin__.complex __builtin__.frozenset __builtin__.list
    __builtin__.object __builtin__.set __builtin__.slice __builtin__.xrange _codecs.encode
    argparse.Namespace array._array_reconstructor array.array builtins.bytearray
    builtins.complex builtins.frozenset builtins.list builtins.range builtins.set builtins.slice
    collections.Counter collections.OrderedDict collections.defaultdict collections.deque
    copy_reg._reconstructor datetime.datetime datetime.timedelta datetime.timezone
    decimal.Decimal fractions.Fraction joblib.numpy_pickle.NumpyArrayWrapper
    numpy._core.multiarray._reconstruct numpy._core.multiarray.scalar
    numpy._core.numeric._frombuffer numpy.dtype numpy.float64 numpy.ma.MaskedArray
    numpy.ma.core._mareconstruct numpy.mean numpy.ndarray numpy.random._mt19937.MT19937
    numpy.random._pcg64.PCG64 numpy.random._pickle.__bit_generator_ctor
    numpy.random._pickle.__generator_ctor numpy.random._pickle.__randomstate_ctor
    numpy.random.bit_generator.SeedSequence
    numpy.random.bit_generator.__pyx_unpickle_SeedSequence pandas.Categorical
    pandas.CategoricalDtype pandas.DataFrame pandas.Index pandas.RangeIndex pandas.Series
    pandas.StringDtype pandas._libs.arrays.__pyx_unpickle_NDArrayBacked
    pandas._libs.internals._unpickle_block pandas.arrays.DatetimeArray pandas.arrays.StringArray
    pandas.core.indexes.base._new_Index pandas.core.internals.managers.BlockManager
    pandas.core.internals.managers.SingleBlockManager pathlib.PurePosixPath random.Random
    scipy._lib.array_api_compat.numpy._aliases.asarray scipy.interpolate._bsplines.BSpline
    scipy.sparse._coo.coo_matrix scipy.sparse._csc.csc_array scipy.sparse._csr.csr_matrix
    sklearn._loss._loss.CyHalfBinomialLoss sklearn._loss._loss.CyHalfPoissonLoss
    sklearn._loss._loss.CyHalfSquaredError sklearn._loss._loss.CyHalfTweedieLossIdentity
    sklearn._loss.link.IdentityLink sklearn._loss.link.Interval sklearn._loss.link.LogLink
    sklearn._loss.link.LogitLink sklearn._loss.loss.HalfBinomialLoss
    sklearn._loss.loss.HalfPoissonLoss sklearn._loss.loss.HalfSquaredError
    sklearn._loss.loss.HalfTweedieLossIdentity sklearn.calibration.CalibratedClassifierCV
    sklearn.calibration._CalibratedClassifier sklearn.calibration._SigmoidCalibration
    sklearn.cluster._affinity_propagation.AffinityPropagation
    sklearn.cluster._agglomerative.AgglomerativeClustering
    sklearn.cluster._agglomerative.FeatureAgglomeration
    sklearn.cluster._bicluster.SpectralBiclustering
    sklearn.cluster._bicluster.SpectralCoclustering sklearn.cluster._birch.Birch
    sklearn.cluster._birch._CFNode sklearn.cluster._birch._CFSubcluster
    sklearn.cluster._bisect_k_means.BisectingKMeans
    sklearn.cluster._bisect_k_means._BisectingTree sklearn.cluster._dbscan.DBSCAN
    sklearn.cluster._hdbscan.hdbscan.HDBSCAN sklearn.cluster._kmeans.KMeans
    sklearn.cluster._kmeans.MiniBatchKMeans sklearn.cluster._kmeans._kmeans_single_lloyd
    sklearn.cluster._mean_shift.MeanShift sklearn.cluster._optics.OPTICS
    sklearn.cluster._spectral.SpectralClustering
    sklearn.compose._target.TransformedTargetRegressor
    sklearn.covariance._elliptic_envelope.EllipticEnvelope
    sklearn.covariance._empirical_covariance.EmpiricalCovariance
    sklearn.covariance._graph_lasso.GraphicalLasso
    sklearn.covariance._graph_lasso.GraphicalLassoCV
    sklearn.covariance._robust_covariance.MinCovDet
    sklearn.covariance._shrunk_covariance.LedoitWolf sklearn.covariance._shrunk_covariance.OAS
    sklearn.covariance._shrunk_covariance.ShrunkCovariance
    sklearn.cross_decomposition._pls.PLSRegression
    sklearn.decomposition._dict_learning.DictionaryLearning
    sklearn.decomposition._dict_learning.MiniBatchDictionaryLearning
    sklearn.decomposition._factor_analysis.FactorAnalysis sklearn.decomposition._fastica.FastICA
    sklearn.decomposition._incremental_pca.IncrementalPCA
    sklearn.decomposition._kernel_pca.KernelPCA
    sklearn.decomposition._lda.LatentDirichletAllocation sklearn.decomposition._nmf.MiniBatchNMF
    sklearn.decomposition._nmf.NMF sklearn.decomposition._pca.PCA
    sklearn.decomposition._sparse_pca.MiniBatchSparsePCA
    sklearn.decomposition._sparse_pca.SparsePCA
    sklearn.decomposition._truncated_svd.TruncatedSVD
    sklearn.discriminant_analysis.LinearDiscriminantAnalysis
    sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis sklearn.dummy.DummyClassifier
    sklearn.dummy.DummyRegressor sklearn.ensemble._bagging.BaggingClassifier
    sklearn.ensemble._bagging.BaggingRegressor sklearn.ensemble._forest.ExtraTreesClassifier
    sklearn.ensemble._forest.ExtraTreesRegressor sklearn.ensemble._forest.RandomForestClassifier
    sklearn.ensemble._forest.RandomForestRegressor sklearn.ensemble._forest.RandomTreesEmbedding
    sklearn.ensemble._gb.GradientBoostingClassifier
    sklearn.ensemble._gb.GradientBoostingRegressor
    sklearn.ensemble._hist_gradient_boosting.binning._BinMapper
    sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier
    sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingRegressor
    sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor
    sklearn.ensemble._iforest.IsolationForest
    sklearn.ensemble._weight_boosting.AdaBoostClassifier
    sklearn.ensemble._weight_boosting.AdaBoostRegressor
    sklearn.feature_extraction._hash.FeatureHasher
    sklearn.feature_extraction.image.PatchExtractor
    sklearn.feature_extraction.text.HashingVectorizer
    sklearn.feature_extraction.text.TfidfTransformer
    sklearn.feature_extraction.text.TfidfVectorizer
    sklearn.feature_selection._univariate_selection.GenericUnivariateSelect
    sklearn.feature_selection._univariate_selection.SelectFdr
    sklearn.feature_selection._univariate_selection.SelectFpr
    sklearn.feature_selection._univariate_selection.SelectFwe
    sklearn.feature_selection._univariate_selection.SelectKBest
    sklearn.feature_selection._univariate_selection.SelectPercentile
    sklearn.feature_selection._univariate_selection.f_classif
    sklearn.feature_selection._variance_threshold.VarianceThreshold
    sklearn.gaussian_process._gpc.GaussianProcessClassifier
    sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace
    sklearn.gaussian_process._gpr.GaussianProcessRegressor
    sklearn.gaussian_process.kernels.ConstantKernel sklearn.gaussian_process.kernels.Product
    sklearn.gaussian_process.kernels.RBF sklearn.impute._base.MissingIndicator
    sklearn.impute._base.SimpleImputer sklearn.impute._knn.KNNImputer
    sklearn.kernel_approximation.AdditiveChi2Sampler sklearn.kernel_approximation.Nystroem
    sklearn.kernel_approximation.PolynomialCountSketch sklearn.kernel_approximation.RBFSampler
    sklearn.kernel_approximation.SkewedChi2Sampler sklearn.kernel_ridge.KernelRidge
    sklearn.linear_model._base.LinearRegression sklearn.linear_model._bayes.ARDRegression
    sklearn.linear_model._bayes.BayesianRidge
    sklearn.linear_model._coordinate_descent.ElasticNet
    sklearn.linear_model._coordinate_descent.ElasticNetCV
    sklearn.linear_model._coordinate_descent.Lasso
    sklearn.linear_model._coordinate_descent.LassoCV
    sklearn.linear_model._glm.glm.PoissonRegressor
    sklearn.linear_model._glm.glm.TweedieRegressor sklearn.linear_model._huber.HuberRegressor
    sklearn.linear_model._least_angle.Lars sklearn.linear_model._least_angle.LarsCV
    sklearn.linear_model._least_angle.LassoLars sklearn.linear_model._least_angle.LassoLarsCV
    sklearn.linear_model._least_angle.LassoLarsIC
    sklearn.linear_model._logistic.LogisticRegression
    sklearn.linear_model._logistic.LogisticRegressionCV
    sklearn.linear_model._omp.OrthogonalMatchingPursuit
    sklearn.linear_model._omp.OrthogonalMatchingPursuitCV
    sklearn.linear_model._passive_aggressive.PassiveAggressiveClassifier
    sklearn.linear_model._passive_aggressive.PassiveAggressiveRegressor
    sklearn.linear_model._perceptron.Perceptron sklearn.linear_model._quantile.QuantileRegressor
    sklearn.linear_model._ransac.RANSACRegressor sklearn.linear_model._ridge.Ridge
    sklearn.linear_model._ridge.RidgeCV sklearn.linear_model._ridge.RidgeClassifier
    sklearn.linear_model._ridge.RidgeClassifierCV sklearn.linear_model._sgd_fast.Hinge
    sklearn.linear_model._stochastic_gradient.SGDClassifier
    sklearn.linear_model._stochastic_gradient.SGDOneClassSVM
    sklearn.linear_model._stochastic_gradient.SGDRegressor
    sklearn.linear_model._theil_sen.TheilSenRegressor
    sklearn.manifold._classical_mds.ClassicalMDS sklearn.manifold._isomap.Isomap
    sklearn.manifold._locally_linear.LocallyLinearEmbedding sklearn.manifold._mds.MDS
    sklearn.manifold._spectral_embedding.SpectralEmbedding sklearn.manifold._t_sne.TSNE
    sklearn.metrics._dist_metrics.EuclideanDistance64 sklearn.metrics._dist_metrics.newObj
    sklearn.mixture._bayesian_mixture.BayesianGaussianMixture
    sklearn.mixture._gaussian_mixture.GaussianMixture sklearn.naive_bayes.BernoulliNB
    sklearn.naive_bayes.CategoricalNB sklearn.naive_bayes.ComplementNB
    sklearn.naive_bayes.GaussianNB sklearn.naive_bayes.MultinomialNB
    sklearn.neighbors._classification.KNeighborsClassifier
    sklearn.neighbors._classification.RadiusNeighborsClassifier
    sklearn.neighbors._graph.KNeighborsTransformer
    sklearn.neighbors._graph.RadiusNeighborsTransformer sklearn.neighbors._kd_tree.KDTree
    sklearn.neighbors._kd_tree.newObj sklearn.neighbors._kde.KernelDensity
    sklearn.neighbors._lof.LocalOutlierFactor
    sklearn.neighbors._nca.NeighborhoodComponentsAnalysis
    sklearn.neighbors._nearest_centroid.NearestCentroid
    sklearn.neighbors._regression.KNeighborsRegressor
    sklearn.neighbors._regression.RadiusNeighborsRegressor
    sklearn.neighbors._unsupervised.NearestNeighbors
    sklearn.neural_network._multilayer_perceptron.MLPClassifier
    sklearn.neural_network._multilayer_perceptron.MLPRegressor
    sklearn.neural_network._rbm.BernoulliRBM
    sklearn.neural_network._stochastic_optimizers.AdamOptimizer sklearn.pipeline.Pipeline
    sklearn.preprocessing._data.Binarizer sklearn.preprocessing._data.KernelCenterer
    sklearn.preprocessing._data.MaxAbsScaler sklearn.preprocessing._data.MinMaxScaler
    sklearn.preprocessing._data.Normalizer sklearn.preprocessing._data.PowerTransformer
    sklearn.preprocessing._data.QuantileTransformer sklearn.preprocessing._data.RobustScaler
    sklearn.preprocessing._data.StandardScaler
    sklearn.preprocessing._discretization.KBinsDiscretizer
    sklearn.preprocessing._encoders.OneHotEncoder sklearn.preprocessing._encoders.OrdinalEncoder
    sklearn.preprocessing._function_transformer.FunctionTransformer
    sklearn.preprocessing._label.LabelBinarizer sklearn.preprocessing._label.LabelEncoder
    sklearn.preprocessing._label.MultiLabelBinarizer
    sklearn.preprocessing._polynomial.PolynomialFeatures
    sklearn.preprocessing._polynomial.SplineTransformer
    sklearn.preprocessing._target_encoder.TargetEncoder
    sklearn.semi_supervised._label_propagation.LabelPropagation
    sklearn.semi_supervised._label_propagation.LabelSpreading sklearn.svm._classes.LinearSVC
    sklearn.svm._classes.LinearSVR sklearn.svm._classes.NuSVC sklearn.svm._classes.NuSVR
    sklearn.svm._classes.OneClassSVM sklearn.svm._classes.SVC sklearn.svm._classes.SVR
    sklearn.tree._classes.DecisionTreeClassifier sklearn.tree._classes.DecisionTreeRegressor
    sklearn.tree._classes.ExtraTreeClassifier sklearn.tree._classes.ExtraTreeRegressor
    sklearn.tree._tree.Tree uuid.UUID
""".split()  # noqa: SIM905  (hundreds of lines as a list)

PICKLESCAN_UNSAFE = """
    __builtin__.apply __builtin__.breakpoint __builtin__.compile __builtin__.eval
    __builtin__.exec __builtin__.getattr __builtin__.open _aix_support.* _io.FileIO
    _operator.attrgetter _operator.itemgetter _operator.methodcaller _osx_support.* _pickle.*
    _pyrepl.* aiohttp.* asyncio.* bdb.* builtins.apply builtins.breakpoint builtins.compile
    builtins.eval builtins.exec builtins.getattr builtins.open cProfile.*
    cloudpickle.cloudpickle._builtin_type cloudpickle.cloudpickle._function_setstate
    cloudpickle.cloudpickle._make_cell cloudpickle.cloudpickle._make_empty_cell
    cloudpickle.cloudpickle._make_function cloudpickle.cloudpickle.subimport
    code.InteractiveInterpreter.runcode commands.* ctypes.* distutils.file_util.*
    doctest.debug_script ensurepip._run_pip functools.partial httplib.*
    idlelib.autocomplete.AutoComplete.fetch_completions
    idlelib.autocomplete.AutoComplete.get_entity idlelib.calltip.Calltip.fetch_tip
    idlelib.calltip.get_entity idlelib.debugobj.ObjectTreeItem.SetText
    idlelib.pyshell.ModifiedInterpreter.runcode idlelib.pyshell.ModifiedInterpreter.runcommand
    idlelib.run.Executive.runcode imaplib.IMAP4_stream lib2to3.pgen2.grammar.Grammar.loads
    lib2to3.pgen2.pgen.ParserGenerator.make_label logging.FileHandler nt.* numpy.f2py.*
    numpy.testing._private.utils.* operator.attrgetter operator.itemgetter operator.methodcaller
    os.* pdb.* pickle.* pip.* pkgutil.resolve_name posix.* profile.* pty.* pydoc.*
    requests.api.* runpy.* shutil.* socket.* ssl.* subprocess.* sys.* test.* timeit.*
    torch._dynamo.guards.GuardBuilder.get torch._inductor.codecache.compile_file
    torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression
    torch.jit.unsupported_tensor_ops.execWrapper torch.serialization.load
    torch.utils._config_module.ConfigModule.load_config
    torch.utils.bottleneck.__main__.run_autograd_prof
    torch.utils.bottleneck.__main__.run_cprofile torch.utils.collect_env.run
    torch.utils.data.datapipes.utils.decoder.basichandlers trace.Trace.run trace.Trace.runctx
    types.CodeType urllib.request.* uuid.* venv.* webbrowser.*
""".split()  # noqa: SIM905  (hundreds of lines as a list)
