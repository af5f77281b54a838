"""Drives huggingface_hub, of any release from 0.36 on. Run by its environment."""

import hashlib
import logging
import os
import tempfile
from unittest import mock

import huggingface_hub
from asked import FACTS, check, empty_cache, equal, files_below, kind_of, run, sha256
from huggingface_hub import HfApi, HfFileSystem, hf_hub_download, snapshot_download
from huggingface_hub.utils import disable_progress_bars

disable_progress_bars()
logging.disable(logging.CRITICAL)

MODEL = FACTS["model"]
ID, SHA, FILES = MODEL["id"], MODEL["sha"], MODEL["files"]
SMALL, LARGE, NESTED = "config.json", "model.safetensors", "notes/deep/why.txt"
NOWHERE = "0123456789abcdef0123456789abcdef01234567"
api = HfApi()


def no_bytes():
    """Let whoever asks for bytes fail."""
    return mock.patch("huggingface_hub.file_download.http_get", side_effect=RuntimeError("bytes"))


@check("hf_hub_download, and again without a byte")
def _():
    with empty_cache():
        path = hf_hub_download(ID, LARGE)
        equal(sha256(path), FILES[LARGE])
        with no_bytes():
            equal(hf_hub_download(ID, LARGE), path)


@check("hf_hub_download of a file in folders")
def _():
    equal(sha256(hf_hub_download(ID, NESTED)), FILES[NESTED])
    equal(sha256(hf_hub_download(ID, "why.txt", subfolder="notes/deep")), FILES[NESTED])


@check("a pinned commit that is kept needs no request")
def _():
    path = hf_hub_download(ID, SMALL, revision=SHA)
    equal(hf_hub_download(ID, SMALL, revision=SHA, endpoint="http://127.0.0.1:9"), path)


@check("snapshot_download, every byte, and again without one")
def _():
    with empty_cache():
        equal(files_below(snapshot_download(ID)), FILES)
        with no_bytes():
            equal(files_below(snapshot_download(ID)), FILES)
    equal(files_below(snapshot_download(ID, local_files_only=True)), FILES)


@check("snapshot_download into a folder, and of a pattern")
def _():
    with tempfile.TemporaryDirectory() as folder:
        snapshot_download(ID, local_dir=folder)
        equal(files_below(folder), FILES)
    with empty_cache():
        found = files_below(snapshot_download(ID, allow_patterns="*.json"))
    equal(found, {path: digest for path, digest in FILES.items() if path.endswith(".json")})


@check("the older revision by its commit and by r1, the current one by r2, main and HEAD")
def _():
    for revision in (MODEL["older"], "r1"):
        equal(sha256(hf_hub_download(ID, "README.md", revision=revision)), MODEL["older_readme"])
    for revision in ("r2", "main", "HEAD", SHA):
        equal(api.model_info(ID, revision=revision).sha, SHA)
        equal(sha256(hf_hub_download(ID, "README.md", revision=revision)), FILES["README.md"])
    equal(api.model_info(ID, revision="r1").sha, MODEL["older"])


@check("a source's tag where its commit is kept, and nothing for one whose commit is not")
def _():
    equal(api.model_info(ID, revision=MODEL["tag"]).sha, SHA)
    equal(kind_of(api.model_info, ID, revision=MODEL["other_tag"]), "RevisionNotFoundError")


@check("model_info: id, commit, files; with sizes; with expand")
def _():
    found = api.model_info(ID)
    equal((found.id, found.sha, found.private), (ID, SHA, False))
    equal(sorted(each.rfilename for each in found.siblings), sorted(FILES))
    sized = api.model_info(ID, files_metadata=True)
    equal({each.rfilename: each.size for each in sized.siblings}, MODEL["sizes"])
    equal(api.model_info(ID, expand=["sha", "tags"]).sha, SHA)


@check("list_repo_files and list_repo_tree, with folders and their contents")
def _():
    equal(sorted(api.list_repo_files(ID)), sorted(FILES))
    top = {each.path for each in api.list_repo_tree(ID)}
    equal(top, {path.split("/")[0] for path in FILES})
    deep = {each.path for each in api.list_repo_tree(ID, "notes", recursive=True)}
    equal(deep, {"notes/deep", NESTED})
    [weights] = [each for each in api.list_repo_tree(ID) if each.path == LARGE]
    equal(weights.size, MODEL["sizes"][LARGE])
    equal(
        weights.lfs["sha256"] if isinstance(weights.lfs, dict) else weights.lfs.sha256, FILES[LARGE]
    )


