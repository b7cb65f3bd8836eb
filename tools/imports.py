#!/usr/bin/env python3
"""Reads the imports of src/ and holds them against the rooms of CONTRIBUTING.md.

Fails on an import of a room that the table does not allow, on rooms that import each other, and on files of a room
that import each other and do not stand with a reason among "Circles that stay". What only tests import is not asked.

An import is a `use`, or a path written out: `crate::…`, `super::…`, `self::…`, or one that begins with a module that the
file declares or imports. An item that a module only hands on (`pub use`) is an import of the file it comes from.

    tools/imports.py [FOLDER]       check the crate in FOLDER, this one without it
    tools/imports.py --list FOLDER  list its circles, whatever the tables say
    tools/imports.py --self-test    plant what is forbidden into copies of this crate, and see it refused
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

SKIPPED = re.compile(
    r"""\br(\#*)".*?"\1 | b?"(?:\\.|[^"\\])*" | '(?:\\[^']*|[^\\'\n])' | //[^\n]* | /\*.*?\*/""", re.S | re.X
)
VISIBLE = r"(?:pub(?:\([^)]*\))?\s+)?"
USE = re.compile(rf"^[ \t]*({VISIBLE})use\s+([^;]+);", re.M)
DECLARED = re.compile(rf"^[ \t]*((?:#\[[^\]]*\]\s*)*){VISIBLE}mod\s+(\w+)\s*([;{{])", re.M)
PATH = re.compile(r"(?<!in )(?<![\w:$])([a-z_]\w*)((?:::\w+)+)")


def code_of(text):
    """The text without comments and literals; lines keep their places."""
    return SKIPPED.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)


def without_tests(code):
    """The code without what is compiled for tests alone, and the names of modules in other files that are."""
    files = set()
    while True:
        found = next((m for m in DECLARED.finditer(code) if re.search(r"cfg\((test|all\(test)", m[1])), None)
        if not found:
            return code, files
        end = found.end()
        if found[3] == ";":
            files.add(found[2])
        else:
            depth = 1
            while depth and end < len(code):
                depth += {"{": 1, "}": -1}.get(code[end], 0)
                end += 1
        code = code[: found.start()] + "\n" * code.count("\n", found.start(), end) + code[end:]


def names_of(tree):
    """The paths of a `use`: pairs of the path and the name it goes by here."""
    tokens = re.findall(r"::|[{},*]|\w+", tree)
    place = 0

    def branch(before):
        nonlocal place
        path, out = list(before), []
        while place < len(tokens):
            token = tokens[place]
            place += 1
            if token == "{":
                while tokens[place] != "}":
                    out += branch(path)
                    place += tokens[place] == ","
                place += 1
                return out
            if token == "::":
                continue
            path.append(token)
            if place == len(tokens) or tokens[place] != "::":
                name = path[-1]
                if place < len(tokens) and tokens[place] == "as":
                    name = tokens[place + 1]
                    place += 2
                if path[-1] == "self":
                    path.pop()
                    name = path[-1] if name == "self" and path else name
                return [(tuple(path), name)]
        return out

    return branch([])


