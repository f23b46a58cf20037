// The page that stands where there is no network goes on by itself when Kept answers again.
"use strict";
const look = () => fetch("/health/live/", { cache: "no-store" }).then((answer) => answer.ok && location.reload()).catch(() => {});
addEventListener("online", look);
setInterval(look, 5000);
