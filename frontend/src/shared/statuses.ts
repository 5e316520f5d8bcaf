/** The one icon of each stage and technician status. */

export const STATUS_ICONS: Record<string, string> = {
  new: "circle-dashed",
  planned: "calendar-event",
  en_route: "steering-wheel",
  on_site: "map-pin",
  working: "tool",
  break: "coffee",
  done: "check",
  completed: "check",
  cancelled: "circle-x",
};
