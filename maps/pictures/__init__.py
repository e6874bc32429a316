"""Pictures of a run for slides and print: the siting map 16:9 in each language, as SVG and as PNG."""