class Crate:
    """The modules of a crate, and which file imports which."""

    def __init__(self, folder):
        self.source = Path(folder) / "src"
        self.code, self.uses, self.children = {}, {}, {}
        self.read((), self.source / "lib.rs")
        self.edges = {}
        for module in self.code:
            for other in self.imports(module):
                if other != module:
                    self.edges.setdefault(module, set()).add(other)

    def read(self, module, file):
        code, tests = without_tests(code_of(file.read_text(encoding="utf-8")))
        self.code[module] = code
        self.uses[module] = [
            (path, name, found[1] != "") for found in USE.finditer(code) for path, name in names_of(found[2])
        ]
        self.children[module] = set()
        below = file.parent if file.name in ("mod.rs", "lib.rs") else file.with_suffix("")
        for found in DECLARED.finditer(code):
            name = found[2]
            self.children[module].add(name)
            for child in (below / f"{name}.rs", below / name / "mod.rs"):
                if found[3] == ";" and child.exists():
                    self.read((*module, name), child)

    def file(self, module):
        path = "/".join(("src", *module))
        return f"{path}/mod.rs" if (self.source / "/".join(module) / "mod.rs").exists() else f"{path}.rs"

    def absolute(self, module, path, local=True):
        """A path as it is from the root of the crate; `None` for one that leads out of it."""
        path, base = list(path), list(module)
        if path[0] == "crate":
            return tuple(path[1:])
        if path[0] == "self":
            return (*base, *path[1:])
        if path[0] == "super":
            while path and path[0] == "super":
                if not base:
                    return None
                base.pop()
                path.pop(0)
            return (*base, *path)
        if path[0] in self.children[module]:
            return (*base, *path)
        if local:
            for other, name, _ in self.uses[module]:
                if name == path[0] and other != tuple(path[:1]):
                    whole = self.absolute(module, other, local=False)
                    return None if whole is None else (*whole, *path[1:])
        return None

    def home(self, path, seen=()):
        """The module where the item of an absolute path is defined, behind all `pub use`."""
        depth = max((n for n in range(len(path) + 1) if path[:n] in self.code), default=0)
        module, rest = path[:depth], path[depth:]
        if rest and (module, rest[0]) not in seen:
            for other, name, public in self.uses[module]:
                if public and name == rest[0]:
                    whole = self.absolute(module, other)
                    if whole is not None:
                        return self.home((*whole, *rest[1:]), (*seen, (module, rest[0])))
        return module

    def imports(self, module):
        for path, _, public in self.uses[module]:
            whole = self.absolute(module, path, local=False)
            if whole is not None and not public:
                yield self.home(whole)
        for found in PATH.finditer(USE.sub("", self.code[module])):
            path = (found[1], *found[2].split("::")[1:])
            whole = self.absolute(module, path)
            if whole is not None:
                yield self.home(whole)


def circles(nodes, edges):
    """Sets of nodes that lead to each other (Tarjan)."""
    index, low, stack, out = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in sorted(edges.get(node, ())):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            found = []
            while not found or found[-1] != node:
                found.append(stack.pop())
            if len(found) > 1:
                out.append(sorted(found))

    for node in sorted(nodes):
        if node not in index:
            visit(node)
    return sorted(out)


def between_rooms(crate):
    """Which room imports which, with one file that does."""
    rooms = {}
    for module, others in sorted(crate.edges.items()):
        for other in sorted(others):
            if module and other and module[0] != other[0]:
                rooms.setdefault(module[0], {}).setdefault(other[0], (module, other))
    return rooms


def within_rooms(crate):
    """Circles of files, room by room."""
    out = []
    for room in sorted({module[0] for module in crate.code if module}):
        files = [module for module in crate.code if module[:1] == (room,)]
        inside = {m: {o for o in crate.edges.get(m, ()) if o[:1] == (room,)} for m in files}
        out += circles(files, inside)
    return out


