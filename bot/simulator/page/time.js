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
