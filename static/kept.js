// All behaviour of Kept's pages: clocks, keys, live parts, sheets, toasts. Everything works without it, only less at hand.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  // The new part is at hand in the turn in which it came: a key pressed right after it finds the focus where it stays.
  htmx.config.defaultSettleDelay = 0;
  const narrow = matchMedia("(max-width: 720px)");

  // What is said here, in the page's language: where that is not the code's own, the body brings its words by those that stand here
  // (`scripts_say` in dealership/templatetags/kept.py).
  const told = JSON.parse(body.dataset.words || "{}");
  const say = (text, named = {}) => (told[text] || text).replace(/%\((\w+)\)s/g, (_, name) => named[name]);

  // ---- Clocks. The server's time is the truth; this machine's may be wrong, so only the difference is used.
  // While a day of the demo is played, the server's time passes faster than this machine's.
  let real, shown, speed;
  function setClock(at, times) {
    [real, shown, speed] = [Date.now(), at * 1000, times || 1];
    if (speed === 1 && Math.abs(shown - real) < 2000) shown = real;
  }
  setClock(Number(body.dataset.now || 0), Number(body.dataset.speed));
  const now = () => (shown + (Date.now() - real) * speed) / 1000;
  const two = (n) => String(n).padStart(2, "0");

  function length(seconds) {
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) return `${s} s`;
    const m = Math.floor(s / 60);
    if (m < 60) return `${m} min`;
    if (m < 2880) return `${Math.floor(m / 60)} h ${two(m % 60)}`;
    return m < 40320 ? `${Math.floor(m / 1440)} d` : say("%(n)s w", { n: Math.floor(m / 10080) });
  }
  const countdown = (seconds) => {
    if (seconds >= 3600) return length(seconds);
    const s = Math.max(0, Math.floor(seconds));
    return `${Math.floor(s / 60)}:${two(s % 60)}`;
  };

  function put(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  function press(clock, look) {
    for (const name of ["late", "soon", "live"]) {
      clock.classList.toggle(name, name === look);
      const row = clock.parentElement;
      if (row && row.classList.contains("promise") && !(name === "live" || row.classList.contains("live"))) row.classList.toggle(name, name === look);
    }
  }

  // Returns the band a due clock is in, so that a row that crosses into another band asks its list to be drawn again.
  function drawDue(clock, at) {
    const left = Number(clock.dataset.due) - at;
    const [figure, word] = [$("span", clock), $("small", clock)];
    if (left < 0) {
      put(figure, length(-left));
      put(word, say("late"));
      press(clock, "late");
      return "late";
    }
    if (left < 3600) {
      put(figure, countdown(left));
      put(word, clock.dataset.wall);
      press(clock, "soon");
      return "soon";
    }
    return "calm";
  }

  function tick() {
    if (document.hidden) return;
    const at = now();
    let crossed = false;
    for (const clock of $$("[data-due]")) {
      const band = drawDue(clock, at);
      if (clock.band && clock.band !== band) crossed = true;
      clock.band = band;
    }
    for (const clock of $$("[data-since]")) put($("span", clock), countdown(at - Number(clock.dataset.since)));
    for (const node of $$("[data-left]")) {
      const left = Number(node.dataset.left) - at;
      put(node, left < 0 ? say("%(time)s late", { time: length(-left) }) : say("%(time)s left", { time: countdown(left) }));
      node.classList.toggle("late", left < 0);
      node.classList.toggle("soon", left >= 0 && left < 3600);
    }
    for (const node of $$("[data-grows]")) {
      const grown = Math.min(at, Number(node.dataset.growsUntil)) - Number(node.dataset.grows);
      if (node.tagName === "PROGRESS") node.value = grown / 60;
      else put(node, length(grown));
    }
    for (const node of $$("[data-until]")) {
      const [from, until] = [Number(node.dataset.from), Number(node.dataset.until)];
      if (node.tagName === "PROGRESS") {
        node.value = until <= from || at >= until ? 100 : Math.max(0, (100 * (at - from)) / (until - from));
      } else {
        const left = { time: countdown(until - at), whole: countdown(until - from) };
        put(node, at > until ? say("%(time)s late", { time: length(at - until) }) : say("%(time)s left of %(whole)s", left));
      }
    }
    for (const list of $$("[data-back-at]")) {
      if (at < Number(list.dataset.backAt)) continue;
      delete list.dataset.backAt;
      crossed = true;
    }
    if (crossed) body.dispatchEvent(new CustomEvent("kept:changed", { bubbles: true, detail: { crossed } }));
    flush();
  }
  setInterval(tick, 1000);

  // ---- Live parts: one cheap question again and again while the page is looked at: what is new shows within two seconds where
  // somebody works, and a little later in a window beside it.
  const ASK_EVERY = 1500;
  const BESIDE_EVERY = 4000;
  let asked = 0;
  let asking = false;
  let signedOut = false;

  function topics() {
    const had = {};
    for (const part of $$("[data-live]")) {
      for (const pair of part.dataset.live.split(",")) {
        const [name, version] = pair.split(":");
        had[name] = Math.min(Number(version), name in had ? had[name] : Infinity);
      }
    }
    return Object.entries(had).map(([name, version]) => `${name}:${version}`).join(",");
  }

  function learn(name, version) {
    for (const part of $$("[data-live]")) {
      part.dataset.live = part.dataset.live.split(",").map((pair) => (pair.split(":")[0] === name ? `${name}:${version}` : pair)).join(",");
    }
  }

  async function ask() {
    const where = body.dataset.liveUrl;
    if (!where || document.hidden || asking || signedOut || Date.now() - asked < (document.hasFocus() ? ASK_EVERY - 100 : BESIDE_EVERY - 100)) return;
    const had = topics();
    if (!had) return;
    asking = true;
    asked = Date.now();
    try {
      const answer = await fetch(`${where}?t=${encodeURIComponent(had)}`, { headers: { "X-Live": "1" }, credentials: "same-origin", redirect: "error" });
      const clock = (answer.headers.get("X-Clock") || "").split(" ");
      if (clock.length === 2) setClock(Number(clock[0]), Number(clock[1]));
      if (answer.status === 401) {
        signedOut = true;
        if (answer.headers.get("X-Locked")) htmx.ajax("GET", "/account/unlock/", { source: body, target: "#lock-in", swap: "innerHTML" });
        else toast(say("You have been signed out."), "", { label: say("Sign in"), go: location.href });
      } else if (answer.status === 200) {
        const changed = JSON.parse(answer.headers.get("HX-Trigger") || "{}");
        for (const [event, detail] of Object.entries(changed)) {
          learn(event.slice("live:".length), detail.version);
          body.dispatchEvent(new CustomEvent(event, { bubbles: true, detail }));
        }
      }
    } catch {
      // The network is away for a moment; the next question finds it or does not.
    } finally {
      asking = false;
    }
  }
  setInterval(ask, ASK_EVERY);
  // Whoever signs out is not told that they were signed out.
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action")?.endsWith("/account/logout/")) signedOut = true;
  });
  window.addEventListener("focus", ask);
  document.addEventListener("visibilitychange", () => {
    tick();
    ask();
  });

  // A part that somebody writes in is not drawn again under their hands; it is when they leave it.
  const isTyping = (node) => node && node.matches("input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select, [contenteditable]");
  const isWritten = (part) => $$("textarea, input[type=text], input[type=search]", part).some((field) => field.value !== field.defaultValue) || $("input[name=row]:checked, input[name=all]:checked", part);
  const waiting = new Set();

  // Nor is a board while one of its cards is in the air, on its way or has its menu open, or while the pointer goes over it: but after
  // an act of one's own it is.
  let dragged = null;
  let pointedAt = 0;
  document.addEventListener("pointermove", () => { pointedAt = Date.now(); }, { passive: true });
  const isPointed = (part) => part.matches("[data-steady]") && Date.now() - pointedAt < 2000 && $("[data-card]:hover", part);
  const isHandled = (part) => part.contains(dragged) || $(".moving", part) || $("[data-menu][open]:focus-within", part);
  // Nor is a part where something was just refused: the reason is read before news is drawn over it, and whoever does the next thing
  // has read it.
  const READ_WITHIN = 12_000;
  let refusedAt = new WeakMap();
  const isRefused = (part) => $$("[role=alert]", part).some((why) => Date.now() - (refusedAt.get(why) ?? -Infinity) < READ_WITHIN);
  body.addEventListener("htmx:afterSwap", ({ detail: { requestConfig, xhr } }) => {
    if (!requestConfig || requestConfig.verb === "get" || xhr?.status !== 422) return;
    for (const why of $$("[role=alert]")) if (!refusedAt.has(why)) refusedAt.set(why, Date.now());
    setTimeout(flush, READ_WITHIN);
  });
  document.addEventListener("kept:changed", ({ detail }) => { if (!detail?.crossed) refusedAt = new WeakMap(); }, true);
  const holds = (part, own) =>
    isRefused(part) ||
    (part.contains(document.activeElement) && isTyping(document.activeElement)) || isHandled(part) || (!own && (isWritten(part) || isPointed(part)));
  // Whether what a page asked by itself must wait, for somebody is at work in the part that it would draw again.
  function isLeftAlone({ target, requestConfig }) {
    const trigger = requestConfig?.triggeringEvent;
    return target && /^(live:|kept:)/.test(trigger?.type || "") && holds(target, trigger.type === "kept:changed" && !trigger.detail?.crossed);
  }
  function flush() {
    for (const part of [...waiting]) {
      if (holds(part)) continue;
      waiting.delete(part);
      if (part.isConnected) htmx.trigger(part, "kept:redraw");
    }
  }

  // What a page asks by itself keeps nobody signed in.
  body.addEventListener("htmx:configRequest", (event) => {
    if (/^(live:|kept:changed)/.test(event.detail.triggeringEvent?.type || "") || event.detail.elt.matches("[data-by-itself]")) event.detail.headers["X-Live"] = "1";
  });

  body.addEventListener("htmx:beforeRequest", (event) => {
    if (!isLeftAlone(event.detail)) return;
    event.preventDefault();
    waiting.add(event.detail.elt);
  });
  // Of two that are opened in one place, the later shows, whichever answer comes first.
  const opening = new Map();
  body.addEventListener("htmx:beforeRequest", (event) => {
    const { target, requestConfig, xhr } = event.detail;
    if (!event.defaultPrevented && requestConfig.verb === "get" && target?.matches("[data-holder]")) opening.set(target, xhr);
  });
  document.addEventListener("focusout", () => setTimeout(flush, 200));

  // An answer is to what stood in the thread when its first letter was typed: what came later holds it back.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-talk]");
    if (!form || !event.target.matches("textarea")) return;
    const thread = $(`#thread-${form.dataset.talk}`);
    const seen = form.elements.seen;
    if (!form.dataset.begun && thread && seen) seen.value = Math.max(Number(seen.value), Number(thread.dataset.seen));
    if (event.target.value) form.dataset.begun = "yes";
    else delete form.dataset.begun;
  });

  // A text half written stands there again, whatever draws its form anew and wherever its writer has been meanwhile: all but what
  // was sent, unless it did not get through. Signed out, nothing is kept.
  const TEXTS = "form[data-talk]";
  if (!body.dataset.liveUrl) sessionStorage.clear();
  function keepTexts(part, sent) {
    for (const form of $$(TEXTS, part).concat(part.matches?.(TEXTS) ? part : [])) {
      const { body: field, seen } = form.elements;
      sessionStorage.removeItem(form.id);
      if (form !== sent && !form.matches(".htmx-request") && field.value && (field.value !== field.defaultValue || "refused" in form.dataset)) {
        sessionStorage.setItem(form.id, JSON.stringify([field.value, seen.value]));
      }
    }
  }
  function bringTexts() {
    for (const form of $$(TEXTS)) {
      const kept = sessionStorage.getItem(form.id);
      const { body: field, seen } = form.elements;
      sessionStorage.removeItem(form.id);
      if (!kept || field.value !== field.defaultValue) continue;
      [field.value, seen.value] = JSON.parse(kept);
      form.dataset.begun = "yes";
      measure({ target: field });
    }
  }
  window.addEventListener("pagehide", () => keepTexts(document));
  window.addEventListener("pageshow", bringTexts);

  // What a text takes, counted as the server counts it (dealership/messaging/cost.py), with the alphabet and the price it gave.
  function sizeOf(text, { gsm, gsmTwo, price }) {
    if (!text) return "";
    const marks = [...text];
    const odd = marks.find((mark) => !gsm.includes(mark) && !gsmTwo.includes(mark));
    const length = odd ? text.length : marks.length + marks.filter((mark) => gsmTwo.includes(mark)).length;
    const [alone, joined] = odd ? [70, 67] : [160, 153];
    const n = length <= alone ? 1 : Math.ceil(length / joined);
    const words = [
      n === 1 ? say("%(n)s segment", { n }) : say("%(n)s segments", { n }),
      say("%(n)s of %(most)s", { n: length, most: n === 1 ? alone : n * joined }),
    ];
    if (odd) words.push(say("“%(mark)s” leaves %(n)s a segment", { mark: odd, n: alone }));
    if (price) words.push(`$${(n * Number(price)).toFixed(4).replace(/0{1,2}$/, "")}`);
    return words.join(" · ");
  }
  function measure(event) {
    const form = event.target.form;
    const size = form && $("[data-size]", form);
    if (!size || !event.target.matches("textarea, [data-photos]")) return;
    const n = $("[data-photos]", form)?.files.length || 0;
    const price = size.dataset.photoPrice;
    // With photos it is one message, as dealership/messaging/cost.py says.
    if (n) size.textContent = [n === 1 ? say("1 photo message, %(n)s photo", { n }) : say("1 photo message, %(n)s photos", { n }), ...(price ? [`$${price}`] : [])].join(" · ");
    else size.textContent = size.dataset.gsm ? sizeOf($("textarea", form).value.trim(), size.dataset) : "";
  }
  document.addEventListener("input", measure);
  document.addEventListener("change", measure);

  // A photo opens over the page; the arrows go to the next one of the same talk or story. Its link is the picture itself.
  const lightbox = $("#lightbox");
  let leaf = [];
  function showPhoto(link) {
    const [image, of] = [$("img", lightbox), $("[data-of]", lightbox)];
    image.src = link.href;
    image.alt = $("img", link)?.alt || "";
    lightbox.at = leaf.indexOf(link);
    of.textContent = leaf.length > 1 ? say("%(n)s of %(most)s", { n: lightbox.at + 1, most: leaf.length }) : "";
    $("a", lightbox).href = link.href;
    if (!lightbox.open) lightbox.showModal();
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-photo]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    leaf = $$("[data-photo]", link.closest(".talk, .card") || document);
    showPhoto(link);
  });
  lightbox.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way || leaf.length < 2) return;
    event.preventDefault();
    showPhoto(leaf[(lightbox.at + way + leaf.length) % leaf.length]);
  });

  // Words that are ready go where the cursor is.
  document.addEventListener("click", (event) => {
    const ready = event.target.closest("[data-insert]");
    const field = ready && document.getElementById(ready.dataset.insert);
    if (!field || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    ready.closest("dialog")?.close();
    const before = field.value.slice(0, field.selectionStart);
    field.setRangeText((before && !/\s$/.test(before) ? " " : "") + ready.dataset.words, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && event.target.matches("textarea[data-slash]") && !event.target.value) {
      event.preventDefault();
      $("[data-ready-words]", event.target.form)?.click();
    }
    if (!/^Arrow(Up|Down)$/.test(event.key) || !event.target.matches(".ready, .choice-line")) return;
    const all = $$(".ready, .choice-line", event.target.closest(".in"));
    const next = all[all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    event.preventDefault();
    next?.focus();
  });

  // Focus and the selected row survive a redraw of the part they are in.
  let held = null;
  let opened = [];
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (new URL(event.detail.xhr.responseURL || location.href).pathname.startsWith("/account/login")) {
      event.detail.shouldSwap = false;
      location.reload();
      return;
    }
    const active = document.activeElement;
    const target = event.detail.target;
    // Somebody may have begun while the answer was on its way.
    if (isLeftAlone(event.detail)) {
      event.detail.shouldSwap = false;
      waiting.add(event.detail.elt);
      return;
    }
    const { verb, elt } = event.detail.requestConfig;
    if (verb === "get" && opening.has(target) && opening.get(target) !== event.detail.xhr) {
      event.detail.shouldSwap = false;
      return;
    }
    if (target && event.detail.shouldSwap) keepTexts(target, verb === "get" ? null : elt.closest("form"));
    // A holder is filled, never replaced, whatever swap its caller inherits.
    if (target && target.hasAttribute("data-holder")) event.detail.swapOverride = "innerHTML";
    opened = target ? $$("details[open][id]", target).map((fold) => fold.id) : [];
    held = target && active && target.contains(active) ? { id: active.id, href: active.getAttribute("href") } : null;
  });
  // A part that comes along with another keeps its open folds too.
  body.addEventListener("htmx:oobBeforeSwap", (event) => {
    for (const fold of $$("details[open][id]", event.detail.target)) $(`#${fold.id}`, event.detail.fragment)?.setAttribute("open", "");
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    tick();
    mark();
    bringTexts();
    const target = event.detail.target;
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    opened = [];
    if (held && !target.contains(document.activeElement)) {
      const again = (held.id && document.getElementById(held.id)) || (held.href && $(`a[href="${CSS.escape(held.href)}"]`));
      if (again) again.focus({ preventScroll: true });
    }
    held = null;
    if (target.id === "sheet-in") openSheet();
    if (target.id === "lock-in") openLock();
    if (target.id === "detail") openDetail(target);
  });

  // The part that asked may have been drawn anew before its answer: what the answer says is said, and a text that did not get
  // through is kept.
  const NO_CONNECTION = say("No connection. What you wrote is still here; try again.");
  const heard = new WeakSet();
  body.addEventListener("htmx:beforeOnLoad", (event) => heard.add(event.detail.xhr));
  body.addEventListener("htmx:beforeRequest", ({ detail: { elt, xhr } }) => {
    xhr.addEventListener("loadend", () => {
      if (elt.isConnected || heard.has(xhr)) return;
      if (elt.matches(TEXTS) && xhr.status !== 200) {
        keepTexts(elt);
        bringTexts();
        if (!xhr.status) toast(NO_CONNECTION);
      }
      const says = xhr.getResponseHeader("HX-Trigger") || "{}";
      for (const [name, detail] of says.startsWith("{") ? Object.entries(JSON.parse(says)) : says.split(/,\s*/).map((one) => [one, {}])) {
        body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
      }
    });
  });

  body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    const gone = status === 404 ? say("That is no longer there.") : say("That did not work; nothing was changed. Try again.");
    toast(status === 403 ? say("Your role may not do that.") : gone);
  });
  body.addEventListener("htmx:sendError", () => toast(NO_CONNECTION));

  // ---- Lists with a detail beside them; on a small screen the detail lies over the list.
  function mark() {
    const card = $("#promise-card");
    const shown = card ? new URL(card.getAttribute("hx-get"), location.href).pathname : location.pathname;
    for (const row of $$(".split > .list a.promise[href]")) {
      if (new URL(row.href).pathname === shown) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
  function openDetail(detail) {
    const split = detail.closest(".split");
    if (!split) return;
    split.classList.add("open");
    detail.scrollTop = 0;
    if (narrow.matches) detail.focus({ preventScroll: true });
  }
  body.addEventListener("htmx:pushedIntoHistory", mark);
  const first = $("[data-open-first] a.promise[hx-get]");
  if (first && !narrow.matches) htmx.ajax("GET", first.getAttribute("href"), { target: "#detail", swap: "innerHTML" });

  // ---- Sheets.
  const sheet = $("#sheet");
  function openSheet() {
    const title = $("h2", sheet);
    if (title) sheet.setAttribute("aria-label", title.textContent.trim());
    if (!sheet.open) sheet.showModal();
    const field = $("[aria-invalid=true], [autofocus], input:not([type=hidden]), textarea, select", sheet);
    if (field) field.focus();
  }
  // An act on a promise shows as done while it is asked for: its sheet closes and, where it ends here, its row fades. If it may
  // not be, both are back. A sheet that is wanted meanwhile opens after the answer.
  let acting = null;
  let wanted = null;
  const rowOf = (form) => $$(".list a.promise[href]").find((row) => new URL(row.href).pathname === form.dataset.ends);
  body.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target } = event.detail;
    if (acting && acting !== elt && target?.id === "sheet-in") {
      event.preventDefault();
      wanted = elt;
    } else if (elt.matches("form[data-at-once]") && elt.checkValidity()) {
      acting = elt;
      sheet.close();
      rowOf(elt)?.classList.add("leaving");
    }
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    if (!acting || event.detail.elt !== acting) return;
    const [form, next] = [acting, wanted];
    acting = wanted = null;
    if (!event.detail.successful) {
      rowOf(form)?.classList.remove("leaving");
      openSheet();
    } else if (next) htmx.trigger(next, "click");
  });
  // A page that was left alone asks who is there, and keeps what stands in its forms.
  const lock = $("#lock");
  function openLock() {
    if (!lock.open) lock.showModal();
    $("input[type=password]", lock)?.focus();
  }
  lock.addEventListener("cancel", (event) => event.preventDefault());
  body.addEventListener("kept:unlocked", () => {
    lock.close();
    signedOut = false;
    toast(say("Unlocked. What you wrote is still here."));
    body.dispatchEvent(new CustomEvent("kept:changed", { bubbles: true }));
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close-sheet]");
    if (closer) {
      const dialog = closer.closest("dialog");
      if (dialog) {
        event.preventDefault();
        dialog.close();
      }
    }
    if (event.target.matches("dialog.sheet:not(#lock), dialog.lightbox")) event.target.close();
    const toastCloser = event.target.closest("[data-close-toast]");
    if (toastCloser) toastCloser.closest(".toast").remove();
    const copier = event.target.closest("[data-copy]");
    if (copier) {
      const field = document.getElementById(copier.dataset.copy);
      field.select();
      navigator.clipboard?.writeText(field.value).then(() => toast(say("Copied.")), () => toast(say("It is selected: copy it with Ctrl C.")));
    }
    const filler = event.target.closest("[data-fill]");
    if (filler) {
      const field = document.getElementById(filler.dataset.fill);
      if (field) {
        field.value = filler.dataset.value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.focus();
      }
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // ---- Toasts, with a way back.
  function toast(what, undo, link) {
    const box = $("#toasts");
    const node = document.createElement("div");
    node.className = "toast";
    const words = document.createElement("span");
    words.textContent = what;
    node.append(words);
    if (undo) {
      const button = document.createElement("button");
      button.className = "btn small";
      button.textContent = say("Undo");
      button.addEventListener("click", () => {
        node.remove();
        htmx.ajax("POST", undo, { source: body, target: "#sheet-in", swap: "none" });
      });
      node.append(button);
    }
    if (link) {
      const anchor = document.createElement("a");
      anchor.className = "btn small";
      anchor.href = link.go;
      anchor.textContent = link.label;
      node.append(anchor);
    }
    box.replaceChildren(node);
    const leave = () => (node.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : node.remove());
    if (!link) setTimeout(leave, undo ? 12000 : 5000);
  }
  body.addEventListener("kept:refused", (event) => toast(event.detail.say));
  body.addEventListener("kept:done", (event) => {
    if (sheet.open) sheet.close();
    toast(event.detail.say, event.detail.undo);
  });

  // ---- Keys. Never while somebody types, never with Ctrl, Alt or ⌘ but for sending.
  const visible = (node) => node.checkVisibility ? node.checkVisibility() : node.offsetParent !== null;
  const rows = () => $$("[data-rows] a.promise, [data-rows] [data-row]").filter(visible);
  let leader = 0;

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(document.activeElement);
    const next = at >= 0 ? at + by : Math.max(0, all.findIndex((row) => row.hasAttribute("aria-current")) + (by > 0 ? 0 : -1));
    const row = all[Math.min(all.length - 1, Math.max(0, next))];
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  // ---- Commands: asked from the server with what is selected, moved through by the arrows, pressed with enter.
  const palette = $("#palette");
  function openPalette() {
    if (!palette || lock.open) return;
    const row = document.activeElement.closest?.("a.promise[href]");
    const card = $("#promise-card");
    const at = row ? new URL(row.href).pathname : card ? new URL(card.getAttribute("hx-get"), location.href).pathname : location.pathname;
    const input = $("input", palette);
    palette.showModal();
    [input.value, input.form.elements.at.value] = ["", at];
    // What fitted the last time fits nothing now, and enter waits for what does.
    const rows = $(".command-rows", palette);
    rows.replaceChildren();
    delete rows.dataset.q;
    input.focus();
    htmx.ajax("GET", `${input.form.action}?at=${encodeURIComponent(at)}`, { source: palette, target: "#command-rows", swap: "outerHTML" });
  }
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-commands]");
    if (opener && !event.metaKey && !event.ctrlKey) {
      event.preventDefault();
      $("#rail")?.matches(":popover-open") && $("#rail").hidePopover();
      openPalette();
    }
    if (event.target === palette || event.target.closest("#palette a")) palette.close();
  });
  // An answer to what was typed before is none to what stands there now.
  body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "command-rows") return;
    const asked = new URL(event.detail.pathInfo.finalRequestPath, location.href).searchParams.get("q") || "";
    if (asked !== $(".commands input").value) event.detail.shouldSwap = false;
  });
  // Enter means what fits the words that stand there: where that has not come yet, it is pressed when it comes.
  function pressFirst(commands) {
    if ($(".command-rows", commands).dataset.q?.trim() === $("input", commands).value.trim()) $("a.command", commands)?.click();
    else commands.dataset.enter = "";
  }
  body.addEventListener("htmx:afterSettle", () => {
    const commands = $(".commands[data-enter]");
    if (!commands) return;
    delete commands.dataset.enter;
    pressFirst(commands);
  });
  function commandKey(event, commands) {
    const links = $$("a.command", commands);
    const at = links.indexOf(document.activeElement);
    if (event.key === "Enter" && at < 0) pressFirst(commands);
    else if (event.key === "ArrowDown") (links[at + 1] || links[at])?.focus();
    else if (event.key === "ArrowUp") (links[at - 1] || $("input", commands)).focus();
    else return false;
    event.preventDefault();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const typing = isTyping(event.target);
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (palette?.open) palette.close();
      else openPalette();
      return;
    }
    const commands = event.target.closest?.(".commands");
    if (commands && commandKey(event, commands)) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter" && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit($("[data-send]", event.target.form) || undefined);
      return;
    }
    if (event.key === "Escape" && typing && event.target.matches("[data-search], .composer textarea")) event.target.blur();
    if (event.key === "Escape") event.target.closest?.("[data-in-place]")?.querySelector("[data-cancel]").click();
    if (typing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (leader && Date.now() - leader < 1200) {
      leader = 0;
      const go = $(`[data-go="g ${CSS.escape(event.key)}"]`);
      if (go) {
        event.preventDefault();
        go.click();
      }
      return;
    }
    switch (event.key) {
      case "/": {
        const search = $("[data-search]");
        if (search && visible(search)) {
          event.preventDefault();
          search.select();
        }
        return;
      }
      case "j": case "k":
        event.preventDefault();
        step(event.key === "j" ? 1 : -1);
        return;
      case "g":
        leader = Date.now();
        return;
      case "?":
        event.preventDefault();
        $("#shortcuts").showModal();
        return;
    }
    if (cardKey(event)) {
      event.preventDefault();
      return;
    }
    const keyed = (key) => $$(`[data-key="${key}"]`).find(visible);
    // Reply where no button says so: the text field that is there.
    const deed = /^[a-z1-9]$/.test(event.key) && (keyed(event.key) || (event.key === "r" && keyed("t")));
    if (deed) {
      event.preventDefault();
      if (deed.matches("textarea, input")) deed.focus();
      else deed.click();
    }
  });

  // ---- Cards that move: dragged to a zone, chosen in their menu, or sent by a key. All three press the same button of their menu, so a
  // zone takes what the menu offers and nothing else. The card goes at once, and comes back if it may not.
  // A visit goes to any time that its week shows, the server knows whether there is room; or to somebody else at the time that it has:
  // one of both at once, so that what is told and taken back is one thing.
  const wayTo = (card, zone) => $(`[data-to="${CSS.escape(zone.dataset.zone)}"]`, card);
  const isOthers = (card, zone) => (zone.dataset.who ?? card.dataset.who) !== card.dataset.who;
  const takes = (zone, card) => {
    if (zone.contains(card)) return false;
    const { moveUrl, giveUrl } = card.dataset;
    if (!moveUrl) return Boolean(wayTo(card, zone));
    if (!isOthers(card, zone)) return Boolean(zone.dataset.day);
    const { day, time } = card.closest("[data-zone]")?.dataset ?? {};
    return Boolean(giveUrl) && zone.dataset.day === day && zone.dataset.time === time;
  };
  const zoneAt = (event) => event.target.closest?.("[data-zone]");

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-card]");
    if (!card) return;
    dragged = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.id);
    card.classList.add("dragged");
    for (const zone of $$("[data-zone]")) zone.classList.toggle("closed", !takes(zone, card) && !zone.contains(card));
  });
  document.addEventListener("dragover", (event) => {
    const zone = dragged && zoneAt(event);
    for (const over of $$(".over")) if (over !== zone) over.classList.remove("over");
    if (!zone || !takes(zone, dragged)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    zone.classList.add("over");
  });
  document.addEventListener("drop", (event) => {
    const zone = dragged && zoneAt(event);
    if (!zone) return;
    event.preventDefault();
    if (!takes(zone, dragged)) return;
    if (dragged.dataset.moveUrl) sendTo(dragged, zone);
    else wayTo(dragged, zone).click();
  });
  function sendTo(card, zone) {
    const { day, time, who } = zone.dataset;
    const gives = isOthers(card, zone);
    const values = gives ? { to: who === "0" ? "" : who } : { day, time: time || card.dataset.time };
    setOff(card, zone, zone.lastElementChild);
    htmx.ajax("POST", gives ? card.dataset.giveUrl : card.dataset.moveUrl, { source: card, target: "#sheet-in", swap: "none", values });
  }
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    dragged = null;
    for (const zone of $$("[data-zone]")) zone.classList.remove("closed", "over");
    flush();
  });

  function cardKey(event) {
    const card = event.target.closest("[data-card]");
    const menu = event.target.closest("[data-menu][open]");
    if (menu && ["Escape", "ArrowDown", "ArrowUp"].includes(event.key)) {
      const ways = $$("[data-to]", menu);
      const at = ways.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
      if (event.key === "Escape") closeMenu(menu);
      else ways[(at + ways.length) % ways.length].focus();
      return true;
    }
    const key = { ",": "[", ".": "]" }[event.key] || event.key;
    if (card?.cameFrom && /^[a-z[\]]$/.test(key)) {
      later = { id: card.id, key };
      return true;
    }
    return Boolean(card) && pressWay(card, key);
  }
  // What is pressed while a card is on its way is done when it has come: only then is it known where it may go from there.
  let later = null;
  function pressWay(card, key) {
    const way = $(`[data-card-key="${CSS.escape(key)}"]`, card);
    if (!way) return false;
    way.click();
    if (way.tagName === "SUMMARY" && way.parentElement.open) $("[data-to]", way.parentElement).focus();
    return true;
  }
  function closeMenu(menu) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) $("[data-row]", menu.closest("[data-card]"))?.focus({ preventScroll: true });
  }

  // The card stands after that neighbour, with the focus that it had.
  function settle(zone, neighbour, card) {
    const focused = card.contains(document.activeElement) && document.activeElement;
    if (neighbour && neighbour !== card) neighbour.after(card);
    else zone.append(card);
    if (focused) focused.focus({ preventScroll: true });
  }
  function setOff(card, zone, neighbour) {
    card.cameFrom = { parent: card.parentElement, before: card.nextElementSibling };
    card.classList.add("moving");
    settle(zone, neighbour, card);
  }
  body.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    const chosen = event.detail.requestConfig.triggeringEvent?.submitter?.dataset.to;
    if (!form.matches?.("[data-moves]") || !chosen) return;
    const card = form.closest("[data-card]");
    const zone = $(`[data-zone="${CSS.escape(chosen)}"]`);
    closeMenu($("[data-menu]", card));
    setOff(card, zone, $("header", zone));
  });
  body.addEventListener("htmx:afterRequest", (event) => {
    const card = event.detail.elt.closest?.(".moving");
    if (!card) return;
    card.classList.remove("moving");
    const { parent, before } = card.cameFrom;
    if (!event.detail.successful) {
      card.cameFrom = null;
      if (parent.isConnected) settle(parent, before?.previousElementSibling || parent.lastElementChild, card);
    }
    flush();
  });
  body.addEventListener("htmx:afterSettle", () => {
    const card = later && document.getElementById(later.id);
    if (!card || card.cameFrom) return;
    const { key } = later;
    later = null;
    if (card.contains(document.activeElement)) pressWay(card, key);
  });

  // ---- Small things.
  for (const node of $$(".toasts .toast")) if (!$("form", node)) setTimeout(() => node.remove(), 6000);
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "rail" && event.newState === "open") $("a", event.target)?.focus();
  }, true);
  if (isSecureContext) navigator.serviceWorker?.register(body.dataset.workerUrl).catch(() => {});  // a page without one is as good
  tick();
  mark();
})();
