"""The pipeline, its runs and the engines they run on."""
