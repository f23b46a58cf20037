"""What a customer meant with a text message.

Pure: text, what was last asked and the clock go in, a `Reply` comes out. `reading.read()` is the way in, `reply.py`
says what an answer holds. English and Spanish are read in full; a clear "stop" is understood in more languages.
Nothing in here sends, books or saves.
"""
