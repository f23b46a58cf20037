// The card "Notifications" on Security: this browser subscribes with its maker's push service, and says where it can be woken.
"use strict";
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (mark) => mark.charCodeAt(0));
  const told = JSON.parse(document.body.dataset.words || "{}");
  const say = (text) => told[text] || text;
  const works = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

  async function subscribe(card) {
    const said = card.querySelector("[data-push-said]");
    if (!works) {
      said.textContent = say("This browser cannot be woken. On an iPhone, add Kept to the home screen first.");
      return;
    }
    if ((await Notification.requestPermission()) !== "granted") {
      said.textContent = say("The browser does not allow it: permit notifications for this site in its settings.");
      return;
    }
    said.textContent = say("One moment…");
    try {
      const worker = await navigator.serviceWorker.ready;
      const had = await worker.pushManager.getSubscription();
      // One that was made for another key rings no more.
      if (had) await had.unsubscribe();
      const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(card.dataset.pushKey) });
      await htmx.ajax("POST", card.dataset.pushUrl, { source: card, target: card, swap: "outerHTML", values: { endpoint: made.endpoint } });
    } catch {
      said.textContent = say("The browser’s push service could not be reached. Try again.");
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-push-here]");
    if (button) subscribe(button.closest("#devices"));
  });
})();
