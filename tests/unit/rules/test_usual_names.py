"""The names of cards, configurations and license files."""

import pytest

from artifacts.rules.usual_names import find_config, find_license_files, find_readme, is_of_model


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["README.md"], "README.md"),
        (["readme.md", "a"], "readme.md"),
        (["ReadMe.MD"], "ReadMe.MD"),
        (["Readme.markdown"], "Readme.markdown"),
        (["README"], "README"),
        (["readme.rst", "README.md"], "README.md"),
        (["README.txt", "README"], "README"),
        (["readme.md", "README.md"], "README.md"),
        (["docs/README.md"], ""),
        (["READMEs.md", "readme.md.bak", "README.py"], ""),
        ([], ""),
    ],
)
def test_find_readme_when_named_in_any_case_then_found(paths, found):
    assert find_readme(paths) == found


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["README.md", "sub/readme.md"], "sub/readme.md"),
        (["README.md", "sub/deep/README.md"], "README.md"),
        (["subs/README.md"], ""),
    ],
)
def test_find_readme_when_a_folder_is_meant_then_its_own_or_that_of_the_repository(paths, found):
    assert find_readme(paths, "sub") == found


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["config.json", "adapter_config.json"], "config.json"),
        (["adapter_config.json", "model_index.json"], "adapter_config.json"),
        (["Config.json"], "Config.json"),
        (["a/config.json", "xconfig.json"], ""),
    ],
)
def test_find_config_when_there_are_several_then_the_one_that_libraries_read(paths, found):
    assert find_config(paths) == found


@pytest.mark.parametrize(
    "path",
    ["LICENSE", "LICENCE", "license", "License.md", "LICENSE.txt", "LICENCE.rst", "COPYING",
     "COPYING.txt", "Copying.md", "COPYING.LESSER", "COPYRIGHT", "UNLICENSE", "UNLICENSE.txt",
     "LICENSE-MIT", "LICENSE_APACHE", "LICENSE.MIT", "LICENSE-APACHE-2.0.txt", "MIT-LICENSE",
     "MIT-LICENSE.txt", "Tea_Community_License.txt", "LICENSE AGREEMENT.md", "LICENSES/MIT.txt",
     "licenses/Apache-2.0", "MODEL_LICENSE", "LICENSE-MODEL", "LICENSE.pdf", "license.html",
     "EULA.txt", "COPYING3", "TERMS.md", "TERMS_OF_USE.txt", "MODEL_AGREEMENT.md", "LICENSE(1).txt",
     "Lizenz.txt", "\u8bb8\u53ef\u534f\u8bae.txt", "docs/LICENSE", ".github/LICENSE.md",
     "weights/LICENSE", "model/LICENSE-MIT", "legal/Terms.txt"],
)  # fmt: skip
def test_find_license_files_when_named_as_usual_then_found(path):
    assert find_license_files(["README.md", path, "a/LICENSE"]) == [path]


@pytest.mark.parametrize(
    "path",
    ["license.py", "check_license.sh", "license_plates.txt", "license-plate.onnx", "license.json",
     "licensed_by.txt", "src/LICENSE", "LICENSES/deep/MIT.txt", "LICENSE-3rdparty.txt",
     "THIRD_PARTY_LICENSES.md", "licenses/make.py", "NOTICE", "data_license.csv",
     "TERMS_OF_SERVICE.md", "contributor-agreement.md", "search_terms.txt", "docs/api/LICENSE",
     "docs/license.py", "models/license_plates/LICENSE"],
)  # fmt: skip
def test_find_license_files_when_it_is_something_else_then_not_found(path):
    assert find_license_files([path]) == []


def test_find_license_files_when_there_are_several_then_the_decisive_one_first():
    paths = ["docs/LICENSE", "LICENSES/MIT.txt", "LICENSE-CODE", "LICENSE", "LICENSE-MODEL"]
    assert find_license_files(paths) == paths[::-1]
    assert [path for path in paths if is_of_model(path)] == ["LICENSE-MODEL"]
