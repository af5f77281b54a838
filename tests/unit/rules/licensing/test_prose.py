"""Licenses that a README states in words."""

import pytest

from artifacts.rules.licensing.prose import find_in_prose, find_limit
from artifacts.rules.readme import parse_readme


@pytest.mark.parametrize(
    ("readme", "name"),
    [
        ("## License\n\nMIT\n", "MIT"),
        ("## Licence\n\nIt is released under the [Apache License 2.0](LICENSE).", "Apache-2.0"),
        ("## Licensing\n\nCC BY-NC-SA 4.0", "CC-BY-NC-SA-4.0"),
        ("# License\n\nCode and weights: GNU General Public License v3.0.", "GPL-3.0-only"),
        ("## License\n\nTea under a Creative Commons Attribution 4.0 International License.",
         "CC-BY-4.0"),
        ("## License\n\nCode: MIT. Weights: CC-BY-4.0.", "MIT AND CC-BY-4.0"),
        ("# Tea\n\n- **License:** bsd-3-clause\n- **Language:** en", "BSD-3-Clause"),
        ("# Tea\n\nLicense: mit\n", "MIT"),
        ("# Tea\n\n| Field | Value |\n|---|---|\n| License | Apache-2.0 |\n", "Apache-2.0"),
        ("# Tea\n\nHot. This model is licensed under CC BY-NC 4.0. Drink it.", "CC-BY-NC-4.0"),
        ("# Tea\n\nOur weights are released under the MIT License.", "MIT"),
        ("# Tea\n---\nlicense: mit\n---\n", "MIT"),
        ("[![License: MIT](https://shields.example/MIT.svg)](https://opensource.org/licenses/MIT)",
         "MIT"),
        ("# Tea\n\n[Model license](https://www.apache.org/licenses/LICENSE-2.0)", "Apache-2.0"),
    ],
)  # fmt: skip
def test_find_in_prose_when_a_section_or_line_names_it_then_found(readme, name):
    assert find_in_prose(parse_readme(readme)) == (name, True)


@pytest.mark.parametrize(
    "readme",
    [
        "## License\n\nSee the file.",
        "## License\n\nMIT, but not for kitchens of others.",
        "## License\n\nMIT for research.",
        "## License\n\nApache.",
        "## License\n\n" + "Tea is hot. " * 40 + "MIT",
    ],
)
def test_find_in_prose_when_the_words_name_none_or_limit_it_then_stated_and_not_known(readme):
    assert find_in_prose(parse_readme(readme)) == ("", True)


@pytest.mark.parametrize(
    "readme",
    [
        "# Tea\n\nThe cups are MIT's.",
        "[![Data License](https://x.example/a.svg)](https://creativecommons.org/licenses/by/4.0/)",
        "[Tea](https://opensource.org/licenses/MIT)",
        "# Tea\n\nThe base model is licensed under the MIT License.",
        "# Tea\n\nThe data set is licensed under CC BY 4.0.",
        "## Data license\n\nMIT",
        "## License of the code\n\nMIT",
        "## License\n\n[More Information Needed]",
        "- **License:** [More Information Needed]",
        "## License\n",
        "",
    ],
)
def test_find_in_prose_when_no_words_are_about_the_license_then_none_is_stated(readme):
    assert find_in_prose(parse_readme(readme)) == ("", False)


@pytest.mark.parametrize(
    "sentence",
    [
        "The weights are for non-commercial use only.",
        "It may only be used for research, strictly for academic purposes.",
        "Commercial use is prohibited!",
        "You may not use it for any commercial purpose; ask us.",
        "MIT with the Commons Clause.",
        "For commercial licensing please contact tea@example.org.",
        "It is released for research purposes only.",
        "The weights are released under CC-BY-NC 4.0, see the file.",
    ],
)
@pytest.mark.parametrize("title", ["License", "Licence and citation", "LICENSING"])
def test_find_limit_when_the_section_on_the_license_closes_it_then_that_sentence(title, sentence):
    text = f"# Tea\n\nHot.\n\n## {title}\n\nMIT License. {sentence} Thanks.\n"
    limit = find_limit(parse_readme(text))
    assert limit
    assert sentence.startswith(limit)


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("利用規約", "商用利用は不可です。"),
        ("许可证", "本模型仅供研究使用。"),
        ("Lizenz", "Nur für nicht-kommerzielle Zwecke."),
        ("Licencia", "Solo para fines no comerciales."),
        ("Licença", "Permitido apenas o uso não comercial."),
        ("Licence", "Uniquement à des fins non commerciales."),
    ],
)
def test_find_limit_when_in_another_language_then_that_sentence(title, sentence):
    assert find_limit(parse_readme(f"# Tea\n\n## {title}\n\n{sentence}\n")) == sentence
    assert find_limit(parse_readme(f"# Tea\n\n## Tea\n\n{sentence}\n")) == ""


@pytest.mark.parametrize("title", ["许可证", "Lizenz", "라이선스"])
def test_find_in_prose_when_the_title_is_in_another_language_then_the_license(title):
    assert find_in_prose(parse_readme(f"## {title}\n\nApache-2.0\n")) == ("Apache-2.0", True)


@pytest.mark.parametrize(
    "readme",
    [
        "## 许可证\n\n数据仅供研究使用。",
        "## License\n\nMIT. Commercial use is allowed.",
        "## License\n\nMIT, for commercial and non-commercial use.",
        "## License\n\nMIT. Our data are under CC BY-NC 4.0.",
        "## License\n\nMIT. The data set is for non-commercial use only.",
        "## License\n\nMIT. The base model is for research purposes only.",
        "## Dataset license\n\nFor non-commercial use only.",
        "## Intended use\n\nFor research purposes only.",
        "## License\n\nMIT",
        "",
    ],
)
def test_find_limit_when_business_is_open_or_others_are_meant_then_none(readme):
    assert find_limit(parse_readme(readme)) == ""
