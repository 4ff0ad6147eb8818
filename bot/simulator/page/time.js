/* Dates and times as people in England read them. */

const ZONE = "Europe/London";
const parts = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...options });
const DAY = parts({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
const CLOCK = parts({ hour: "2-digit", minute: "2-digit" });
const SECONDS = parts({ hour: "2-digit", minute: "2-digit", second: "2-digit" });

export const day = (moment) => DAY.format(new Date(moment)).replace(",", "");
export const clock = (moment) => CLOCK.format(new Date(moment));
export const seconds = (moment) => SECONDS.format(new Date(moment));
export const dayAndClock = (moment) => `${day(moment)}, ${clock(moment)}`;

/** What a datetime-local field takes. */
export const fieldValue = (moment) => new Intl.DateTimeFormat("sv-SE", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
}).format(new Date(moment)).replace(" ", "T");
