/** The team's week is wider than a phone: it begins at today. */
export function startWeek(): void {
  document
    .querySelector("#co-week th.is-today")
    ?.scrollIntoView({ block: "nearest", inline: "start" });
}