def tables(folder):
    """Rooms with those they may use, and the circles that stay: files, or folders of files."""
    text = (Path(folder) / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms, stay = {}, []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        names = re.findall(r"`src/(\w+)(/|\.rs)`", cells[0])
        files = re.findall(r"`(src/\w+/[\w/]+(?:\.rs|/))`", cells[0])
        if line.startswith("|") and names and len(cells) == 3:
            above = set(rooms)
            # What lies as single files above the first folder is the ground: all rooms stand on it.
            ground = {room for room in rooms if (Path(folder) / f"src/{room}.rs").exists()}
            used = above if "all above" in cells[2] else ground | set(re.findall(r"\w+", cells[2]))
            rooms |= {name: used for name, _ in names}
        elif line.startswith("|") and files and len(cells) == 2 and cells[1]:
            stay.append(tuple(files))
    return rooms, stay


def faults(folder):
    """What is wrong with the crate, each a sentence."""
    crate = Crate(folder)
    rooms, stay = tables(folder)
    out = []
    found = between_rooms(crate)
    for room, others in found.items():
        for other, (module, target) in others.items():
            if room in rooms and other not in rooms[room]:
                out.append(
                    f"{crate.file(module)} imports {crate.file(target)}, but {room} may not use {other}: "
                    "move what it needs down, or the file up"
                )
    for circle in circles(found, {room: set(others) for room, others in found.items()}):
        out.append(f"rooms import each other: {', '.join(circle)}")
    for room in sorted({module[0] for module in crate.code if module} - set(rooms)):
        out.append(f"{room} stands in no table of rooms: add it to CONTRIBUTING.md with what it may use")
    standing = [[crate.file(module) for module in circle] for circle in within_rooms(crate)]

    def covers(listed, circle):
        return all(file in listed or file.startswith(tuple(f for f in listed if f.endswith("/"))) for file in circle)

    for circle in standing:
        if not any(covers(listed, circle) for listed in stay):
            out.append(f"files import each other: {', '.join(sorted(circle))}")
    for listed in stay:
        if not any(covers(listed, circle) for circle in standing):
            out.append(f"no circle any more, strike it in CONTRIBUTING.md: {', '.join(sorted(listed))}")
    return out


def self_test(folder):
    """Whether what is forbidden is refused, planted into copies of the crate."""
    rooms, _ = tables(folder)
    folders = [room for room in rooms if (Path(folder) / "src" / room).is_dir()]
    low, high = folders[0], folders[-1]
    crate = Crate(folder)
    used = {target: user for user, targets in sorted(crate.edges.items()) for target in targets if user[:1] == (low,)}
    leaf = min(module for module in used if module[:1] == (low,) and not crate.edges.get(module))

    def path(module):
        return "::".join(("crate", *module))

    plants = {
        "an upward import": (f"src/{low}/mod.rs", f"use crate::{high}::Config;", f"{low} may not use {high}"),
        "an upward path": (f"src/{low}/mod.rs", f"type Up = crate::{high}::Config;", f"{low} may not use {high}"),
        "an upward glob": (f"src/{low}/mod.rs", f"use crate::{{{high}::*}};", f"{low} may not use {high}"),
        "a circle of rooms": (f"src/{low}/mod.rs", f"use crate::{high}::Config;", "rooms import each other"),
        "a circle of files": (crate.file(leaf), f"use {path(used[leaf])}::Thing;", "files import each other"),
        "a room nobody knows": ("src/lib.rs", "mod attic;", "attic stands in no table"),
    }
    failed = []
    for name, (file, line, sentence) in plants.items():
        with tempfile.TemporaryDirectory() as copy:
            shutil.copytree(Path(folder) / "src", Path(copy) / "src")
            shutil.copy(Path(folder) / "CONTRIBUTING.md", copy)
            (Path(copy) / "src/attic.rs").write_text("")
            planted = Path(copy) / file
            planted.write_text(f"{planted.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
            if not any(sentence in fault for fault in faults(copy)):
                failed.append(f"{name} was not refused")
    return failed


def main(arguments):
    here = Path(__file__).resolve().parent.parent
    if arguments[:1] == ["--self-test"]:
        found = self_test(here)
    elif arguments[:1] == ["--list"]:
        crate = Crate(arguments[1])
        rooms = {room: set(others) for room, others in between_rooms(crate).items()}
        for circle in circles(rooms, rooms):
            print(f"rooms: {', '.join(circle)}")
        for circle in circles(crate.code, crate.edges):
            of = {m[0] for m in circle if m}
            if len(of) > 1:
                print(f"across rooms: {len(circle)} files of {', '.join(sorted(of))}")
        for circle in within_rooms(crate):
            print(f"{circle[0][0]}: {len(circle)} files: {', '.join(crate.file(m) for m in circle)}")
        return 0
    else:
        found = faults(arguments[0] if arguments else here)
    for fault in found:
        print(f"imports: {fault}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
