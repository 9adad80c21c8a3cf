"""Wheel and sdist hold what git holds of their folders: ``python tests/wheel/contents.py DIST``, in a clone.

A file that is missing breaks the package for those who install it; one too many may be somebody's secret.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

IN_THE_SDIST = (
    *("rasa_whatsapp", "sample_bot", "tests", "benchmarks", ".ci", ".github", ".python-version"),
    *("credentials.yml.example", "CHANGELOG.md", "README.md", "README.pt-BR.md"),
    *("LICENSE", "pyproject.toml", ".gitignore"),
)


def in_git(*paths: str) -> set[str]:
    """The files of some folders that are kept in git."""
    listed = subprocess.run(["git", "ls-files", "-z", *paths], capture_output=True, text=True, check=True)
    return set(listed.stdout.rstrip("\0").split("\0"))


def check(archive: Path, found: set[str], wanted: set[str]) -> None:
    """Ends the program with the difference, if there is any."""
    missing, surplus = sorted(wanted - found), sorted(found - wanted)
    if missing or surplus:
        sys.exit(f"{archive.name}: missing {missing}, not expected {surplus}")
    print(f"{archive.name}: {len(found)} files, as in git")


def main(dist: Path) -> None:
    """Checks the one wheel and the one sdist of a folder."""
    [wheel], [sdist] = dist.glob("*.whl"), dist.glob("*.tar.gz")
    name = wheel.name.removesuffix("-py3-none-any.whl")
    about = {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    with zipfile.ZipFile(wheel) as files:
        wanted = in_git("rasa_whatsapp") | {f"rasa_whatsapp/{path}" for path in in_git("sample_bot")}
        check(wheel, set(files.namelist()), wanted | {f"{name}.dist-info/{file}" for file in about})
    with tarfile.open(sdist) as files:
        check(
            sdist,
            {path.removeprefix(f"{name}/") for path in files.getnames()},
            in_git(*IN_THE_SDIST) | {"PKG-INFO"},
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
