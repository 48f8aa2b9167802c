"""Which checkpoints are to be believed? Those of an unbroken chain, signed and everywhere the same."""

from collections.abc import Sequence
from pathlib import Path

from lineage.proof.chain import note, numbers
from lineage.proof.checkpoint import Checkpoint, NoCheckpoint, parse
from lineage.proof.finding import Finding, What
from lineage.proof.note import NotSigned, PublicKey, opened


def believed(
    own: Path, copies: Sequence[Path], trusted: Sequence[PublicKey], origin: str
) -> tuple[list[Checkpoint], list[Finding]]:
    """The checkpoints that a trusted key signed, oldest first, and what is wrong with the chain.

    ``own``: the archive's own folder. Where a copy says something else, the signed one counts. A copy may
    lack the last ones: they are copied after they were made.
    """
    # The copies first: what is made meanwhile is put into the archive's folder before it is copied.
    elsewhere = {folder: numbers(folder) for folder in copies}
    here = numbers(own)
    every = sorted({*here, *(number for found in elsewhere.values() for number in found)})
    findings = _missing(own, here, every, "the archive's folder")
    for folder, found in elsewhere.items():
        reached = [number for number in every if number <= max(found, default=0)]
        findings += _missing(folder, found, reached, "the copies")
    believed: list[Checkpoint] = []
    for number in every:
        folders = [own] if number in here else []
        folders += [folder for folder, found in elsewhere.items() if number in found]
        texts = list(dict.fromkeys(note(folder, number) for folder in folders))
        if len(texts) > 1:
            says = f"checkpoint {number} is not the same in every folder"
            findings.append(Finding(What.CHECKPOINT_CHANGED, says))
        signed = [text for text in texts if (said := _unsigned(text, trusted)) is None]
        if not signed:
            said = _unsigned(texts[0], trusted)
            findings.append(Finding(What.CHECKPOINT_CHANGED, f"checkpoint {number}: {said}"))
            continue
        checkpoint = parse(signed[0])
        if fault := _against(checkpoint, number, origin, believed):
            findings.append(Finding(What.CHECKPOINT_AGAINST, f"checkpoint {number}: {fault}"))
            continue
        believed.append(checkpoint)
    return believed, findings


def _missing(folder: Path, found: Sequence[int], every: Sequence[int], called: str) -> list[Finding]:
    wanted = range(1, max(every, default=0) + 1)
    lacking = sorted({*wanted} - {*found})
    if not lacking:
        return []
    named = ", ".join(str(each) for each in lacking[:10]) + (" …" if len(lacking) > 10 else "")
    says = f"{called} {folder} lacks checkpoints: {named}"
    return [Finding(What.CHECKPOINT_MISSING, says)]


def _unsigned(text: str, trusted: Sequence[PublicKey]) -> str | None:
    """Why a note is not to be believed; None: it is."""
    try:
        opened(text, trusted)
        parse(text)
    except (NotSigned, NoCheckpoint) as error:
        return str(error)
    return None


def _against(said: Checkpoint, number: int, origin: str, before: Sequence[Checkpoint]) -> str | None:
    """What a signed checkpoint says against its place or the one before it, if anything."""
    if said.number != number:
        return f"it is checkpoint {said.number}, under another name"
    if said.origin != origin:
        return "it is of another log"
    if not before or before[-1].number != number - 1:
        return None  # the one before is missing or not believed, and that is said already
    earlier = before[-1]
    if said.before != earlier.digest:
        return f"it was not made behind this checkpoint {earlier.number}"
    if said.time < earlier.time:
        return "it is older than the one before"
    for part, head in earlier.heads.items():
        later = said.heads.get(part)
        if later is None or later.last < head.last or later.size < head.size:
            return f"partition {part} is shorter than in the one before"
    return None
