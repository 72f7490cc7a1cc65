"""What every view is made of: shapes, marks, numbers in words, cards, the theme."""
