"""Putting a package together; the libraries in it are a few lines here, and pip is not asked."""

import json
import subprocess
import sys
import zipfile

import pytest

from deployment import package
from deployment.contents import ROOT
from deployment.libraries import compile_tree, locate_packages
from deployment.steps import DeploymentFailed
from registry_site.release import VERSION

pytestmark = pytest.mark.slow

SETTINGS = b"APP_MODULE = 'registry_site.wsgi'\n"


@pytest.fixture(scope="module")
def libraries(tmp_path_factory):
    """An environment with one library, as `provide_libraries` leaves it."""
    home = tmp_path_factory.mktemp("build")
    environment = home / "environment"
    folder = locate_packages(environment)
    folder.mkdir(parents=True)
    (folder / "library.py").write_text("ANSWER = 42\n", encoding="utf-8")
    metadata = folder / "Library-4.2.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(
        "Metadata-Version: 2.4\nName: Library\nVersion: 4.2\nLicense-Expression: MIT\n",
        encoding="utf-8",
    )
    compile_tree(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "provide_libraries", lambda: environment)
        patch.setattr(package, "BUILD", home)
        yield home


@pytest.fixture(scope="module")
def built(libraries):
    target = libraries / "package.zip"
    package.build_package(target, SETTINGS)
    with zipfile.ZipFile(target) as archive:
        yield archive


def names(archive) -> list[str]:
    return archive.namelist()


def test_package_when_built_then_holds_what_runs_and_nothing_else(built):
    found = set(names(built))
    assert {"library.py", "registry_site/lambda_handler.py", "templates/base.html"} <= found
    assert built.read("zappa_settings.py") == SETTINGS
    tops = {name.split("/")[0] for name in found}
    assert tops == {
        "Library-4.2.dist-info", "__pycache__", "artifacts", "library.py", "registry_site",
        "release.json", "staticfiles", "templates", "zappa_settings.py",
    }  # fmt: skip


def test_package_when_built_then_tells_its_release(built):
    record = json.loads(built.read("release.json"))
    assert set(record) == {"version", "commit", "built_at", "migrations", "bill"}
    assert record["version"] == VERSION
    assert f"artifacts/migrations/{record['migrations']['artifacts']}.py" in names(built)


def test_package_when_built_then_its_record_bills_the_libraries_in_it(built):
    bill = json.loads(built.read("release.json"))["bill"]
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["components"] == [
        {
            "type": "library",
            "name": "library",
            "version": "4.2",
            "purl": "pkg:pypi/library@4.2",
            "licenses": [{"expression": "MIT"}],
        }
    ]


def test_package_when_built_then_every_static_file_is_there_with_its_hash(built):
    manifest = json.loads(built.read("staticfiles/staticfiles.json"))["paths"]
    assert {f"staticfiles/{name}" for name in manifest.values()} <= set(names(built))
    assert manifest["registry/site.css"] != "registry/site.css"


def test_package_when_built_then_entries_are_in_order_and_of_one_date(built):
    assert names(built) == sorted(names(built))
    assert {entry.date_time for entry in built.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_package_when_unpacked_then_compiled_code_counts_whatever_the_dates(built, tmp_path):
    built.extractall(tmp_path / "task")
    sources = [name for name in names(built) if name.endswith(".py")]
    assert len(sources) > 100
    (tmp_path / "task" / "library.py").write_text("ANSWER = 0\n", encoding="utf-8")
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import library;"
        "print(library.ANSWER, library.__cached__)"
    )
    out = subprocess.run(
        [sys.executable, "-I", "-B", "-c", code, str(tmp_path / "task")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert out.startswith("42 ")
    compiled = {name for name in names(built) if name.endswith(".pyc")}
    assert len(compiled) == len(sources)


def test_package_when_built_then_our_own_tree_holds_no_code_that_is_believed_unseen(built):
    flags = {
        int.from_bytes(path.read_bytes()[4:8], "little")
        for path in (ROOT / "artifacts").rglob("*.pyc")
    }
    assert flags <= {0}


@pytest.mark.parametrize("limit", ["ZIPPED_MAX_BYTES", "UNZIPPED_MAX_BYTES"])
def test_package_when_too_large_then_refused_and_its_largest_parts_are_named(
    libraries, tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(package, limit, 1000)
    with pytest.raises(DeploymentFailed) as caught:
        package.build_package(tmp_path / "package.zip", SETTINGS)
    assert "1,000" in caught.value.reason
    assert "artifacts" in caught.value.advice


def test_package_when_a_file_is_no_python_then_refused(libraries, tmp_path, capsys):
    with pytest.raises(DeploymentFailed, match="does not compile"):
        package.build_package(tmp_path / "package.zip", b"this is no Python\n")
    assert "zappa_settings.py" in capsys.readouterr().out


def test_size_when_described_then_the_largest_part_comes_first(tmp_path):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("small/a", b"1")
        archive.writestr("large/a", bytes(3_000_000))
        archive.writestr("large/b", bytes(1_000_000))
    size = package.measure(path)
    assert size.parts == (("large", 4_000_000), ("small", 1))
    assert size.unzipped_bytes == 4_000_001
    assert "4.0 MB large" in package.describe(size)
