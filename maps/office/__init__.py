"""The brief (Word) and the slides (PowerPoint) of a run, made from what the report shows; needs the extra ``office``."""
