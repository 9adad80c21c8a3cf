/** The simulator's time, which may be ahead of the browser's. In seconds since 1970. */

/** Below this, it is only that a packet takes its time. */
const SAME = 5;

let ahead = 0;

export function setTime(seconds) {
  const difference = seconds - Date.now() / 1000;
  ahead = Math.abs(difference) < SAME ? 0 : difference;
}

export function now() {
  return Date.now() / 1000 + ahead;
}
