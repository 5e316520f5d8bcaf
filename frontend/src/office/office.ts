import "htmx.org";
import "../styles/office.css";
import { enhance, onEach } from "../shared/dom.ts";
import { start } from "../shared/start.ts";
import { startWeek } from "../shared/week.ts";
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
startWeek();
onEach("click", "[data-print]", () => window.print());
enhance("[data-co-pin]", (element) => {
  void import("../map/pin.ts").then(({ startPin }) => startPin(element));
});
start();
