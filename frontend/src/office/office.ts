import "htmx.org";
import "../styles/office.css";
import { enhance, onEach } from "../shared/dom.ts";
import { start } from "../shared/start.ts";
import { startBoxes } from "./boxes.ts";
import { startDrop } from "./drop.ts";
import { startNewOrder } from "./new-order.ts";
import { startPositions } from "./positions.ts";
import { startReorder } from "./reorder.ts";
import { startRowMenus } from "./row-menu.ts";
import { startSelection } from "./selection.ts";

startBoxes();
startDrop();
startNewOrder();
startPositions();
startReorder();
startRowMenus();
startSelection();
// A week is wider than a phone: it begins at today.
document
  .querySelector("#co-week th.is-today")
  ?.scrollIntoView({ block: "nearest", inline: "start" });
onEach("click", "[data-print]", () => window.print());
enhance("[data-co-pin]", (element) => {
  void import("../map/pin.ts").then(({ startPin }) => startPin(element));
});
start();
