"""Headings in languages besides English."""

import pytest

from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.rating.languages import find_topics, is_on_training_data
from artifacts.rules.rating.metrics.dataset_and_code_score import METRIC as DATA_AND_CODE
from artifacts.rules.rating.metrics.performance_claims import METRIC as CLAIMS
from artifacts.rules.rating.metrics.ramp_up_time import METRIC as RAMP_UP
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import make_evidence, make_model

TEXT = (
    "机器人在厨房里为客人泡茶。它能听懂四种语言。也认识十二种茶叶和三种咖啡。适合在家庭中日常使用。"
)
CARD = f"""# 泡茶机器人

## 模型介绍

{TEXT}

## 使用方法

```python
import tea

tea.brew("acme/robot")
```

## 评测结果

| 模型 | 倒茶 | 端茶 | 平均 |
|---|---|---|---|
| kettle-base | 38.79 | 30.97 | 34.88 |
| robot | 69.49 | 47.54 | 58.51 |

## 训练数据

训练数据包括 [kitchens](https://huggingface.co/datasets/acme/kitchens) 以及一千万条内部记录。

## 局限性

{TEXT}
"""


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("使用方法", "use"), ("Utilisation", "use"), ("Cómo usar", "use"), ("Verwendung", "use"),
        ("使い方", "use"), ("사용법", "use"), ("Использование", "use"),
        ("局限性", "limits"), ("Limites et biais", "limits"), ("Einschränkungen", "limits"),
        ("训练过程", "training"), ("Entraînement", "training"), ("Trainingsdaten", ""),
        ("モデル概要", "description"), ("Descrição", "description"),
        ("Beschreibung", "description"),
        ("评测结果", "results"), ("Résultats", "results"), ("Ergebnisse", "results"),
        ("Kettles", ""),
    ],
)  # fmt: skip
def test_title_when_in_another_language_then_its_topic(title, topic):
    assert (topic in find_topics(title)) if topic else not find_topics(title)


@pytest.mark.parametrize(
    ("title", "is_data"),
    [
        ("训练数据", True),
        ("Données d\u2019entraînement", True),
        ("Trainingsdaten", True),
        ("用法", False),
    ],
)
def test_title_when_it_announces_data_of_training_then_known(title, is_data):
    assert is_on_training_data(title) is is_data


def test_card_when_in_chinese_then_read_like_an_english_one():
    evidence = make_evidence(make_model(readme=CARD))
    assert RAMP_UP.judge(evidence).score > 0.5
    assert set(RAMP_UP.judge(evidence).facts["topics"]) == {
        "use", "limits", "training", "description",
    }  # fmt: skip
    claims = CLAIMS.judge(evidence).facts
    assert (claims["in_tables"], claims["of_other_models"]) == (3, 3)
    (found,) = find_datasets({}, (), parse_readme(CARD), "acme/robot")
    assert (found.repository, found.purpose) == ("acme/kitchens", "training")
    parts = {each["name"]: each for each in DATA_AND_CODE.judge(evidence).facts["components"]}
    assert parts["documentation of the data"]["state"] == "named"
    assert parts["evaluation"]["what"] == "results in the card's text"


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Zastosowanie", "use"), ("Ograniczenia", "limits"), ("Dane treningowe", "training"),
        ("Wyniki", "results"), ("Utilizzo", "use"), ("Limitazioni", "limits"),
        ("Gebruik", "use"), ("Resultaten", "results"), ("Keterbatasan", "limits"),
    ],
)  # fmt: skip
def test_topics_when_in_further_languages_then_known(title, topic):
    assert topic in find_topics(title)


@pytest.mark.parametrize("title", ["Dane treningowe", "Dati di addestramento", "Data pelatihan"])
def test_training_data_when_in_further_languages_then_known(title):
    assert is_on_training_data(title)
