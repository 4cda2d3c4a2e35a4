"""The trade: the manual, the flows, their guards and effects, and the engine that decides every move."""
