"""Orders: their life, their amounts, how they are listed, and what an operator does to them."""