@check("a tree of more than a page")
def _():
    many = FACTS["many"]
    equal(sorted(api.list_repo_files(many["id"])), sorted(many["files"]))
    listed = [each.path for each in api.list_repo_tree(many["id"], recursive=True)]
    equal(len(listed), len(set(listed)))
    equal({path for path in listed if path.endswith(".txt")}, set(many["files"]) - {"README.md"})


@check("get_paths_info: what is there, and nothing for what is not")
def _():
    found = api.get_paths_info(ID, [SMALL, NESTED, "nope"])
    equal(
        {each.path: each.size for each in found},
        {path: MODEL["sizes"][path] for path in (SMALL, NESTED)},
    )


@check("list_repo_refs: main is the current commit, and each tag resolves to what it names")
def _():
    refs = api.list_repo_refs(ID)
    equal([each.target_commit for each in refs.branches if each.name == "main"], [SHA])
    named = {each.name: each.target_commit for each in refs.tags}
    equal((named["r1"], named["r2"], named[MODEL["tag"]]), (MODEL["older"], SHA, SHA))
    equal(MODEL["other_tag"] in named, False)
    equal({name: api.model_info(ID, revision=name).sha for name in named}, named)


@check("list_repo_commits: each revision, the newest first")
def _():
    equal([each.commit_id for each in api.list_repo_commits(ID)], [SHA, MODEL["older"]])


@check("file_exists, repo_exists, revision_exists")
def _():
    equal([api.file_exists(ID, SMALL), api.file_exists(ID, "nope")], [True, False])
    equal([api.repo_exists(ID), api.repo_exists("acme/nope")], [True, False])
    equal([api.revision_exists(ID, SHA), api.revision_exists(ID, NOWHERE)], [True, False])


@check("a data set: info, files, every byte")
def _():
    talk = FACTS["dataset"]
    equal(api.dataset_info(talk["id"]).sha, talk["sha"])
    equal(files_below(snapshot_download(talk["id"], repo_type="dataset")), talk["files"])
    equal(kind_of(api.model_info, talk["id"]), "RepositoryNotFoundError")


@check("models from GitHub and from an upload, under owners of their own")
def _():
    for name in ("from_github", "from_upload"):
        facts = FACTS[name]
        found = api.model_info(facts["id"])
        equal((found.id, len(found.sha)), (facts["id"], 40))
        equal(files_below(snapshot_download(facts["id"])), facts["files"])
        equal(facts["id"] in {each.id for each in api.list_models(search=facts["name"])}, True)


@check("another spelling of an id, and a name alone, lead to the id")
def _():
    equal(api.model_info(ID.upper()).id, ID)
    equal(api.model_info(ID.split("/")[1]).id, ID)
    equal(sha256(hf_hub_download(ID.title(), SMALL)), FILES[SMALL])


@check("list_models: by name, by author, sorted, limited, each once")
def _():
    equal(ID in {each.id for each in api.list_models(search="small-bert")}, True)
    equal(ID in {each.id for each in api.list_models(author="acme")}, True)
    equal(len(list(api.list_models(sort="downloads", limit=1))), 1)
    ids = [each.id for each in api.list_models()]
    equal(len(ids), len(set(ids)))
    equal({ID, FACTS["from_upload"]["id"], FACTS["many"]["id"]} <= set(ids), True)
    equal(list(api.list_models(search="nothing-has-this-name")), [])


@check("list_datasets by name")
def _():
    talk = FACTS["dataset"]["id"]
    equal(talk in {each.id for each in api.list_datasets(search=talk.split("/")[1])}, True)


@check("HfFileSystem: ls, info, glob, read, a part from the middle, cat_file")
def _():
    files = HfFileSystem(skip_instance_cache=True)
    top = {f"{ID}/{path.split('/')[0]}" for path in FILES}
    equal(set(files.ls(ID, detail=False)), top)
    equal(files.info(f"{ID}/{LARGE}")["size"], MODEL["sizes"][LARGE])
    equal(files.glob(f"{ID}/**/why.txt"), [f"{ID}/{NESTED}"])
    with files.open(f"{ID}/{LARGE}") as opened:
        whole = opened.read()
    equal(hashlib.sha256(whole).hexdigest(), FILES[LARGE])
    with files.open(f"{ID}/{LARGE}", block_size=512) as opened:
        opened.seek(1_000)
        equal(opened.read(64), whole[1_000:1_064])
    equal(files.cat_file(f"{ID}/{LARGE}", start=100, end=366), whole[100:366])


@check("the header of safetensors")
def _():
    found = api.parse_safetensors_file_metadata(ID, LARGE)
    equal("embeddings.word_embeddings.weight" in found.tensors, True)


@check("whoami, auth_check and login")
def _():
    equal(api.whoami()["name"], FACTS["user"])
    api.auth_check(ID)
    huggingface_hub.login(os.environ["HF_TOKEN"])


run()
