"""The siting engine: tables in, verified plan out. It knows nothing about any particular industry."""
