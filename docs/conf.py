"""Sphinx settings; warnings are errors in CI."""

from trucewatch import __version__

project = "Trucewatch"
author = "The Trucewatch engineers"
release = __version__
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = "Trucewatch"
exclude_patterns = ["_build"]
