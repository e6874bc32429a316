"""Questions asked of verified plans: what would change the answer, and by how much."""
