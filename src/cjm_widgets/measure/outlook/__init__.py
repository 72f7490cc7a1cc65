"""What goes with loyalty, what comes next, and what is worth mending."""
