"""How far coders agree, what they differ in, and what was settled."""
