"""The web app: pages, API, access, review."""
