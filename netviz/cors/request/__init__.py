"""What a request says of itself: its origin, its mode, and what of it is safelisted. Text in, values out; knows no answer."""
