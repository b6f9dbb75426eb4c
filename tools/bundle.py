"""Makes `static/dist` out of `static/` and the packages that npm brought: `python -m tools.bundle`.

Each file gets its content's hash in its name, so that browsers may keep it for ever, and lies there compressed
as well. `manifest.json` maps the names that templates use to the names of the files. Files of the bundle before
are kept, since a server that has not been restarted still sends pages that name them.
"""

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tools import fonts, icons, minify

ROOT = Path(__file__).resolve().parent.parent
SPRITES = ("icons", "brands")
SITE_SCRIPTS = ("htmx.org/dist/htmx.min.js", "htmx.org/dist/ext/hx-preload.min.js")
WORKERS = ("altcha/dist/workers/pbkdf2.js",)
COMPRESSIBLE = {".css", ".js", ".svg", ".json", ".webmanifest", ".txt"}

# The statement that orders the layers has to come first; the rest of the order only helps reading.
_FIRST_STYLES = ("layers", "fonts", "tokens", "reset", "base", "layout")
_LAST_STYLES = ("utilities", "print")
# Folders of modules that are put together with the packages they import, from the module of the same name on.
_MODULES = ("editor",)
# Folders whose styles no reader needs; each is a style sheet of its own.
_STYLES_APART = ("staff", "styleguide")
_CSS_ADDRESS = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')\s]+)["']?\s*\)""")
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S*")


@dataclass
class Bundle:
    """What has been made so far: public name to the name of its file."""

    out_dir: Path
    files: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, content: bytes) -> None:
        """Write one file under a name made of its content, with its compressed forms where that helps."""
        path = Path(name)
        digest = hashlib.sha256(content).hexdigest()[:10]
        self.files[name] = path.with_name(f"{path.stem}.{digest}{path.suffix}").as_posix()
        target = self.out_dir / self.files[name]
        if target.is_file():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in COMPRESSIBLE:
            _write_compressed(target, content)
        _write(target, content)


def is_fresh(root: Path = ROOT) -> bool:
    """Say whether the bundle was made from the sources as they are now; a few milliseconds."""
    manifest = _read_manifest(root / "static" / "dist")
    return manifest.get("sources") == _digest_of_sources(root)


def build(root: Path = ROOT) -> dict[str, str]:
    """Make the bundle and answer its names. ValueError or OSError says which source is wrong or missing."""
    static, packages = root / "static", root / "node_modules"
    out_dir = static / "dist"
    sources = _digest_of_sources(root)
    before = _read_manifest(out_dir).get("files", {})
    bundle = Bundle(out_dir)
    for recipe in fonts.RECIPES:
        bundle.add(
            f"fonts/{recipe.name}.{recipe.flavor}", fonts.finished(recipe, packages, static / ".cache")
        )
    for path in _files(static / "img"):
        bundle.add(path.relative_to(static).as_posix(), path.read_bytes())
    for name, content in icons.drawn():
        bundle.add(f"img/{name}.png", content)
    for name in SPRITES:
        sprite = icons.compose(static / f"{name}.txt", static / "icons", packages)
        bundle.add(f"{name}.svg", sprite.encode())
    _add_styles(bundle, static / "css")
    _add_scripts(bundle, static / "js", packages)
    bundle.add("licences.txt", _licences(root, packages).encode())
    _finish(bundle, before, sources)
    return bundle.files


def _add_styles(bundle: Bundle, folder: Path) -> None:
    apart = [folder / name for name in _STYLES_APART]
    readers = [path for path in _files(folder, "*.css") if not set(apart) & set(path.parents)]
    bundle.add("site.css", _stylesheet(bundle, sorted(readers, key=lambda path: _rank(path, folder))))
    for part in apart:
        bundle.add(f"{part.name}.css", _stylesheet(bundle, list(_files(part, "*.css"))))


def _rank(path: Path, folder: Path) -> tuple[int, str]:
    name = path.relative_to(folder).with_suffix("").as_posix()
    if name in _FIRST_STYLES:
        return _FIRST_STYLES.index(name), name
    if name in _LAST_STYLES:
        return 1000 + _LAST_STYLES.index(name), name
    return 100 + name.count("/"), name


def _stylesheet(bundle: Bundle, paths: list[Path]) -> bytes:
    def hashed(match: re.Match[str]) -> str:
        name = match[1].removeprefix("../")
        if name not in bundle.files:
            raise ValueError(f"{path}: nothing in the bundle is called {match[1]!r}")
        return f'url("/static/{bundle.files[name]}")'

    parts: list[str] = []
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if "@import" in text:
            raise ValueError(f"{path}: @import would be ignored in the middle of the bundle")
        parts.append(minify.css(_CSS_ADDRESS.sub(hashed, text)))
    return "\n".join(parts).encode()


def _add_scripts(bundle: Bundle, folder: Path, packages: Path) -> None:
    """Add `site.js` from the folder itself, and one script named after each folder in it (`staff.js`)."""
    libraries = [(packages / name).read_text(encoding="utf-8") for name in SITE_SCRIPTS]
    own = [_scope(path) for path in sorted(folder.glob("*.js"))]
    for name in WORKERS:
        bundle.add(Path(name).name, (packages / name).read_bytes())
    bundle.add("site.js", "\n".join([_SOURCE_MAP.sub("", text) for text in libraries] + own).encode())
    for name in (one for one in _MODULES if (folder / one).is_dir()):
        bundle.add(f"{name}.js", _modules(folder / name / f"{name}.js", packages))
    apart = {"staff", *(path.name for path in folder.glob("*") if path.is_dir())} - set(_MODULES)
    for name in sorted(apart):
        bundle.add(f"{name}.js", "\n".join(_scope(path) for path in _files(folder / name, "*.js")).encode())


def _modules(entry: Path, packages: Path) -> bytes:
    """Answer a module with all that it imports as one script. ValueError says what esbuild does not like."""
    program = next(packages.glob("@esbuild/*/bin/esbuild"), None) or next(
        packages.glob("@esbuild/*/esbuild.exe"), None
    )
    if program is None:
        raise ValueError("esbuild is not there: npm has no package of it for this machine")
    command = [
        program,
        entry,
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2022",
        "--log-level=error",
    ]
    environment = os.environ | {"NODE_PATH": str(packages)}
    made = subprocess.run([str(part) for part in command], capture_output=True, check=False, env=environment)
    if made.returncode:
        raise ValueError(made.stderr.decode(errors="replace").strip())
    return made.stdout


def _scope(path: Path) -> str:
    """Answer a script of ours with a scope of its own, so that files cannot tread on each other's names."""
    return f'(()=>{{"use strict";\n{minify.js(path.read_text(encoding="utf-8"))}\n}})();'


