"""The HTTP edge: one router per noun over relay's rules."""
