"""What headings and heads of tables are about, in the languages in which most cards are written.

English ones are matched where they are used; here stand Chinese, Japanese, Korean, French, Spanish,
Portuguese, German and Russian, as in the translations of the Hub's documentation of model cards,
and Polish, Italian, Dutch, Indonesian and Turkish.
"""

from __future__ import annotations

from functools import lru_cache
from unicodedata import combining, normalize

# Beginnings of words in alphabets, without accents, and any part of a title in the other scripts.
_BEGINNINGS = {
    "use": "utilis exempl ejempl uso usar usage nutzung verwendung anwendung beispiel использ "
    "применен пример zastosow uzyci przyklad utilizz esempi gebruik voorbeeld penggunaan contoh "
    "kullanim ornek",
    "limits": "limit biais sesgo vies einschrankung grenzen verzerrung огранич ograniczen "
    "beperking keterbatasan sinirlam",
    "training": "entrain apprentiss entrena treina treino donnees datos dados daten обучен данн "
    "trening dane uczeni addestrament dati pelatihan egitim veri",
    "description": "modele modelo modell apercu resume description descripc descric beschreib "
    "uberblick описан модел opis descrizion beschrijving deskripsi aciklama",
    "results": "performance resultat resultad ergebnis leistung evaluac avaliac auswertung "
    "evaluation результат оценк метрик wynik ocen risultat valutazion resultaten evaluatie hasil "
    "evaluasi sonuc degerlendirme",
    "model": "modele modelo modell modelle модель метод methode metodo",
}  # fmt: skip
_PARTS = {
    "use": "使用 用法 快速开始 快速上手 推理 示例 使い方 利用 推論 사용 예제",
    "limits": "局限 限制 偏差 偏见 风险 制限 バイアス 한계 편향",
    "training": "训练 微调 数据 学習 データ 학습 데이터",
    "description": "介绍 简介 概述 模型 描述 说明 概要 モデル 개요 모델 소개",
    "results": "评测 评估 结果 性能 效果 指标 评价 評価 結果 精度 평가 결과 성능",
    "model": "模型 モデル 모델 方法 手法 방법",
}  # fmt: skip
_TRAINING_DATA = (
    "训练数据", "训练集", "训练语料", "数据集", "学習データ", "データセット", "학습 데이터",
    "donnees d'entrainement", "datos de entrenamiento", "dados de treinamento", "trainingsdaten",
    "jeu de donnees", "conjunto de datos", "conjunto de dados", "обучающие данные",
    "данные для обучения", "dane treningowe", "dane uczace", "dati di addestramento",
    "trainingsdata", "data pelatihan", "egitim verisi", "dados de treino", "trainingskorpus",
    "corpus d'entrainement", "corpus de entrenamiento", "corpus de treino", "trainingsdatensatz",
    "обучающая выборка", "обучающий набор", "dati di training", "jeu d'entrainement",
)  # fmt: skip


@lru_cache(maxsize=256)
def find_topics(title: str) -> frozenset[str]:
    """Return which of use, limits, training, description, results and model a title is about."""
    folded = fold(title)
    words = folded.replace("'", " ").split()
    return frozenset(
        topic
        for topic, beginnings in _BEGINNINGS.items()
        if any(word.startswith(tuple(beginnings.split())) for word in words)
        or any(part in folded for part in _FOLDED_PARTS[topic])
    )


def is_on_training_data(title: str) -> bool:
    """Whether a title announces the data of training."""
    folded = fold(title)
    return folded.strip() in _ALL_DATA or any(each in folded for each in _FOLDED_DATA)


def fold(text: str) -> str:
    """Return a text in lower case, without accents, with straight apostrophes."""
    pieces = normalize("NFKD", text.lower().replace("\u2019", "'"))
    return normalize("NFC", "".join(each for each in pieces if not combining(each)))


# Folding takes the marks of voiced sounds from Japanese letters as well.
_FOLDED_DATA = tuple(map(fold, _TRAINING_DATA))
# Words that are about more than training inside of longer titles.
_ALL_DATA = frozenset(map(fold, ("数据", "データ", "데이터", "données", "datos", "dados", "daten",
                                  "данные", "dane", "dati", "datensatz", "датасет",
                                  "korpus")))  # fmt: skip
_FOLDED_PARTS = {topic: tuple(map(fold, parts.split())) for topic, parts in _PARTS.items()}