def _licences(root: Path, packages: Path) -> str:
    """The licences of what the bundle holds, which most of them ask to be passed on."""
    parts: list[str] = []
    for name in json.loads((root / "package.json").read_text(encoding="utf-8"))["dependencies"]:
        folder = packages / name
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = [path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("LICENSE*"))]
        parts.append("\n\n".join([f"{name} {about['version']}: {about['license']}", *texts]))
    return f"\n\n{'-' * 80}\n\n".join(parts) + "\n"


def _write_compressed(target: Path, content: bytes) -> None:
    import brotli

    _write(target.with_name(target.name + ".br"), brotli.compress(content, quality=11))
    _write(target.with_name(target.name + ".gz"), gzip.compress(content, compresslevel=9, mtime=0))


def _write(target: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    unfinished = target.with_name(f"{target.name}.{os.getpid()}.part")
    unfinished.write_bytes(content)
    unfinished.replace(target)


def _finish(bundle: Bundle, before: dict[str, str], sources: str) -> None:
    manifest = {"sources": sources, "files": dict(sorted(bundle.files.items()))}
    _write(bundle.out_dir / "manifest.json", (json.dumps(manifest, indent=1) + "\n").encode())
    wanted = {"manifest.json", *bundle.files.values(), *before.values()}
    for path in _files(bundle.out_dir):
        name = path.relative_to(bundle.out_dir).as_posix()
        if name.removesuffix(".br").removesuffix(".gz") not in wanted:
            path.unlink()


def _read_manifest(out_dir: Path) -> dict[str, dict[str, str]]:
    try:
        return json.loads((out_dir / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _files(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file() and not path.name.startswith("."))


def _digest_of_sources(root: Path) -> str:
    """Answer a digest over all that the bundle is made of; the versions of packages stand for their files."""
    static = root / "static"
    sources = [root / "package-lock.json", *(static / f"{name}.txt" for name in SPRITES)]
    sources += [root / "tools" / f"{name}.py" for name in ("bundle", "fonts", "icons", "minify")]
    for folder in ("css", "js", "icons", "img"):
        sources += _files(static / folder)
    digest = hashlib.sha256()
    for path in sources:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> int:
    """Make the bundle unless it is fresh."""
    if is_fresh():
        return 0
    try:
        build()
    except (OSError, ValueError) as error:
        sys.stderr.write(f"The static bundle could not be made: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
