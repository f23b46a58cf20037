"""Promises broken on purpose, one function each: a run with one of them must find it out."""


def retry_in_doubt() -> None:
    """A lost answer counts as not sent, and the text is offered again: most senders do so."""
    from dealership.messaging.transports import twilio
    from dealership.messaging.transports.carrier import InDoubt, NotNow

    honest = twilio.Twilio.send

    def send(self, parcel):
        outcome = honest(self, parcel)
        return NotNow(outcome.why) if isinstance(outcome, InDoubt) else outcome

    twilio.Twilio.send = send


def answer_before_commit() -> None:
    """200 is said and the call kept afterwards, by a thread that a kill takes along."""
    import threading
    import time

    from django.db import connection

    from dealership import sight
    from dealership.messaging import carrier_calls

    honest = carrier_calls.keep_inbound

    def keep(fields, *, clock):
        def later() -> None:
            time.sleep(0.8)
            with sight.all_stores("a saboteur"):
                honest(fields, clock=clock)
            connection.close()

        threading.Thread(target=later, daemon=True).start()
        return True

    carrier_calls.keep_inbound = keep


def stop_later() -> None:
    """A stop is not looked for at the gate, nor before the call."""
    from dealership.messaging import consent, gate

    consent.withdraw_queued = lambda *args, **kwargs: 0
    honest = gate.decide

    def decide(request, now):
        from dataclasses import replace

        granted = gate.Consent(granted=True, written=True)
        return honest(replace(request, opted_out=False, consent=granted), now)

    gate.decide = decide
    from dealership.messaging import sending

    class Blind:
        state = staticmethod(lambda *key: consent.Standing())
        being_taken_back = staticmethod(lambda number: False)

    sending.consent = Blind
