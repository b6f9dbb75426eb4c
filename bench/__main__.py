"""`bin/bench`: measures the site beside its floors and its peers. `bin/bench speed --help` says more of each part."""

from __future__ import annotations

import argparse

from bench import comments, footprint, pages, profile, scale, speed

PARTS = {
    "speed": speed,
    "pages": pages,
    "comments": comments,
    "scale": scale,
    "profile": profile,
    "footprint": footprint,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parts = parser.add_subparsers(dest="part", metavar="{" + ",".join(PARTS) + "}")
    for name, module in PARTS.items():
        described = (module.__doc__ or "").partition(": ")[2]
        module.add_arguments(parts.add_parser(name, help=described, description=described))
    options = parser.parse_args()
    if options.part is None:
        parser.error(f"say what to measure: bin/bench {', '.join(PARTS)}")
    PARTS[options.part].run(options)


if __name__ == "__main__":
    main()
