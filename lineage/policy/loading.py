"""Is this folder a policy? Reads the files, compares them, and builds the :class:`Policy`.

All problems of all files are reported together, each as ``file:line: key: what to do``.
"""

from collections.abc import Mapping
from pathlib import Path

from lineage.errors import PolicyError
from lineage.policy import declared
from lineage.policy.activities import activities
from lineage.policy.business import business
from lineage.policy.crossing import cross_references, warnings
from lineage.policy.elements import with_elements
from lineage.policy.keeping import archive_retention
from lineage.policy.parties import parties
from lineage.policy.policy import Policy
from lineage.policy.rows import Row
from lineage.policy.scalars import read_text
from lineage.policy.tree import Problems, shown, tree
from lineage.policy.vocabulary import digest, statute

FILES = (
    "business.yaml",
    "vocabulary.yaml",
    "parties.yaml",
    "purposes.yaml",
    "activities.yaml",
    "notices.yaml",
    "retention.yaml",
    "promises.yaml",
)


def load(folder: Path | str) -> Policy:
    """The policy of a folder. Files that are no YAML, and hidden ones, are left alone.

    Raises ``PolicyError`` with file, line and key of everything that is wrong.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise PolicyError(
            f"business.yaml:1: (file): there is no such folder as {shown(folder.name)}; name the policy's"
        )
    files: dict[str, str] = {}
    problems = Problems()
    for path in sorted(folder.iterdir()):
        if path.suffix in (".yaml", ".yml") and not path.name.startswith(".") and path.is_file():
            try:
                files[path.name] = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError:
                problems.add(path.name, 1, "(file)", "is not UTF-8; save it as UTF-8")
    problems.raise_any()
    return parse(files)


def parse(files: Mapping[str, str]) -> Policy:
    """The policy of these texts (by name, as in ``PolicyAdopted.files``). A missing file is empty.

    Raises ``PolicyError`` with file, line and key of everything that is wrong.
    """
    texts = {name: text.replace("\r\n", "\n").removeprefix("\ufeff") for name, text in files.items()}
    problems = Problems()
    for name in texts.keys() - set(FILES):
        problems.add(name, 1, "(file)", f"is no file of a policy; the files are {', '.join(FILES)}")
    if "business.yaml" not in texts:
        problems.add("business.yaml", 1, "(file)", "is missing; a policy needs at least this file")
    tops = {name: tree(name, texts.get(name, ""), problems) for name in FILES}
    if problems.unreadable:
        problems.raise_any()
    head, zone = business(tops["business.yaml"], problems)
    rows = {name: Row(top, problems, zone) for name, top in tops.items()}
    own = rows["vocabulary.yaml"]
    own.get("version", read_text)
    words = with_elements(statute(), own)
    own.finish()
    built = Policy(
        digest=digest(texts),
        files=dict(sorted(texts.items())),
        business=head,
        vocabulary=words,
        parties=parties(rows["parties.yaml"], words),
        purposes=declared.purposes(rows["purposes.yaml"], words),
        activities=activities(rows["activities.yaml"]),
        notices=declared.notices(rows["notices.yaml"]),
        archive=archive_retention(rows["retention.yaml"], words.floors),
        retention=declared.retention(rows["retention.yaml"]),
        promises=declared.promises(rows["promises.yaml"]),
    )
    cross_references(built, tops, problems)
    problems.raise_any()
    object.__setattr__(built, "warnings", tuple(warnings(built)))
    return built
