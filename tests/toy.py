"""A tiny catalogue: real questions, two ideas, two stacks (one for one idea only), two parts."""

import shutil
from pathlib import Path
from textwrap import dedent

CHECKOUT = Path(__file__).resolve().parents[1]

FILES = {
    "pins.yml": "images: {base: base:1}\nactions: {}\n",
    "roadmap.yml": "roadmap: []\n",
    "common/README.md.jinja": "# {{ project_name | markdown }}\n\n{{ description | markdown }}\n",
    "common/manifest.toml.jinja": (
        "name = {{ project_name | quoted }}\ndescription = {{ description | quoted }}\n"
    ),
    "common/settings.yml.jinja": "description: {{ description | quoted }}\n",
    "common/plain.txt": "{{ this is no template }}\n",
    "common/bin/run": "#!/bin/sh\necho run\n",
    "options/license/MIT/LICENSE.jinja": "Copyright {{ author_name or project_name }}\n",
    "options/deploy/vps/docs/vps.md": "vps\n",
    "ideas/todo/files/docs/openapi.yaml": "openapi: 3.1.0\n",
    "ideas/chat/files/docs/openapi.yaml": "openapi: 3.1.0\n",
    "stacks/plain/files/app.txt.jinja": "{{ catalog.stack.commands.lock[0] }} {{ idea }}\n",
    "stacks/plain/ideas/todo/todos.txt": "todos\n",
    "stacks/plain/ideas/todo.yml": "paths: {models: todos.txt}\n",
    "stacks/plain/ideas/chat/chat.txt": "chat\n",
    "parts/users/part.yml": "environment: [{name: SECRET_KEY}]\nlevel: beginner\n",
    "parts/users/files/docs/users.md": "users\n",
    "stacks/plain/parts/users/users.txt": "users\n",
    "stacks/plain/parts/users.yml": "paths: {users: users.txt}\n",
    "stacks/plain/parts/sockets/sockets.txt": "sockets\n",
    "stacks/plain/ideas/chat.yml": "parts: [sockets]\n",
    "stacks/fancy/files/fancy.txt": "fancy\n",
    "stacks/fancy/ideas/todo/todos.txt": "todos\n",
}


def idea(title: str, level: str) -> str:
    """Return an idea.yml."""
    return dedent(f"""\
        title: {title}
        level: {level}
        pitch: All about {title}.
        authentication: none
        shows: [REST]
        api: [{{method: GET, path: /, does: Everything}}]
        milestones: [{{level: easy, title: First}}]
        """)


def stack(title: str, lock: str) -> str:
    """Return a stack.yml whose lock command is the given line."""
    return dedent(f"""\
        title: {title}
        language: Text
        summary: {title} files
        reserved_names: [plain-library]
        commands: {{lock: [{lock!r}]}}
        lock_files: [stack.lock]
        paths: {{application: app.txt}}
        """)


def write(folder: Path, *, lock: str = "git --version") -> Path:
    """Write the catalogue into a folder and return the folder."""
    files = FILES | {
        "ideas/todo/idea.yml": idea("To-Do List", "beginner"),
        "ideas/chat/idea.yml": idea("Chat", "advanced") + "parts: [users]\n",
        "stacks/plain/stack.yml": stack("Plain", lock),
        "stacks/fancy/stack.yml": stack("Fancy", lock),
    }
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    (folder / "common/bin/run").chmod(0o755)
    real = CHECKOUT / "templates"
    shutil.copy(real / "copier.yml", folder)
    shutil.copy(real / "common/.copier-answers.yml.jinja", folder / "common")
    return folder
