# SPDX-License-Identifier: BSD-3-Clause
"""For mkdocs: links of a page that lead out of docs/ name the file in the clone instead, which the site does not have."""
import posixpath
import re

LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?![a-z]+:|#)([^)\s]+)\)")


def on_page_markdown(markdown, page, **_):
    folder = posixpath.dirname("docs/" + page.file.src_path)

    def replaced(match):
        words, target = match.groups()
        path = posixpath.normpath(posixpath.join(folder, target.split("#")[0]))
        if path.startswith("docs/") or not target.split("#")[0]:
            return match.group(0)
        return words if words.strip("`") == path else f"{words} (`{path}` in the clone)"

    parts = re.split(r"(^```.*?^```)", markdown, flags=re.M | re.S)
    return "".join(part if part.startswith("```") else LINK.sub(replaced, part) for part in parts)
