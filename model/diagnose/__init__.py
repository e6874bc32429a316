"""Why a scenario is impossible, in words: what collides and the smallest change that would help."""

from model.diagnose.sentences import explain_infeasible

__all__ = ["explain_infeasible"]
