"""Coverage-guided fuzzing with atheris, which looks for inputs that reach new lines of the reader and of the text path.

    pip install atheris
    python tests/hostile/guided.py text -max_total_time=300
    python tests/hostile/guided.py model -max_total_time=300

Options are those of libFuzzer. It ends with an error and the input in a file as soon as a promise is broken.
"""

from __future__ import annotations

import itertools
import json
import random
import shutil
import sys
import tempfile
from pathlib import Path


def fuzz_texts(atheris, place):
    """Ask everything about texts that atheris makes."""
    with atheris.instrument_imports(include=["hoakscheck"]):
        from hoakscheck import Classifier
    from hostile.texts import check

    classifier = Classifier.load()

    def one(data):
        text = atheris.FuzzedDataProvider(data).ConsumeUnicode(2_000)
        check(classifier, text, deep=True)

    return one


def fuzz_models(atheris, place):
    """Put what atheris makes in the place of one file of the tiny model, with mended hashes or without."""
    with atheris.instrument_imports(include=["hoakscheck"]):
        from hoakscheck import Classifier  # and with it manifest, artifact, shelf and trust
        from hoakscheck.model import folder
    from hostile import artifacts

    assert artifacts.Classifier is Classifier

    tiny = artifacts.train_tiny(place / "tiny-id" / "0.0.1"), artifacts.train_tiny(place / "tiny-id" / "0.0.2", seed=1)
    subject = artifacts.Subject.of(*tiny, place=place)
    names = [*folder.LISTED, "manifest.json"]
    counter = itertools.count()

    def one(data):
        provider = atheris.FuzzedDataProvider(data)
        name, mended, whole = names[provider.ConsumeIntInRange(0, len(names) - 1)], provider.ConsumeBool(), provider.ConsumeBool()
        start = provider.ConsumeIntInRange(0, len(subject.files[name]))
        length = provider.ConsumeIntInRange(0, 64)
        tail = provider.ConsumeBytes(4_000)
        old = subject.files[name]
        files = subject.files | {name: tail if whole else old[:start] + tail + old[start + length :]}
        if mended:
            try:
                parsed = json.loads(files["manifest.json"])
                files = artifacts.resealed(files, parsed if isinstance(parsed, dict) else None)
            except (AttributeError, ValueError, RecursionError, TypeError):
                pass  # no manifest that could be mended
        where = place / f"guided-{next(counter)}" / "0.0.1"
        try:
            artifacts.judge(subject, artifacts.Mutant(files, None if mended else name), where)
        finally:
            shutil.rmtree(where.parent, ignore_errors=True)

    return one


def seeds(what, place):
    """Write inputs to start from and return their folder."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    folder = place / "corpus"
    folder.mkdir()
    for number in range(200):
        if what == "text":
            from hostile.texts import text_of

            content = b"\x02" + text_of(number).encode("utf-32-le", "surrogatepass")
        else:
            content = random.Random(number).randbytes(60)
        (folder / str(number)).write_bytes(content)
    return folder


def main():
    import atheris

    what, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:
        place = Path(name)
        target = {"text": fuzz_texts, "model": fuzz_models}[what]
        sys.path.insert(0, str(Path(__file__).parent.parent))
        one = target(atheris, place)
        atheris.Setup([sys.argv[0], str(seeds(what, place)), *options], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
