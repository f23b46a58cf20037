"""The phone simulator: a carrier of our own for a product without one, and the handsets of its customers.

It speaks Twilio's Messages API to the real client, keeps what it got (SimulatedText), and calls our real webhooks with real
signatures. With the three Twilio settings present it does not exist: every address of it is a 404.
"""
