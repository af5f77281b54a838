"""Numbers that say how well a model does, told apart from settings, amounts, years and versions."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator

from artifacts.rules.patterns import Pattern

_NAMES = (
    r"m?ap ?@ ?\[?[\d.:,]*\d\]?"
    r"|accuracy|acc|(?:(?:macro|micro|weighted|span|token|entity)[- ]?)?f1|bleu|sacrebleu"
    r"|rouge(?:-?\d|-?l(?:sum)?)?|wer|cer|perplexity|ppl|mmlu|glue"
    r"|exact match|map|m?ap\d{2}|mean ap|m?iou|dice|psnr|ssim|lpips|fid|(?:roc.?|pr.?)?auc|auroc"
    r"|precision|recall|r-?squared|r2|mse|rmse|mae|smape|top-?[15]|cider|meteor|spice|ndcg|mrr"
    r"|spearman\w*|pearson\w*|matthews\w*|mcc|kappa|success rate|hellaswag|gsm8k|humaneval"
    r"|pass@\d+|elo|chrf|comet|pesq|bertscore|eer|win ?rate|error rate|specificity|sensitivity"
    r"|nash-?sutcliffe\w*|m(?:ape|ase)|crps|(?:si-?)?sdri?|mota|hota|idf1|abs ?rel|fvd|mushra"
    r"|dnsmos|preferred (?:[a-z]+ ){0,4}in|bits per (?:byte|character)|bpc|bpb"
)
# Words of languages besides: these measures count only as they are usually written.
_SPELLED = r"AP|EM|DER|TER|ARC|STOI|SARI|MOS|mAP|OA|mF1|mAcc"
MEASURE = Pattern(f"(?i){_NAMES}", before=r"\w-", after=r"\w") | Pattern(
    _SPELLED, before=r"\w-", after=r"\w"
)
# "INT4 precision": how exact numbers are, and no measure.
_OF_NUMBERS = Pattern(
    r"(?i)(?:u?int|b?f(?:p|loat)?|q)\d+|half|full|mixed|single|double|lower|reduced|numeric(?:al)?"
    r"|machine|floating.point",
    before=r"\w",
    after=r"\w",
)
_PRECISION = "precision"
# Outside of an evaluation it tells how far people agreed who labelled the data.
_AGREEMENT = "kappa"
# Says that a table is about results, but alone makes no number in a sentence one.
VAGUE_MEASURE = Pattern(
    r"(?i)loss|scores?|rewards?|success|average|avg|em|arc|der|ter|stoi|mean",
    before=r"\w-",
    after=r"\w",
)
# Benchmarks stand in place of a measure where everybody knows which measure theirs is.
BENCHMARK = Pattern(
    r"(?i)benchmarks?|\w*vqa\w*|gqa|pope|mmmu|mmbench|chartqa|tallyqa|squad|glue|superglue|sst-?2"
    r"|mnli|qnli|qqp|cola|mrpc|rte|stsb?|boolq|piqa|winogrande|truthfulqa|mbpp|bbh|agieval|mteb"
    r"|beir|lambada|wikitext-?\d*|imagenet(?:-\w+)?|cifar-?10+|fmnist|coco|ade20k|librispeech"
    r"|lfw|cfp-fp|agedb(?:-30)?|ijb-?[bc]|mpii|crowdpose|ap-10k|cityscapes|davis(?:-?\d+)?|nuscenes"
    r"|ucf-?101|hmdb-?51|voxceleb\d?(?:-[oeh])?|eurosat|market-?1501|food-?101|audioset|esc-?50"
    r"|fleurs|common ?voice|xnli|triviaqa|naturalquestions|ms ?marco|set\s?(?:5|14)|urban100"
    r"|div2k|kinetics-?\d*|voc\d*|gpqa\w*|ifeval|mmlu\w*|hellaswag|arc-?\w*|gsm8k|humaneval|math"
    r"|aime\w*|livecodebench|swe-?bench\w*|hle",
    before=r"\w-",
    after=r"\w-",
)
# What stands before a number that is chosen, or counts something, rather than measured.
SETTING = Pattern(
    r"(?i)thresholds?|cut-?offs?|at least|(?:more|less) accurate|faster|slower|drawback"
    r"|max(?:imum)?|min(?:imum)?|(?:max|min|num|n)_\w+|temperature"
    r"|top.?[pk]|learning.?rate|lr|batch\w*|epochs?|steps?|iterations?|drop-?out|decay|warm-?up"
    r"|seeds?|margin|alpha|beta|gamma|epsilon|eps|momentum|rank|lora\w*|length|versions?|v|weight"
    r"|penalty|param(?:eter)?s|hyper-?parameters?|optimi[sz]er|scheduler|betas|patience|folds?"
    r"|n-?shot|shots?|number|size|layers?|heads?|width|stride|smoothing|quantization|filter(?:ed)?"
    r"|discard\w*|reject\w*|strength|interval|accumulation\w*|gpus?|memory|years?|python|torch"
    r"|confidence|at iou|flops|stderr|std|support|date",
    before=r"\w",
    after=r"\w",
)
# "AP(IoU=0.1)", "AP @ IoU 0.5": at which overlap something is measured.
_AT = Pattern(r"(?i)[(@\[] ?(?:iou|threshold|thr|conf)[ =:>]{1,4}\z")
# "4.21 +/- 0.09": how far a result varies.
_DEVIATION = ("+/-", "+-", "\N{PLUS-MINUS SIGN}")
# "Rank-1 accuracy" is a measure, and "rank: 8" a setting.
_RANKED = Pattern(r"(?i)rank-?\d{1,3}")
# What stands after a number that counts something.
_COUNTED = Pattern(
    r"(?i)\s*%?\s*(?:faster|slower|less|fewer|smaller|larger)|\s*-?(?:epochs?|steps?|samples?|examples?|sentences?|images?|pairs|hours|minutes|seconds"
    r"|tokens?|words|million|billion|thousand|k|m|b|[kmgt]i?b|layers?|parameters|params|class(?:es)?"
    r"|labels|languages|gpus?|shot|fold|bits?|times|years?|days|rows|runs|seeds|items|questions"
    r"|documents|speakers|ms|fps|khz|hz|px|x|nd|rd|th|st)(?:[^A-Za-z]|\z)"
)
# Whole numbers before a plural count something, whatever it is; points are scores.
_PLURAL = Pattern(r" ([a-z]{3,}s)(?:[^\w-]|\z)")
# "On 500 held-out questions": behind such a word there may be others before the plural.
_AMOUNT_LEAD = tuple(
    f" {word}{the}"
    for word in ("on", "over", "across", "from", "among")
    for the in ("", " the", " all")
)
_FAR_PLURAL = Pattern(r"(?: [a-z-]+){1,2} [a-z]{3,}s(?:[^\w-]|\z)")
# "(700 lines)", in any language: what stands alone in brackets tells on how many.
_IN_OWN_BRACKETS = Pattern(r" [\w-]{2,20}(?: [\w-]{1,20}){0,2}\)")
_POINTS = frozenset(
    ("points", "across", "versus", "thus", "plus", "whereas", "this", "does", "has")
)
TRAINING = Pattern(r"(?i)train(?:ing)?", before="A-Za-z0-9", after="A-Za-z0-9")
TRAINING_LOG = Pattern(r"(?i)epochs?|steps?|iter(?:ation)?s?", before=r"\w", after=r"\w")
EVALUATION = Pattern(
    r"(?i)evaluat\w*|eval|validation|results?|performance|benchmarks?|scores?|test(?:ing)?|dev",
    before=r"\w",
    after=r"\w",
)
# "the Anomaly Benchmark (NAB)" is a name: what ends with the bracket is passed over.
_BENCHMARK = Pattern(r"Benchmark ?\(", before=r"\w") | Pattern(
    r"(?i)benchmark\w*", before=r"\w", after=r"\w"
)
# Digits of versions and dates are taken whole, so that none of their parts is a number.
_NUMBER = Pattern(
    r"\d{1,3}(?: \d{3})+|\d+(?:[.,]\d+)*(?:e-?\d+)?|\.\d{2,4}", before=r"\w.@<>$#", after=r"\w"
)
_SENTENCE_END = Pattern(r"\n|[.;!?](?:\s+|\z)|\s\|\s")
# A comma before three digits divides thousands. Scores have up to three digits before the point,
# an Elo rating or a perplexity up to four.
_SCORE = Pattern(r"\.\d{2,4}|\d{1,3}(?:\.\d+|,\d{1,2})?|0,\d+|[12]\d{3}[.,]\d{1,2}")
# `CoNLL-03`, `top-5`: the number is part of a name.
_NAME_BEFORE = Pattern(r"\w-$")
# "rises from 61 % (base) to 93 %": what was there before.
_IMPROVED = Pattern(
    r"(?i)(?:from|von|de|da|van) \d[\d.,]*\s?%? \([^()]{1,60}\) (to|auf|\w|naar) ",
    before=r"\w",
)
_DASHES = ("-", "\u2013")
_IN_BRACKETS = Pattern(r"\(([A-Za-z][^():]{1,40}): ?\d[\d.,]* ?%?\)")
# How far from the name of a measure its number may stand.
_NEAR_CHARS = 60
# "Exact match on words that were not used for training: 91.8%" says it before the colon.
_TOLD_CHARS = 140
# The same for whole numbers without a percent sign, behind the name and before it.
_NEAR_WHOLE_CHARS = (25, 12)
# Where a list of results turns to those of others, or to something else.
_COMPARED = Pattern(
    r"(?i)against|than|versus|vs|compared (?:with|to)|instead of|contre|au lieu de|gegen\w*|statt"
    r"|frente a|contra|rispetto a|tegen|wobec|mod",
    before=r"\w",
    after=r"\w",
)
_TURN = Pattern(
    r"(?i)against|than|versus|vs|compared|instead|from|over|for the|of the|baseline|original|while"
    r"|whereas|but|up|down|in place of",
    before=r"\w",
    after=r"\w",
)
# What decides about a number stands so close before it.
_BEFORE_CHARS = 24


def divide_sentences(text: str) -> Iterator[str]:
    """Yield the sentences and lines of a text."""
    return (each for each in map(str.strip, _SENTENCE_END.split(text)) if each)


def find_scores(text: str) -> list[tuple[int, int]]:
    """Return where numbers stand in a sentence or cell that may be scores.

    Settings ("threshold of 0.5"), amounts ("3 epochs"), years and versions are none.
    """
    found = []
    previous = 0
    for each in _NUMBER.finditer(text):
        start, end = each.span()
        before = text[max(previous, start - _BEFORE_CHARS) : start]
        if _NAME_BEFORE.search(before) or _is_of_range(text, start, end):
            continue
        following = text[end : end + _BEFORE_CHARS]
        counted = _find_counted(each[0], following)
        if each[0].isdecimal() and f" {before}".rstrip().lower().endswith(_AMOUNT_LEAD):
            far = _FAR_PLURAL.match(following)
            counted = counted or (far.end() if far else 0)
        if each[0].isdecimal() and before.endswith("("):
            alone = _IN_OWN_BRACKETS.match(text[end : end + _NEAR_CHARS])
            counted = counted or (alone.end() - 1 if alone else 0)
        previous = end + counted
        if (
            _SCORE.fullmatch(each[0])
            and not counted
            and not _AT.search(before)
            and not before.rstrip().endswith(_DEVIATION)
            and not SETTING.search(_RANKED.sub("", before))
        ):
            found.append((start, end))
    return found


def _is_of_numbers(before: str) -> bool:
    """Whether words before "precision" say that it is that of numbers, as in "half precision"."""
    word = before.rstrip(" -").rpartition(" ")[2].rpartition("-")[2]
    return _OF_NUMBERS.fullmatch(word) is not None


def _is_of_range(text: str, start: int, end: int) -> bool:
    """Whether a whole number is one end of a range, as in `mAP 50-95`."""
    behind = text[end : end + 1] in _DASHES and text[end + 1 : end + 2].isdigit()
    before = text[start - 1 : start] in _DASHES and text[max(0, start - 2) : start - 1].isdigit()
    return text[start:end].isdecimal() and (behind or before)


def _find_counted(number: str, following: str) -> int:
    """Return how many characters after a number say what it counts, 0 if it counts nothing."""
    plural = _PLURAL.match(following) if number.isdecimal() else None
    if plural is not None and plural[1] not in _POINTS:
        return plural.end(1)
    counted = _COUNTED.match(following)
    return counted.end() if counted else 0


def count_claims(sentence: str, *, is_evaluation: bool) -> int:
    """Return how many numbers of a sentence stand beside the name of a measure.

    Args:
        is_evaluation: whether the text around it speaks of an evaluation; only then a loss counts.
    """
    measures = [
        each.span()
        for each in MEASURE.finditer(sentence)
        if not (each[0].lower() == _PRECISION and _is_of_numbers(sentence[: each.start()]))
        and (is_evaluation or each[0].lower() != _AGREEMENT)
    ]
    if is_evaluation and not TRAINING.search(sentence):
        measures += [each.span() for each in VAGUE_MEASURE.finditer(sentence)]
    if not measures:
        return 0
    measures.sort()
    starts = [start for start, _ in measures]
    count, counted_end, others_after = 0, len(sentence), -1
    for start, end in find_scores(sentence):
        after = bisect(starts, start)
        # `pass@10` and `F1` hold numbers that are part of a name.
        last_end = measures[after - 1][1] if after else -_NEAR_CHARS - 1
        next_start = starts[after] if after < len(starts) else end + _NEAR_CHARS + 1
        # "87.1 F1 on squad" says what it is; "8 GPUs ... accuracy" only stands in one sentence.
        is_exact = not sentence[start:end].isdecimal() or sentence[end:].lstrip()[:1] == "%"
        behind, before = (_NEAR_CHARS, _NEAR_CHARS) if is_exact else _NEAR_WHOLE_CHARS
        if is_exact and sentence[:start].rstrip().endswith(":"):
            behind = _TOLD_CHARS
        is_near = start - last_end <= behind or next_start - end <= before
        # "76.0% (pots), 82.0% (cups) and 58.0% (jars)": what follows a result in one breath.
        between = sentence[counted_end:start]
        if is_exact and between and len(between) <= _NEAR_CHARS and not _TURN.search(between):
            is_near = True
        # Of others is what stands behind "against", up to the next measure's name: 82 %, against
        # 64 % of the baseline and 63 % of another.
        if is_near and start >= last_end:
            if after == others_after or _COMPARED.search(between):
                others_after = after
            else:
                count += 1
            counted_end = end
    return count


def find_benchmark(words: str) -> int:
    """Return where words speak of a benchmark, below 0 for nowhere."""
    found = (each for each in _BENCHMARK.finditer(words) if not each[0].endswith("("))
    return next((each.start() for each in found), -1)


def without_others(sentence: str) -> str:
    """Return a sentence without somebody else's numbers: "(Pot: 50.8)", "from 50.8 (Pot) to"."""
    for found in _IMPROVED.finditer(sentence):
        sentence = sentence.replace(found[0], f" {found[1]} ")
    for found in _IN_BRACKETS.finditer(sentence):
        if not MEASURE.search(found[1]) and not BENCHMARK.search(found[1]):
            sentence = sentence.replace(found[0], " ")
    return sentence
